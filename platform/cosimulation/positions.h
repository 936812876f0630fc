// From a bit of a stream to the value that it says, and to where that lies in its band.
#pragma once

#include <cstdint>
#include <span>

#include "models/codec/codec.h"
#include "models/codec/huffman.h"

namespace karhunen::rtl {

struct BandPosition {
    uint32_t row = 0, column = 0, channel = 0;
    bool operator==(const BandPosition&) const = default;
};

/// Value number `index` of coder `coder` of `coders`, which takes channels modulo their number.
BandPosition position_by_pixel(const BandShape& shape, uint32_t coders, uint32_t coder,
                               size_t index);  ///< scanned (row, column, channel)
BandPosition position_by_channel(const BandShape& shape, uint32_t coders, uint32_t coder,
                                 size_t index);  ///< scanned (row, channel, column)

/// The symbol whose code has the bit; symbols.size() behind the last one.
size_t symbol_at_bit(const HuffmanCode& code, std::span<const int16_t> symbols, uint64_t bit);
/// The word that a bit of EBPC's streams is about, the first one of a run or a block.
size_t word_at_znz_bit(std::span<const uint8_t> words, uint64_t bit);
size_t word_at_bpc_bit(std::span<const uint8_t> words, uint64_t bit);

}  // namespace karhunen::rtl
