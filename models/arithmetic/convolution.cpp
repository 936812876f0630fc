#include "models/arithmetic/convolution.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace karhunen {

namespace {

constexpr uint32_t block = 16;  // channels of a depthwise convolution that are summed together

uint32_t padded_to_blocks(uint32_t n) {
    return (n + block - 1) / block * block;
}

}  // namespace

void convolve_naive(const ConvolutionShape& shape, InputRows input, uint32_t output_rows,
                    const int8_t* weights, uint32_t n, int32_t* sums, uint32_t first) {
    const uint32_t channels = shape.group_channels();
    for (uint32_t row = 0; row < output_rows; ++row)
        for (uint32_t column = 0; column < shape.output_width; ++column)
            for (uint32_t j = 0; j < n; ++j) {
                uint32_t sum = 0;  // unsigned: wraps
                const uint32_t group = shape.group_of(first + j);
                for (uint32_t ky = 0; ky < shape.kernel_y; ++ky)
                    for (uint32_t kx = 0; kx < shape.kernel_x; ++kx) {
                        const int16_t* values = input[row * shape.stride_y + ky * shape.dilation_y];
                        const int64_t x = int64_t{column} * shape.stride_x +
                                          int64_t{kx} * shape.dilation_x - shape.padding_left;
                        if (!values || x < 0 || x >= shape.width) continue;
                        for (uint32_t c = 0; c < channels; ++c) {
                            const size_t k = (size_t{ky} * shape.kernel_x + kx) * channels + c;
                            sum += static_cast<uint32_t>(
                                values[x * shape.channels + group * channels + c] *
                                weights[k * n + j]);
                        }
                    }
                *sums++ = static_cast<int32_t>(sum);
            }
}

PreparedWeights::PreparedWeights(const int8_t* weights, const ConvolutionShape& shape,
                                 uint32_t first, uint32_t n)
    : reduction_(shape.reduction()), channels_(n), groups_(shape.groups), first_(first) {
    if (shape.is_depthwise()) {
        taps_.resize(size_t{reduction_} * padded_to_blocks(n));
        for (uint32_t k = 0; k < reduction_; ++k)
            std::copy_n(weights + size_t{k} * n, n, &taps_[size_t{k} * padded_to_blocks(n)]);
        return;
    }
    for (uint32_t column = 0, end; column < n; column = end) {
        const uint32_t group = shape.group_of(first + column);
        for (end = column + 1; end < n && shape.group_of(first + end) == group;) ++end;
        parts_.push_back(
            {group, column, PackedWeights(weights + column, reduction_, end - column, n, 1)});
    }
}

bool PreparedWeights::fit(const ConvolutionShape& shape, uint32_t first, uint32_t n) const {
    return reduction_ == shape.reduction() && channels_ == n && groups_ == shape.groups &&
           taps_.empty() != shape.is_depthwise() && (groups_ == 1 || first_ == first);
}

void Patches::gather(const ConvolutionShape& shape, InputRows input, uint32_t output_rows) {
    const size_t width = size_t{shape.output_width - 1} * shape.stride_x + shape.window_columns();
    shape_ = shape;
    parts_ = shape.is_depthwise() ? 1 : shape.groups;
    const uint32_t channels = shape.channels / parts_;
    const size_t row = width * channels;
    part_values_ = input.size() * row;
    view_.kernel_rows = shape.kernel_y;
    view_.run = shape.kernel_x * channels;
    view_.pitch = row * shape.dilation_y;
    view_.pixels = output_rows * shape.output_width;
    pad(input);
    view_.values = padded_.data();

    offsets_.resize(view_.pixels);
    uint32_t* offset = offsets_.data();
    for (uint32_t y = 0; y < output_rows; ++y)
        for (uint32_t column = 0; column < shape.output_width; ++column)
            *offset++ = static_cast<uint32_t>(y * shape.stride_y * row +
                                              column * shape.stride_x * channels);
    view_.offsets = offsets_.data();
    const bool has_gaps = shape.dilation_x > 1 && shape.kernel_x > 1;
    if (!shape.is_depthwise() && (view_.run % 2 != 0 || has_gaps)) flatten();
}

