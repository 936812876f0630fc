// A block of the BPC stream of `ebpc`: 8 words as bit planes of their differences. See ebpc.h.
#pragma once

#include <cstdint>

#include "models/codec/bit_stream.h"

namespace karhunen {

inline constexpr uint32_t bpc_block = 8;              ///< words
inline constexpr uint32_t bpc_most_block_bits = 80;   ///< base and nine codes of 8 bits
inline constexpr uint32_t bpc_most_bits_of_one = 62;  ///< one word and zeros, as -85
/// Clocks of the RTL for a block, and one for each run of zero planes before another plane.
inline constexpr uint32_t bpc_block_clocks = 10;

/// Appends the block (word i in byte i) and adds to `stalls` its runs of zero planes that another
/// plane follows. Returns where to go on; needs 8 bytes of room behind that.
uint8_t* encode_bpc_block(BitWriter& writer, uint8_t* to, uint64_t words, uint64_t& stalls);

struct BpcBlock {
    uint64_t words;
    uint32_t bits;    ///< that it takes
    uint32_t stalls;  ///< as above
    bool good;        ///< false: no encoder writes this
};
/// Reads the next block; at most bpc_most_block_bits, good or not.
BpcBlock decode_bpc_block(const BitReader& reader);

}  // namespace karhunen
