#include "platform/vectors/dma_bench.h"

#include <algorithm>
#include <deque>

#include <tlm_utils/simple_initiator_socket.h>

#include "models/bus/bus.h"
#include "models/bus/memory.h"
#include "models/interfaces/sanitizer.h"
#include "platform/fresh_context.h"
#include "platform/internal_error.h"

namespace karhunen::vectors {

namespace {

using sc_core::SC_NS;
using sc_core::sc_time;

/// Has room for everything; asks for substreams in turn.
class Port : public StreamSink {
public:
    void begin(const StreamHeader& header) override { left_ = header.bytes; }
    uint32_t reserve(uint32_t most) override {
        do next_ = (next_ + 1) % static_cast<uint32_t>(left_.size());
        while (left_[next_] == 0);
        left_[next_] -= std::min(most, left_[next_]);
        return next_;
    }
    void write(uint32_t, std::span<const uint8_t>) override {}
    void end(bool) override {}

private:
    std::vector<uint32_t> left_;  ///< to be reserved, of each substream
    uint32_t next_ = 0;
};

/// Gives bands block by block, the substreams in turn.
class Bands : public StreamSource {
public:
    void add(const std::vector<std::vector<uint8_t>>& band) {
        size_t longest = 0;
        for (const auto& stream : band) longest = std::max(longest, stream.size());
        bands_.push_back({band, 0, longest});
    }
    StreamBlock read(uint32_t most) override {
        Band& band = bands_.front();
        StreamBlock block;
        block.stream = next_;
        const std::vector<uint8_t>& stream = band.streams[next_];
        const size_t from = std::min(band.done, stream.size());
        const size_t end = std::min(from + most, stream.size());
        block.bytes.assign(stream.begin() + static_cast<ptrdiff_t>(from),
                           stream.begin() + static_cast<ptrdiff_t>(end));
        if (++next_ == band.streams.size()) {
            next_ = 0;
            band.done += most;
            block.last = band.done >= band.longest;
        }
        if (block.last) bands_.pop_front();
        return block;
    }

private:
    struct Band {
        std::vector<std::vector<uint8_t>> streams;
        size_t done, longest;
    };
    std::deque<Band> bands_;
    uint32_t next_ = 0;
};

class Bench : public sc_core::sc_module {
public:
    Bench(sc_core::sc_module_name name, const DmaParameters& parameters,
          std::span<const uint8_t> contents, const std::vector<DmaScript>& scripts)
        : sc_module(name),
          dma("dma", parameters, sc_time(6.25, SC_NS)),
          bus("bus", sc_time(6.25, SC_NS)),
          memory("memory", bench_bytes, sc_time(50, SC_NS)),
          recorder(0,
                   [this](uint64_t address, uint64_t bytes) {
                       return std::span<const uint8_t>(memory.bytes())
                           .subspan(address - bench_base, bytes);
                   }),
          scripts_(scripts) {
        std::copy(contents.begin(), contents.end(), memory.bytes().begin());
        dma.memory.bind(bus.initiators);
        bus.map("memory", bench_base, bench_bytes, memory.socket);
        registers.bind(dma.registers.socket);
        for (uint32_t p = 0; p < KRHN_PORT_ENCODER_STREAM; ++p) dma.sinks[p].bind(ports_[p]);
        dma.encoder_stream.bind(encoder_);
        dma.irq.bind(irq_);
        dma.observe(recorder);
        SC_HAS_PROCESS(Bench);
        SC_THREAD(run);
        set_stack_size(1 << 20);
    }

    Dma dma;
    Bus bus;
    Memory memory;
    tlm_utils::simple_initiator_socket<Bench> registers{"registers"};
    DmaRecorder recorder;
    bool done = false;

private:
    void write(uint32_t offset, uint32_t value) {
        tlm::tlm_generic_payload payload;
        payload.set_command(tlm::TLM_WRITE_COMMAND);
        payload.set_address(offset);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
        payload.set_data_length(sizeof value);
        payload.set_streaming_width(sizeof value);
        sc_time delay;
        registers->b_transport(payload, delay);
        wait(delay);
    }
    void run() {
        for (const DmaScript& script : scripts_) {
            for (const auto& band : script.bands) encoder_.add(band);
            const uint32_t channel = KRHN_DMA_CHANNEL(script.channel);
            write(KRHN_IRQ_ENABLE, KRHN_DMA_IRQ_DONE(script.channel));
            write(channel + KRHN_DMA_DESCRIPTOR, script.first);
            write(channel + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_START);
            while (!irq_.read()) wait(irq_.value_changed_event());
            write(KRHN_IRQ_STATUS, UINT32_MAX);
            while (irq_.read()) wait(irq_.value_changed_event());
        }
        done = true;
    }

    const std::vector<DmaScript>& scripts_;
    Port ports_[KRHN_PORT_ENCODER_STREAM];
    Bands encoder_;
    sc_core::sc_signal<bool> irq_{"irq"};
};

}  // namespace

std::vector<DmaChain> run_chains(const DmaParameters& parameters, std::span<const uint8_t> memory,
                                 const std::vector<DmaScript>& scripts) {
    start_fresh_context();
    Bench bench("bench", parameters, memory, scripts);
    sc_core::sc_start();
    restore_stack_bounds();
    if (!bench.done) throw InternalError("a chain that the DMA does not take");
    return std::move(bench.recorder.chains);
}

}  // namespace karhunen::vectors
