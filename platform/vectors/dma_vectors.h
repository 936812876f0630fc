// Chains of the DMA: descriptors and memory before, memory after, what went through the ports.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include "models/dma/dma.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

/// Some bytes of a memory, by address.
class MemoryImage {
public:
    /// Bytes of which some may be known already stay as they are.
    void add(uint64_t address, std::span<const uint8_t> bytes);
    /// What lies together is one segment.
    std::vector<Segment> segments() const;

private:
    std::map<uint64_t, std::vector<uint8_t>> segments_;
};

struct DmaTransfer {
    krhn_dma_descriptor descriptor{};
    std::vector<std::vector<uint8_t>> port;  ///< substreams; none: memory to memory
};

/// From its first descriptor to the end of its last transfer.
struct DmaChain {
    uint32_t channel = 0, first = 0;  ///< address of the first descriptor
    std::vector<DmaTransfer> transfers;
    MemoryImage before;  ///< what is read, and the places that are written
    std::vector<Segment> after;
};

/// What `observe()` keeps of the chains whose first descriptor has the tag.
class DmaRecorder : public DmaObserver {
public:
    /// read: bytes of the memory as they are now; fewer where it ends.
    using Read = std::function<std::span<const uint8_t>(uint64_t address, uint64_t bytes)>;
    DmaRecorder(uint32_t tag, Read read) : tag_(tag), read_(std::move(read)) {}
    std::vector<DmaChain> chains;  ///< in the order in which they end

    void on_begin(uint32_t channel, uint32_t address, const krhn_dma_descriptor& d) override;
    void on_port(uint32_t channel, uint32_t stream, std::span<const uint8_t> bytes) override;
    void on_end(uint32_t channel) override;

private:
    void keep(MemoryImage& image, uint64_t address, uint64_t bytes);
    void keep_before(MemoryImage& image, const krhn_dma_descriptor& d);

    const uint32_t tag_;
    const Read read_;
    /// Chains that are going on; those of other tags are followed to their end.
    std::array<std::optional<DmaChain>, KRHN_DMA_CHANNELS> running_;
    std::array<bool, KRHN_DMA_CHANNELS> other_{};
};

/// A case without a name.
VectorCase dma_case(const DmaChain& chain);

}  // namespace karhunen::vectors
