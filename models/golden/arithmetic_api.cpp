// Convolution, requantisation, pooling, sums.
#include <algorithm>

#include "models/arithmetic/convolution.h"
#include "models/arithmetic/pooling.h"
#include "models/arithmetic/requantise.h"
#include "models/golden/values.h"

using namespace karhunen;
using namespace karhunen::golden;

namespace karhunen::golden {
namespace {

constexpr uint32_t most_window = 4096;  // kernel, stride, dilation, padding, as no register has

void check(const karhunen_convolution& c) {
    for (const uint32_t n :
         {c.kernel_y, c.kernel_x, c.stride_y, c.stride_x, c.dilation_y, c.dilation_x})
        need(n >= 1 && n <= most_window, "kernel, stride, dilation: expected 1 to 4096");
    need(c.padding_top <= most_window && c.padding_left <= most_window, "padding: at most 4096");
    checked_product({c.rows, c.columns, c.channels});
    checked_product({c.output_rows, c.output_columns, c.output_channels});
    need(c.groups >= 1 && c.channels % c.groups == 0 && c.output_channels % c.groups == 0,
         "groups: they do not divide the channels");
    checked_product({c.kernel_y, c.kernel_x, c.channels / c.groups, c.output_channels});
    // What the core lays out: all rows of all windows, or each window apart.
    const uint64_t rows =
        uint64_t{c.output_rows - 1} * c.stride_y + uint64_t{c.kernel_y - 1} * c.dilation_y + 1;
    const uint64_t columns =
        uint64_t{c.output_columns - 1} * c.stride_x + uint64_t{c.kernel_x - 1} * c.dilation_x + 1;
    checked_product({rows, columns, c.channels});
    checked_product({c.output_rows, c.output_columns, c.kernel_y, c.kernel_x, c.channels});
}

ConvolutionShape core_shape(const karhunen_convolution& c) {
    return {.width = c.columns,
            .channels = c.channels,
            .kernel_y = c.kernel_y,
            .kernel_x = c.kernel_x,
            .stride_y = c.stride_y,
            .stride_x = c.stride_x,
            .padding_left = c.padding_left,
            .output_width = c.output_columns,
            .dilation_y = c.dilation_y,
            .dilation_x = c.dilation_x,
            .groups = c.groups,
            .output_channels = c.output_channels};
}

Requantisation checked_requantisation(const karhunen_requantisation* how) {
    const karhunen_requantisation& h = output(how, "how");
    need(is_valid_format(h.format), "format: there is none of this number");
    need(h.relu <= 1, "relu: expected 0 or 1");
    need(h.shift <= 62, "shift: at most 62");
    need(h.residual_multiplier >= 0, "residual_multiplier: below 0");
    return {h.shift, static_cast<Format>(h.format), h.relu == 1, h.residual_multiplier};
}

/// One row of pixels through requantise_row().
void requantise(const Requantisation& how, size_t pixels, uint32_t channels, const int32_t* sums,
                const int32_t* bias, const int32_t* multiplier, const int32_t* residual,
                int32_t* result) {
    const size_t count = pixels ? checked_product({pixels, channels}) : 0;
    array(sums, count, "sums");
    array(result, count, "result");
    check_range(array(multiplier, channels, "multiplier"), 0, INT32_MAX, "multiplier");
    std::vector<int32_t> zeros(bias ? 0 : channels);
    need(!residual || how.format != Format::s32, "residual: s32 takes none");
    std::vector<int16_t> added;
    if (residual) added = narrowed({residual, count}, least_value, most_value, "residual");
    std::vector<int16_t> row(count * words_of(how.format));
    requantise_row(how, sums, bias ? bias : zeros.data(), multiplier, static_cast<uint32_t>(pixels),
                   channels, residual ? added.data() : nullptr, channels, row.data(),
                   channels * words_of(how.format));
    widen(row, how.format, result);
}

PoolShape checked_pooling(const karhunen_pooling* shape) {
    const karhunen_pooling& p = output(shape, "shape");
    checked_product({p.rows, p.columns, p.channels});
    need(p.kernel >= 1 && p.kernel <= most_window, "kernel: expected 1 to 4096");
    need(p.stride >= 1 && p.stride <= most_window, "stride: expected 1 to 4096");
    need(p.padding < p.kernel, "padding: not below the kernel");
    need(p.partial <= 1, "partial: expected 0 or 1");
    const uint64_t least = std::min(p.rows, p.columns) + uint64_t{2} * p.padding;
    need(least >= p.kernel, "kernel: larger than the map with its padding");
    const PoolShape core{p.kernel,  p.stride,   p.padding,     p.rows,
                         p.columns, p.channels, p.partial == 1};
    checked_product({core.output_height(), core.output_width(), p.channels});
    return core;
}

/// Calls pool(rows of the window, result row) for each output row.
template <typename Pool>
void pool_map(const PoolShape& shape, Format format, const int32_t* input, int32_t* result,
              Pool&& pool) {
    const size_t row_values = size_t{shape.width} * shape.channels;
    const size_t result_values = size_t{shape.output_width()} * shape.channels;
    const auto values = array(input, shape.height * row_values, "input");
    array(result, shape.output_height() * result_values, "result");
    const std::vector<int16_t> map = narrowed(values, least_value, most_value, "input");
    PoolLines lines;
    lines.start(shape);
    std::vector<int16_t> pooled(result_values * words_of(format));
    for (size_t y = 0; y < shape.height; ++y) {
        const auto row = map.begin() + static_cast<ptrdiff_t>(y * row_values);
        lines.push({row, row + static_cast<ptrdiff_t>(row_values)},
                   [&](uint32_t at, std::span<const int16_t* const> rows) {
                       pool(rows, pooled.data());
                       widen(pooled, format, result + at * result_values);
                   });
    }
}

}  // namespace
}  // namespace karhunen::golden

