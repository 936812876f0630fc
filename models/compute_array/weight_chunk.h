// The layout of a weight chunk (sw/include/karhunen/loadable.h). No SystemC.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/arithmetic/convolution.h"

namespace karhunen {

struct WeightChunk {
    PreparedWeights weights;
    uint32_t bits;                                           ///< of a weight in the chunk, 8 or 4
    std::shared_ptr<const std::vector<int32_t>> parameters;  ///< bias[n], multiplier[n]

    /// Nothing when the bytes are not those of output channels first .. first + n - 1 of the
    /// convolution, with weights of 8 or 4 bits, padded to a multiple of 64 bytes, or when a
    /// multiplier has more than 31 bits.
    static std::optional<WeightChunk> parse(std::span<const uint8_t> bytes,
                                            const ConvolutionShape& shape, uint32_t first,
                                            uint32_t n, uint32_t bits);
};

}  // namespace karhunen
