// The PCA unit and its inverse in integers. U is int8 [component][channel] with one scale per
// component (folded into the multipliers). Both directions use the same matrix. It may have fewer
// components than channels: what they leave out stays at the mean.
//
// forward:  y[k] = sum_c U[k][c] * (x[c] - mean[c]),            x s12, int32 sum
//           q[k] = clamp((y[k] * forward[k] + half >> shift), low, high)
// inverse:  z[k] = (q[k] * inverse[k] + half >> inverse_shift),    |z| <= 16383
//           v[c] = sum_k U[k][c] * z[k] + offset[c]                int32 sum
//           x'[c] = saturate_u8(v[c] * out_multiplier + half >> out_shift)   (this is the ReLU;
//                   not rectified: s12)
// Folded into a convolution: there the symbols are made, and forward is the clamp alone.
// with half as in requantise.h. |y| < 2^29 and |v| < 2^31 for up to 512 channels.
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/dot_product.h"

namespace karhunen {

/// Dequantised coefficients saturate here: 512 of them times 128 stay below 2^30.
inline constexpr int32_t largest_coefficient = 16383;

struct TransformParameters {
    uint32_t channels = 0;
    uint32_t components = 0;       ///< 1..channels
    std::vector<int8_t> matrix;    ///< [component][channel]
    std::vector<int16_t> mean;     ///< s12, per channel
    std::vector<int32_t> forward;  ///< per component, up to 31 bits
    uint32_t forward_shift = 0;
    int32_t low = 0, high = 0;     ///< range of the symbols
    std::vector<int32_t> inverse;  ///< per component, up to 31 bits
    uint32_t inverse_shift = 0;
    std::vector<int32_t> offset;  ///< per channel, the mean in units of v
    int32_t out_multiplier = 0;
    uint32_t out_shift = 0;
    bool rectified = true;
    bool folded = false;  ///< no forward and no mean

    bool operator==(const TransformParameters&) const = default;
};

/// Reference: one vector, x of `channels` values, q of `components` symbols.
void transform_forward_naive(const TransformParameters& p, const int16_t* x, int16_t* q);
void transform_inverse_naive(const TransformParameters& p, const int16_t* q, int16_t* x);

/// Fast path over many vectors (pixels), same bits.
class Transform {
public:
    explicit Transform(TransformParameters parameters);
    const TransformParameters& parameters() const { return p_; }
    void forward(const int16_t* x, uint32_t vectors, int16_t* q) const;
    void inverse(const int16_t* q, uint32_t vectors, int16_t* x) const;

private:
    uint32_t rows(bool none) const { return none ? 0 : p_.components; }  ///< of the matrix

    TransformParameters p_;
    PackedWeights by_component_, by_channel_;  ///< the matrix as each direction wants it
};

}  // namespace karhunen
