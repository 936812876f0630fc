#include "models/arithmetic/pooling.h"

#include <algorithm>

namespace karhunen {

namespace {

/// Calls f(values of one pixel) for every pixel of the window of output column x inside the map.
template <typename F>
void for_each_pixel(const PoolShape& shape, std::span<const int16_t* const> rows, uint32_t x, F f) {
    const int64_t left = int64_t{x} * shape.stride - shape.padding;
    const int64_t begin = std::max<int64_t>(left, 0);
    const int64_t end = std::min<int64_t>(left + shape.kernel, shape.width);
    for (const int16_t* row : rows)
        if (row)
            for (int64_t column = begin; column < end; ++column) f(row + column * shape.channels);
}

}  // namespace

void max_pool_row(const PoolShape& shape, std::span<const int16_t* const> rows, int16_t* result) {
    for (uint32_t x = 0; x < shape.output_width(); ++x, result += shape.channels) {
        std::fill_n(result, shape.channels, INT16_MIN);
        for_each_pixel(shape, rows, x, [&](const int16_t* __restrict pixel) {
            int16_t* __restrict most = result;
            for (uint32_t c = 0; c < shape.channels; ++c) most[c] = std::max(most[c], pixel[c]);
        });
    }
}

void average_pool_row(const PoolShape& shape, std::span<const int16_t* const> rows,
                      int32_t multiplier, const Requantisation& parameters, int16_t* result) {
    std::vector<int32_t> sums(shape.channels);
    const std::vector<int32_t> bias(shape.channels), multipliers(shape.channels, multiplier);
    for (uint32_t x = 0; x < shape.output_width(); ++x) {
        std::fill(sums.begin(), sums.end(), 0);
        for_each_pixel(shape, rows, x, [&](const int16_t* pixel) {
            for (uint32_t c = 0; c < shape.channels; ++c) sums[c] += pixel[c];
        });
        requantise_row(parameters, sums.data(), bias.data(), multipliers.data(), 1, shape.channels,
                       nullptr, 0, result, 0);
        result += shape.channels * words_of(parameters.format);
    }
}

void PoolLines::start(const PoolShape& shape) {
    shape_ = shape;
    next_input_ = next_output_ = 0;
    lines_.assign(shape.kernel, {});
}

}  // namespace karhunen
