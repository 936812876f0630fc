#include "models/codec/fixed_log2.h"

#include <array>
#include <bit>

namespace karhunen {
namespace {

/// log2(x / 2^31) for 2^31 <= x < 2^32: each squaring gives one bit.
constexpr uint32_t log2_of_mantissa(uint64_t x) {
    uint32_t result = 0;
    for (uint32_t bit = 0; bit < fixed_log2_bits; ++bit) {
        x = x * x >> 31;
        result <<= 1;
        if (x >> 32 != 0) {
            x >>= 1;
            result |= 1;
        }
    }
    return result;
}

constexpr uint32_t log2_segments = 1024;

std::array<uint32_t, log2_segments + 1> make_table() {
    std::array<uint32_t, log2_segments + 1> table{};
    for (uint64_t i = 0; i < log2_segments; ++i)
        table[i] = log2_of_mantissa((uint64_t{1} << 31) + (i << 21));
    table[log2_segments] = 1 << fixed_log2_bits;
    return table;
}

}  // namespace

uint64_t fixed_log2(uint64_t x) {
    static const auto table = make_table();
    const auto exponent = static_cast<uint64_t>(std::bit_width(x)) - 1;
    const uint64_t mantissa = exponent <= 31 ? x << (31 - exponent) : x >> (exponent - 31);
    const uint64_t segment = mantissa >> 21 & (log2_segments - 1);
    const uint64_t within = mantissa & ((1 << 21) - 1);
    const uint64_t low = table[segment], high = table[segment + 1];
    return (exponent << fixed_log2_bits) + low + ((high - low) * within >> 21);
}

}  // namespace karhunen
