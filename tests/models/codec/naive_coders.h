// The formats of `zvc`, `zrle` and `ebpc` bit by bit, as strings of '0' and '1', written from their
// tables alone: what the fast coders are compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace karhunen::naive {

using Words = std::vector<uint8_t>;

std::string zvc(const Words& words);  ///< bytes one after the other, each least significant first
std::string zrle(const Words& words);
std::string znz(const Words& words);
/// Of the words that are not zero. stalls: runs of zero planes before another plane, all blocks.
std::string bpc(const Words& words, uint64_t* stalls = nullptr);

/// Filled up with zeros to whole bytes, the first bit the most significant one.
Words packed(std::string bits);
/// The same, the first bit the least significant one.
Words packed_low_first(std::string bits);

}  // namespace karhunen::naive
