// How weights lie in memory: as bytes, or with 4 bits two to a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

/// Bytes of `count` weights of 8 or 4 bits. An odd one of 4 bits takes a byte of its own.
constexpr uint64_t weight_bytes(uint64_t count, uint32_t bits) {
    return (count * bits + 7) / 8;
}

/// Weights from -8 to 7 (two's complement), the first of each pair in bits 3:0. What is left of the
/// last byte is 0. bytes: weight_bytes(weights.size(), 4).
void pack_four_bits(std::span<const int8_t> weights, uint8_t* bytes);

/// The first `count` weights.
std::vector<int8_t> unpack_four_bits(const uint8_t* bytes, size_t count);

}  // namespace karhunen
