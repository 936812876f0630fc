// Orthonormal DCT-II of L = 8 or 16 values in fixed point, many groups of L values at once.
//
// matrix[k][i] = round(2^15 * c_k * cos(pi * (2i + 1) * k / 2L)), c_0 = sqrt(1/L), c_k = sqrt(2/L)
//
// forward: y[k] = (sum over i of matrix[k][i] * x[i] + 2^10) >> 11; x 0..255, y in 1/16
//
// inverse: x[i] = (sum over k of matrix[k][i] * y[k] + 2^18) >> 19; y in 1/16, x a whole number
//
// All sums are int32; >> is the arithmetic shift, so rounding is to nearest, ties upwards. No sum
// leaves int32 for x in 0..255, nor for y[0] up to 1056 * 16 and other |y[k]| up to 576 * 16, which
// any step up to 64 of a quantiser of y keeps. Errors: an entry of the matrix is off by at most
// 2^-16, so y by at most L * 255 * 2^-16 + 2^-5 (in units of x: 0.063 for L = 8, 0.094 for 16).
#pragma once

#include <cstddef>
#include <cstdint>

namespace karhunen {

inline constexpr uint32_t dct_fraction_bits = 4;  ///< of coefficients

constexpr bool is_dct_length(uint32_t length) {
    return length == 8 || length == 16;
}

/// matrix[k][i] of the DCT of so many values.
int32_t dct_factor(uint32_t length, uint32_t k, uint32_t i);

/// Groups of `length` values lie one behind the other, before and after.
void dct_forward(uint32_t length, const int16_t* x, size_t groups, int16_t* y);
void dct_inverse(uint32_t length, const int16_t* y, size_t groups, int16_t* x);

}  // namespace karhunen
