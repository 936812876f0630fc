// The format of `dct-mask` value by value and bit by bit, from its definition alone: what the fast
// coders are compared with.
#pragma once

#include <cstdint>
#include <vector>

#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"

namespace karhunen::naive {

struct DctMaskBand {
    std::vector<std::vector<uint8_t>> streams;
    std::vector<int16_t> reconstruction;
    uint64_t code_bits = 0;
};
DctMaskBand dct_mask(const DctMaskParameters& p, const BandShape& shape, uint32_t streams,
                     const std::vector<int16_t>& values);
/// Reads complete streams. Throws std::out_of_range where they are too short.
std::vector<int16_t> dct_mask_decoded(const DctMaskParameters& p, const BandShape& shape,
                                      const std::vector<std::vector<uint8_t>>& streams);

}  // namespace karhunen::naive