/// Copies the input rows with zeros for what lies outside the map, part by part.
void Patches::pad(InputRows input) {
    const uint32_t channels = shape_.channels / parts_;
    const size_t row = part_values_ / input.size();
    const size_t left = std::min(row, size_t{shape_.padding_left} * channels);
    const size_t inside = std::min(row - left, size_t{shape_.width} * channels);
    padded_.resize(parts_ * part_values_ + block);  // depthwise reads whole blocks
    for (size_t i = 0; i < input.size(); ++i) {
        if (i % shape_.stride_y >= shape_.window_rows()) continue;  // between the windows
        for (uint32_t part = 0; part < parts_; ++part) {
            int16_t* to = padded_.data() + part * part_values_ + i * row;
            if (!input[i]) {
                std::memset(to, 0, row * sizeof *to);
                continue;
            }
            std::memset(to, 0, left * sizeof *to);
            if (parts_ == 1)
                std::memcpy(to + left, input[i], inside * sizeof *to);
            else
                for (size_t x = 0; x < inside / channels; ++x)
                    std::copy_n(input[i] + x * shape_.channels + part * channels, channels,
                                to + left + x * channels);
            std::memset(to + left + inside, 0, (row - left - inside) * sizeof *to);
        }
    }
}

/// Pairs of products must not straddle kernel rows, and runs have no gaps: a window whose rows have
/// an odd number of values, or are dilated, is copied into one run (im2col).
void Patches::flatten() {
    const uint32_t reduction = shape_.reduction(), channels = shape_.channels / parts_;
    const uint32_t padded_reduction = reduction + reduction % 2;  // the last weight is then 0
    const size_t part = size_t{view_.pixels} * padded_reduction;
    flat_.resize(parts_ * part);
    for (uint32_t g = 0; g < parts_; ++g)
        for (uint32_t p = 0; p < view_.pixels; ++p) {
            int16_t* to = flat_.data() + g * part + size_t{p} * padded_reduction;
            const int16_t* from = padded_.data() + g * part_values_ + offsets_[p];
            for (uint32_t ky = 0; ky < shape_.kernel_y; ++ky, from += view_.pitch) {
                if (shape_.dilation_x == 1) {
                    std::memcpy(to, from, view_.run * sizeof *to);
                    to += view_.run;
                } else {
                    for (uint32_t kx = 0; kx < shape_.kernel_x; ++kx, to += channels)
                        std::copy_n(from + size_t{kx} * shape_.dilation_x * channels, channels, to);
                }
            }
        }
    for (uint32_t p = 0; p < view_.pixels; ++p) offsets_[p] = p * padded_reduction;
    part_values_ = part;
    view_.values = flat_.data();
    view_.run = reduction;
    view_.kernel_rows = 1;
}

void Patches::multiply(const PreparedWeights& weights, int32_t* sums) const {
    assert(weights.reduction() == reduction());
    if (shape_.is_depthwise()) return depthwise(weights, sums);
    for (const PreparedWeights::Part& part : weights.parts_) {
        PatchView view = view_;
        view.values += part.group * part_values_;
        dot_products(view, part.packed, sums + part.column, weights.channels());
    }
}

/// Channel by channel there is nothing to sum over but the window: channels go side by side.
void Patches::depthwise(const PreparedWeights& weights, int32_t* sums) const {
    const uint32_t n = weights.channels(), padded = padded_to_blocks(n);
    const size_t step_x = size_t{shape_.dilation_x} * shape_.channels;
    for (uint32_t p = 0; p < view_.pixels; ++p)
        for (uint32_t j = 0; j < n; j += block) {
            const int16_t* row = view_.values + view_.offsets[p] + weights.first_ + j;
            const int16_t* __restrict taps = weights.taps_.data() + j;
            int32_t total[block] = {};
            for (uint32_t ky = 0; ky < shape_.kernel_y; ++ky, row += view_.pitch) {
                const int16_t* __restrict values = row;
                for (uint32_t kx = 0; kx < shape_.kernel_x; ++kx, values += step_x, taps += padded)
                    for (uint32_t i = 0; i < block; ++i) total[i] += values[i] * taps[i];
            }
            std::copy_n(total, std::min(block, n - j), sums + size_t{p} * n + j);
        }
}

}  // namespace karhunen
