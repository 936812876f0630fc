// Quantiser + Huffman, the baseline of Chmiel et al.:
//   symbol = clamp((x * forward + half) >> forward_shift, low, high)       x s12
//   x'     = saturate_u8((symbol * inverse + half) >> inverse_shift)       (this is the ReLU)
#pragma once

#include "models/codec/codec.h"

namespace karhunen {

struct VlcParameters {
    int16_t low = 0, high = 0;                     ///< 2..2047 symbols
    int32_t forward = 0, inverse = 0;              ///< up to 31 bits
    uint8_t forward_shift = 0, inverse_shift = 0;  ///< up to 62
    std::vector<uint8_t> model;                    ///< high-low+1 bytes, see SymbolModel
};

std::vector<uint8_t> vlc_blob(const VlcParameters& p);
/// `stored`: s12, or s8 for an encoder with 8-bit input.
std::unique_ptr<Codec> make_vlc_codec(const VlcParameters& p, Format stored);
std::unique_ptr<Codec> make_vlc_codec(std::span<const uint8_t> blob, Format stored);

}  // namespace karhunen
