// A bit that flips in DRAM.
#include <cstring>

#include <karhunen/registers.h>

#include "platform/faults/names.h"

namespace karhunen {

namespace {

/// Where the parts of a thing lie that is spoken of as one sequence of bytes.
struct Extent {
    uint64_t offset, bytes;
};

class ActiveMemoryFlip : public ActiveFault {
public:
    ActiveMemoryFlip(const Fault& fault, const FaultScene& scene);

private:
    void on_armed() override;
    void set_weights(const FaultScene& scene);
    std::vector<Extent> streams() const;

    const MemoryFlip flip_;
    const std::span<uint8_t> memory_;
    std::vector<Extent> extents_;  ///< empty: the streams of a band, whose lengths its entry has
    krhn_tensor tensor_{};
    BandPlace band_;
};

ActiveMemoryFlip::ActiveMemoryFlip(const Fault& fault, const FaultScene& scene)
    : ActiveFault(fault), flip_(std::get<MemoryFlip>(fault.what)), memory_(scene.machine.memory()) {
    const auto tensors = scene.subject.loadable.tensors();
    switch (flip_.part) {
        case MemoryPart::address:
            extents_ = {{flip_.address - KRHN_DDR_BASE, 1}};
            break;
        case MemoryPart::weights:
            set_weights(scene);
            break;
        case MemoryPart::table: {
            const krhn_tensor& t = tensors[find_tensor(scene, flip_.name)];
            extents_ = {{t.table_offset, t.table_bytes}};
            break;
        }
        default:
            band_ = find_band(scene, flip_.band);
            tensor_ = tensors[band_.tensor];
            if (flip_.part == MemoryPart::entry)
                extents_ = {
                    {entry_offset(tensor_, band_.image, band_.band), sizeof(krhn_tile_entry)}};
            return;
    }
    uint64_t bytes = 0;
    for (const Extent& e : extents_) bytes += e.bytes;
    if (flip_.byte < bytes && extents_.front().offset < memory_.size()) return;
    scene.source.fail(flip_.name.node.Mark(),
                      flip_.part == MemoryPart::address
                          ? hex_text(flip_.address) + " is behind the " +
                                std::to_string(memory_.size() >> 20) + " MiB of DRAM"
                          : flip_.name.text + " has " + std::to_string(bytes) +
                                " bytes there; found byte " + std::to_string(flip_.byte));
}

void ActiveMemoryFlip::set_weights(const FaultScene& scene) {
    const krhn_layer& layer = find_layer(scene, flip_.name);
    for (uint32_t o = 0; o < layer.operations; ++o) {
        const krhn_operation& op = scene.subject.loadable.operation(layer, o);
        if (op.chunks == 0) continue;
        extents_.push_back(
            {op.weights_offset, uint64_t{op.chunks - 1} * op.chunk_bytes + op.last_chunk_bytes});
    }
    if (extents_.empty()) extents_.push_back({0, 0});
}

std::vector<Extent> ActiveMemoryFlip::streams() const {
    krhn_tile_entry entry;
    std::memcpy(&entry, memory_.data() + entry_offset(tensor_, band_.image, band_.band),
                sizeof entry);
    std::vector<Extent> streams;
    for (uint32_t s = 0; s < tensor_.streams; ++s)
        streams.push_back(
            {slot_offset(tensor_, band_.image, band_.band) + uint64_t{s} * tensor_.stream_stride,
             entry.bytes[s]});
    return streams;
}

void ActiveMemoryFlip::on_armed() {
    uint64_t left = flip_.byte;
    for (const Extent& e : extents_.empty() ? streams() : extents_) {
        if (left >= e.bytes) {
            left -= e.bytes;
            continue;
        }
        uint8_t& byte = memory_[e.offset + left];
        const uint8_t before = byte;
        byte ^= static_cast<uint8_t>(1u << flip_.bit);
        return fired("byte at " + hex_text(KRHN_DDR_BASE + e.offset + left) + ": " +
                     change_text(before, byte));
    }
    missed("the band has " + std::to_string(flip_.byte - left) + " bytes at that time");
}

}  // namespace

std::unique_ptr<ActiveFault> make_memory_flip(const Fault& fault, const FaultScene& scene) {
    return std::make_unique<ActiveMemoryFlip>(fault, scene);
}

}  // namespace karhunen