extern "C" {

karhunen_status karhunen_convolve(karhunen_context* context, const karhunen_convolution* shape,
                                  const int32_t* input, const int8_t* weights, int32_t* sums) {
    return guarded(context, [&] {
        const karhunen_convolution& c = output(shape, "shape");
        check(c);
        const ConvolutionShape core = core_shape(c);
        const size_t row = size_t{c.columns} * c.channels;
        const std::vector<int16_t> map =
            narrowed(array(input, c.rows * row, "input"), least_value, most_value, "input");
        const size_t weight_count = size_t{core.reduction()} * c.output_channels;
        const int8_t* const first = array(weights, weight_count, "weights").data();
        output(sums, "sums");
        std::vector<const int16_t*> rows((c.output_rows - 1) * size_t{c.stride_y} +
                                         core.window_rows());
        for (size_t i = 0; i < rows.size(); ++i)
            if (i >= c.padding_top && i - c.padding_top < c.rows)
                rows[i] = map.data() + (i - c.padding_top) * row;
        Patches patches;
        patches.gather(core, rows, c.output_rows);
        multiply(patches, PreparedWeights(first, core, 0, c.output_channels), sums);
    });
}

karhunen_status karhunen_requantise(karhunen_context* context, const karhunen_requantisation* how,
                                    size_t pixels, uint32_t channels, const int32_t* sums,
                                    const int32_t* bias, const int32_t* multiplier,
                                    const int32_t* residual, int32_t* result) {
    return guarded(context, [&] {
        need(channels >= 1, "channels: below 1");
        requantise(checked_requantisation(how), pixels, channels, sums, bias, multiplier, residual,
                   result);
    });
}

karhunen_status karhunen_add(karhunen_context* context, const karhunen_requantisation* how,
                             size_t count, const int32_t* a, int32_t multiplier, const int32_t* b,
                             int32_t* result) {
    return guarded(context, [&] {
        const Requantisation core = checked_requantisation(how);
        check_range(array(a, count, "a"), least_value, most_value, "a");
        array(b, count, "b");
        requantise(core, count, 1, a, nullptr, &multiplier, b, result);
    });
}

karhunen_status karhunen_pooled_size(karhunen_context* context, const karhunen_pooling* shape,
                                     uint32_t* rows, uint32_t* columns) {
    return guarded(context, [&] {
        const PoolShape core = checked_pooling(shape);
        uint32_t& height = output(rows, "rows");
        output(columns, "columns") = core.output_width();
        height = core.output_height();
    });
}

karhunen_status karhunen_max_pool(karhunen_context* context, const karhunen_pooling* shape,
                                  const int32_t* input, int32_t* result) {
    return guarded(context, [&] {
        const PoolShape core = checked_pooling(shape);
        pool_map(core, Format::s12, input, result,
                 [&](std::span<const int16_t* const> rows, int16_t* to) {
                     max_pool_row(core, rows, to);
                 });
    });
}

karhunen_status karhunen_average_pool(karhunen_context* context, const karhunen_pooling* shape,
                                      const karhunen_requantisation* how, int32_t multiplier,
                                      const int32_t* input, int32_t* result) {
    return guarded(context, [&] {
        const PoolShape core = checked_pooling(shape);
        const Requantisation scale = checked_requantisation(how);
        need(multiplier >= 0, "multiplier: below 0");
        pool_map(core, scale.format, input, result,
                 [&](std::span<const int16_t* const> rows, int16_t* to) {
                     average_pool_row(core, rows, multiplier, scale, to);
                 });
    });
}

}  // extern "C"
