#include "sw/compiler/integer_layer.h"

#include <algorithm>

#include "models/arithmetic/pooling.h"

namespace karhunen {

namespace {

ConvolutionShape shape_of(const FloatConvolution& c) {
    return {.width = c.input_shape.width,
            .channels = c.input_shape.channels,
            .kernel_y = c.kernel_y,
            .kernel_x = c.kernel_x,
            .stride_y = c.stride_y,
            .stride_x = c.stride_x,
            .padding_left = c.padding_left,
            .output_width = c.output_shape.width,
            .dilation_y = c.dilation_y,
            .dilation_x = c.dilation_x,
            .groups = c.groups,
            .output_channels = c.output_shape.channels};
}

std::unique_ptr<PreparedWeights> prepared(const FloatConvolution& c,
                                          const QuantisedConvolution& quantised) {
    return std::make_unique<PreparedWeights>(quantised.weights.data(), shape_of(c), 0,
                                             c.output_shape.channels);
}

/// Pointers to `count` rows from row `first` on, nullptr outside the map.
std::vector<const int16_t*> rows_of(const IntegerMap& map, const MapShape& shape, int64_t first,
                                    uint32_t count) {
    std::vector<const int16_t*> rows(count, nullptr);
    for (uint32_t i = 0; i < count; ++i) {
        const int64_t y = first + i;
        if (y >= 0 && y < shape.height)
            rows[i] = map.data() + static_cast<std::size_t>(y) * shape.width * shape.channels;
    }
    return rows;
}

}  // namespace

IntegerLayer::IntegerLayer(const FloatLayer& layer, const QuantisedLayer& quantised)
    : layer_(layer), quantised_(quantised) {
    if (layer.kind == LayerKind::convolution)
        convolution_ = prepared(layer.convolution, quantised.convolution);
    for (std::size_t i = 0; i < layer.beside.size(); ++i)
        beside_.push_back(prepared(layer.beside[i], quantised.beside[i]));
    if (layer.shortcut) shortcut_ = prepared(*layer.shortcut, quantised.shortcut);
}

void IntegerLayer::convolve(const FloatConvolution& c, const QuantisedConvolution& q,
                            const PreparedWeights& weights, const IntegerMap& input,
                            const IntegerMap* residual, const Destination& to) const {
    constexpr uint32_t rows_at_once = 4;
    const MapShape& out = c.output_shape;
    const ConvolutionShape shape = shape_of(c);
    const Requantisation requantisation{q.shift, to.format, to.relu,
                                        quantised_.residual_multiplier};
    const uint32_t words = words_of(to.format);
    const std::size_t row_words = std::size_t{out.width} * to.channels * words;
    to.map->resize(row_words * out.height);
    Patches patches;
    std::vector<int32_t> sums;
    for (uint32_t first = 0; first < out.height; first += rows_at_once) {
        const uint32_t count = std::min(rows_at_once, out.height - first);
        const auto rows = rows_of(input, c.input_shape, int64_t{first} * c.stride_y - c.padding_top,
                                  (count - 1) * c.stride_y + c.window_rows());
        patches.gather(shape, rows, count);
        sums.resize(std::size_t{count} * out.width * out.channels);
        multiply(patches, weights, sums.data());
        for (uint32_t i = 0; i < count; ++i)
            requantise_row(requantisation, &sums[std::size_t{i} * out.width * out.channels],
                           q.bias.data(), q.multiplier.data(), out.width, out.channels,
                           residual ? residual->data() + (first + i) * row_words : nullptr,
                           out.channels,
                           &(*to.map)[(first + i) * row_words + std::size_t{to.first} * words],
                           to.channels * words);
    }
}

IntegerMap IntegerLayer::pooled(const IntegerMap& map) const {
    const PoolWindow& window = *layer_.pool;
    const MapShape& from = layer_.unpooled;
    const MapShape& to = layer_.output;
    const PoolShape shape{window.kernel, window.stride, window.padding, from.height,
                          from.width,    from.channels, window.partial};
    const Requantisation requantisation{quantised_.pass_shift, quantised_.stored,
                                        quantised_.stored == Format::u8, 0};
    const bool averages = layer_.kind == LayerKind::average_pool;
    const uint32_t words = averages ? words_of(quantised_.stored) : 1;
    IntegerMap result(to.values() * words);
    for (uint32_t y = 0; y < to.height; ++y) {
        const auto rows =
            rows_of(map, from, int64_t{y} * window.stride - window.padding, window.kernel);
        int16_t* row = &result[std::size_t{y} * to.width * to.channels * words];
        if (averages)
            average_pool_row(shape, rows, quantised_.pass_multiplier, requantisation, row);
        else
            max_pool_row(shape, rows, row);
    }
    return result;
}

IntegerMap IntegerLayer::summed(const FloatLayer& layer, const QuantisedLayer& quantised,
                                std::span<const IntegerMap> maps) {
    IntegerMap result;
    for (std::size_t i = 0; i < quantised.sums.size(); ++i) {
        const QuantisedSum& q = quantised.sums[i];
        const IntegerMap& residual = i == 0 ? maps[layer.sum[0]] : result;
        const IntegerMap& map = maps[layer.sum[i + 1]];
        const std::vector<int32_t> values(map.begin(), map.end());
        const int32_t bias = 0;
        IntegerMap next(map.size());
        requantise_row({q.shift, Format::u8, true, q.residual_multiplier}, values.data(), &bias,
                       &q.multiplier, static_cast<uint32_t>(map.size()), 1, residual.data(), 1,
                       next.data(), 1);
        result = std::move(next);
    }
    return result;
}

IntegerMap IntegerLayer::run(std::span<const IntegerMap> maps) const {
    const IntegerMap sum = summed(layer_, quantised_, maps);
    const IntegerMap& input = layer_.sum.empty() ? maps[input_of(layer_)] : sum;
    if (layer_.kind != LayerKind::convolution) return pooled(input);
    IntegerMap shortcut;
    const IntegerMap* residual = layer_.residual ? &maps[*layer_.residual] : nullptr;
    if (layer_.shortcut) {
        convolve(*layer_.shortcut, quantised_.shortcut, *shortcut_, maps[layer_.shortcut->input],
                 nullptr,
                 {&shortcut, layer_.shortcut->output_shape.channels, 0, Format::s12, false});
        residual = &shortcut;
    }
    IntegerMap result;
    Destination to{&result, layer_.unpooled.channels, 0, quantised_.stored,
                   quantised_.stored == Format::u8};
    convolve(layer_.convolution, quantised_.convolution, *convolution_, input, residual, to);
    to.first = layer_.convolution.output_shape.channels;
    for (std::size_t i = 0; i < beside_.size(); ++i) {
        const FloatConvolution& c = layer_.beside[i];
        convolve(c, quantised_.beside[i], *beside_[i], maps[c.input], nullptr, to);
        to.first += c.output_shape.channels;
    }
    return layer_.pool ? pooled(result) : result;
}

}  // namespace karhunen
