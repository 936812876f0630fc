// The DMA of a run.
#include <algorithm>
#include <optional>

#include "platform/vectors/capture.h"
#include "platform/vectors/dma_vectors.h"

namespace karhunen::vectors {

namespace {

class DmaCapture : public Capture {
public:
    explicit DmaCapture(uint32_t layer) : layer_(layer) {}

    void attach(const RunSubject& subject, Machine& machine) override {
        loadable_ = &subject.loadable;
        map_.emplace(*loadable_, subject.images);
        recorder_.emplace(layer_, [&machine](uint64_t address, uint64_t bytes) {
            return bytes_at(machine, address, bytes);
        });
        machine.dma.observe(*recorder_);
    }
    std::vector<VectorCase> take() override {
        std::vector<VectorCase> cases;
        for (size_t i = 0; i < recorder_->chains.size(); ++i) {
            VectorCase vectors = dma_case(recorder_->chains[i]);
            vectors.name = "dma_chain" + std::to_string(i);
            vectors.tile = tile(recorder_->chains[i].transfers.front().descriptor);
            cases.push_back(std::move(vectors));
        }
        return cases;
    }

private:
    /// Of the band that a stream is; null for other transfers.
    Json tile(const krhn_dma_descriptor& d) const {
        const bool in = d.kind == KRHN_DMA_STREAM_IN, out = d.kind == KRHN_DMA_STREAM_OUT;
        if (!in && !out) return {};
        const auto place = map_->of_slot((in ? d.source : d.destination) - KRHN_DDR_BASE);
        return place ? tile_of(*loadable_, *place) : Json();
    }
    static std::span<const uint8_t> bytes_at(Machine& machine, uint64_t address, uint64_t bytes) {
        const bool is_ddr = address >= KRHN_DDR_BASE;
        const std::span<const uint8_t> memory = is_ddr ? machine.memory() : machine.sram.bytes();
        const uint64_t base = is_ddr ? KRHN_DDR_BASE : KRHN_SRAM_BASE;
        if (address < base || address - base >= memory.size()) return {};
        return memory.subspan(address - base, std::min(bytes, memory.size() - (address - base)));
    }

    const uint32_t layer_;
    const Loadable* loadable_ = nullptr;
    std::optional<BandMap> map_;
    std::optional<DmaRecorder> recorder_;
};

}  // namespace

std::unique_ptr<Capture> dma_capture(uint32_t layer) {
    return std::make_unique<DmaCapture>(layer);
}

}  // namespace karhunen::vectors
