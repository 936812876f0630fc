// A DMA with a memory, ports that take everything, and an encoder that gives what it is told.
#pragma once

#include <span>
#include <vector>

#include "platform/vectors/dma_vectors.h"

namespace karhunen::vectors {

inline constexpr uint32_t bench_base = 0x80000000, bench_bytes = 1 << 19;

struct DmaScript {
    uint32_t channel = 0, first = 0;  ///< where the chain begins in memory
    /// Bands that the encoder gives, one for each stream_out: [band][substream][byte].
    std::vector<std::vector<std::vector<uint8_t>>> bands;
};

/// Runs the chains one after the other, in a simulation of its own. memory: bench_bytes at
/// bench_base, descriptors too. Throws InternalError when a chain ends in an error.
std::vector<DmaChain> run_chains(const DmaParameters& parameters, std::span<const uint8_t> memory,
                                 const std::vector<DmaScript>& scripts);

}  // namespace karhunen::vectors
