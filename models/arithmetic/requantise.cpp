#include "models/arithmetic/requantise.h"

#include <algorithm>
#include <cstring>

namespace karhunen {

namespace {

struct Limits {
    int64_t half, low, high;
    explicit Limits(const Requantisation& p)
        : half(p.shift == 0 ? 0 : int64_t{1} << (p.shift - 1)),
          low(p.relu ? 0 : min_of(p.format)),
          high(max_of(p.format)) {}
};

void store_sums(const Requantisation& p, const int32_t* sums, const int32_t* bias, uint32_t width,
                uint32_t n, int16_t* result, uint32_t result_stride) {
    for (uint32_t x = 0; x < width; ++x, sums += n, result += result_stride)
        for (uint32_t c = 0; c < n; ++c) {
            const int32_t value = wrapping_add(sums[c], bias[c]);
            const int32_t kept = p.relu ? std::max(value, 0) : value;
            std::memcpy(result + 2 * size_t{c}, &kept, sizeof kept);
        }
}

}  // namespace

void requantise_row(const Requantisation& p, const int32_t* sums, const int32_t* bias,
                    const int32_t* multiplier, uint32_t width, uint32_t n, const int16_t* residual,
                    uint32_t residual_stride, int16_t* result, uint32_t result_stride) {
    if (p.format == Format::s32) return store_sums(p, sums, bias, width, n, result, result_stride);
    const Limits limits(p);
    const auto shift = p.shift;
    for (uint32_t x = 0; x < width; ++x, sums += n, result += result_stride) {
        // One loop per case, free of branches: each vectorises.
        if (!residual) {
            for (uint32_t c = 0; c < n; ++c) {
                const int64_t product = int64_t{wrapping_add(sums[c], bias[c])} * multiplier[c];
                result[c] = static_cast<int16_t>(
                    saturate((product + limits.half) >> shift, limits.low, limits.high));
            }
        } else {
            for (uint32_t c = 0; c < n; ++c) {
                const int64_t product = int64_t{wrapping_add(sums[c], bias[c])} * multiplier[c] +
                                        int64_t{residual[c]} * p.residual_multiplier;
                result[c] = static_cast<int16_t>(
                    saturate((product + limits.half) >> shift, limits.low, limits.high));
            }
            residual += residual_stride;
        }
    }
}

}  // namespace karhunen
