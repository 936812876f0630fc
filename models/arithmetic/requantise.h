// From int32 sums to feature-map values: one multiplication, one rounding (half up), saturation.
//
//   result = saturate((sum + bias) * multiplier [+ residual * residual_multiplier] + half >> shift)
//
// in int64; half = shift ? 1 << (shift-1) : 0; `>>` is arithmetic. ReLU is a saturation at 0 from
// below. Multipliers are 0 .. 2^31-1; shift is at most 62.
#pragma once

#include <cstdint>

#include "models/arithmetic/format.h"

namespace karhunen {

/// Reference for one value; no saturation.
constexpr int64_t scale_and_round(int64_t product, uint32_t shift) {
    const int64_t half = shift == 0 ? 0 : int64_t{1} << (shift - 1);
    return (product + half) >> shift;
}

constexpr int64_t saturate(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

/// The accumulator has 32 bits and wraps.
constexpr int32_t wrapping_add(int32_t a, int32_t b) {
    return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

struct Requantisation {
    uint32_t shift = 0;
    Format format = Format::u8;
    bool relu = false;
    int32_t residual_multiplier = 0;
};

/// One row: sums [width][n] with bias[n], multiplier[n]; residual is nullptr or points at the first
/// of the n channels in a row whose pixels are residual_stride apart; the result goes to result in
/// the same way. For Format::s32 the sums + bias are stored unscaled in two halves each
/// (result_stride in int16_t), with ReLU if asked for.
void requantise_row(const Requantisation& parameters, const int32_t* sums, const int32_t* bias,
                    const int32_t* multiplier, uint32_t width, uint32_t n, const int16_t* residual,
                    uint32_t residual_stride, int16_t* result, uint32_t result_stride);

}  // namespace karhunen
