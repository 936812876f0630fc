// Cases that no network makes: corners of what a block may be asked, and random jobs within it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/configuration.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

struct StimulusOptions {
    PlatformConfiguration configuration;  ///< substreams, transactions of the DMA
    std::vector<uint32_t> codecs;         ///< of encoder and decoders; none: all
};

/// block: encoder, decoder, array, post or dma. The cases have names and no tile.
std::vector<VectorCase> corner_cases(const std::string& block, const StimulusOptions& options);
/// The same seed gives the same cases, and a larger count the same first ones.
std::vector<VectorCase> random_cases(const std::string& block, uint32_t seed, uint32_t count,
                                     const StimulusOptions& options);

}  // namespace karhunen::vectors
