// EBPC with any width of words and blocks, bit by bit as strings of '0' and '1': what the encoder
// in RTL is compared with where the codec has one size only. Equal to the codec at that size
// (tested).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace karhunen::rtl {

struct EbpcShape {
    uint32_t word_bits = 8, block_words = 8, run_bits = 4;
};

struct NaiveEbpc {
    std::string znz, bpc;
    uint64_t block_clocks = 0;  ///< of all blocks, see models/codec/ebpc.h
};

NaiveEbpc naive_ebpc(const std::vector<uint32_t>& words, const EbpcShape& shape);

/// Filled up with zeros to whole bytes, the first bit the most significant one.
std::vector<uint8_t> packed(std::string bits);

}  // namespace karhunen::rtl
