#include "sw/compiler/float_executor.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace karhunen {

namespace {

/// The patches of a group's channels, for the output rows [first, last), as a matrix
/// [pixel][reduction].
void gather(const FloatConvolution& c, uint32_t group, const FloatMap& input, uint32_t first,
            uint32_t last, std::vector<float>& patches) {
    const MapShape& in = c.input_shape;
    const uint32_t channels = c.group_channels();
    patches.assign(std::size_t{last - first} * c.output_shape.width * c.reduction(), 0.0f);
    float* to = patches.data();
    for (uint32_t oy = first; oy < last; ++oy)
        for (uint32_t ox = 0; ox < c.output_shape.width; ++ox)
            for (uint32_t ky = 0; ky < c.kernel_y; ++ky) {
                const int64_t y = int64_t{oy} * c.stride_y + ky * c.dilation_y - c.padding_top;
                for (uint32_t kx = 0; kx < c.kernel_x; ++kx, to += channels) {
                    const int64_t x = int64_t{ox} * c.stride_x + kx * c.dilation_x - c.padding_left;
                    if (y < 0 || y >= in.height || x < 0 || x >= in.width) continue;
                    std::copy_n(&input[(y * in.width + x) * in.channels + group * channels],
                                channels, to);
                }
            }
}

bool is_depthwise(const FloatConvolution& c) {
    return c.groups > 1 && c.groups == c.input_shape.channels &&
           c.groups == c.output_shape.channels;
}

/// One pixel, as fully connected layers make: there is nothing to gain by packing, and much to
/// hold.
bool is_vector(const FloatConvolution& c) {
    return c.groups == 1 && c.output_shape.height == 1 && c.output_shape.width == 1;
}

/// In the order of PackedMatrix::multiply().
void convolve_vector(const FloatConvolution& c, const FloatMap& input, FloatMap& result) {
    std::vector<float> patch;
    gather(c, 0, input, 0, 1, patch);
    for (std::size_t k = 0; k < patch.size(); ++k) {
        const float* weight = &c.weights[k * result.size()];
        for (std::size_t n = 0; n < result.size(); ++n) result[n] += patch[k] * weight[n];
    }
}

/// All channels side by side, tap by tap.
void convolve_depthwise(const FloatConvolution& c, const FloatMap& input, FloatMap& result) {
    const MapShape &in = c.input_shape, &out = c.output_shape;
    for (uint32_t oy = 0; oy < out.height; ++oy)
        for (uint32_t ox = 0; ox < out.width; ++ox) {
            float* sum = &result[(std::size_t{oy} * out.width + ox) * out.channels];
            for (uint32_t tap = 0; tap < c.kernel_y * c.kernel_x; ++tap) {
                const int64_t y = int64_t{oy} * c.stride_y +
                                  int64_t{tap / c.kernel_x} * c.dilation_y - c.padding_top;
                const int64_t x = int64_t{ox} * c.stride_x +
                                  int64_t{tap % c.kernel_x} * c.dilation_x - c.padding_left;
                if (y < 0 || y >= in.height || x < 0 || x >= in.width) continue;
                const float* value = &input[(y * in.width + x) * in.channels];
                const float* weight = &c.weights[std::size_t{tap} * out.channels];
                for (uint32_t n = 0; n < out.channels; ++n) sum[n] += value[n] * weight[n];
            }
        }
}

FloatMap averaged(const FloatMap& map, const MapShape& from, const PoolWindow& w,
                  const MapShape& to) {
    FloatMap result(to.values(), 0.0f);
    const float share = 1.0f / static_cast<float>(w.kernel * w.kernel);
    for (uint32_t oy = 0; oy < to.height; ++oy)
        for (uint32_t ox = 0; ox < to.width; ++ox) {
            float* sum = &result[(std::size_t{oy} * to.width + ox) * to.channels];
            for (uint32_t i = 0; i < w.kernel * w.kernel; ++i) {
                const int64_t y = int64_t{oy} * w.stride + i / w.kernel - w.padding;
                const int64_t x = int64_t{ox} * w.stride + i % w.kernel - w.padding;
                if (y < 0 || y >= from.height || x < 0 || x >= from.width) continue;
                const float* value = &map[(y * from.width + x) * from.channels];
                for (uint32_t c = 0; c < to.channels; ++c) sum[c] += value[c];
            }
            for (uint32_t c = 0; c < to.channels; ++c) sum[c] *= share;
        }
    return result;
}

/// relu(maps[sum[0]] + maps[sum[1]]), then the same with what follows.
std::vector<FloatMap> summed(const std::vector<uint32_t>& sum, const std::vector<FloatMap>& maps) {
    std::vector<FloatMap> result;
    for (std::size_t i = 1; i < sum.size(); ++i) {
        FloatMap map = i == 1 ? maps[sum[0]] : result.back();
        const FloatMap& other = maps[sum[i]];
        for (std::size_t v = 0; v < map.size(); ++v) map[v] = std::max(map[v] + other[v], 0.0f);
        result.push_back(std::move(map));
    }
    return result;
}

}  // namespace

PackedWeightsOfGroups packed(const FloatConvolution& c) {
    PackedWeightsOfGroups result;
    if (is_depthwise(c) || is_vector(c)) return result;
    const uint32_t channels = c.output_shape.channels, n = channels / c.groups;
    std::vector<float> weights(std::size_t{c.reduction()} * n);
    for (uint32_t g = 0; g < c.groups; ++g) {
        for (uint32_t k = 0; k < c.reduction(); ++k)
            std::copy_n(&c.weights[std::size_t{k} * channels + g * n], n,
                        &weights[std::size_t{k} * n]);
        result.emplace_back(weights.data(), c.reduction(), n);
    }
    return result;
}

FloatMap convolve(const FloatConvolution& c, const PackedWeightsOfGroups& weights,
                  const FloatMap& input) {
    constexpr uint32_t rows_at_once = 4;  // so that the patches stay in the cache
    const MapShape& out = c.output_shape;
    FloatMap result(out.values());
    if (is_depthwise(c)) convolve_depthwise(c, input, result);
    if (is_vector(c)) convolve_vector(c, input, result);
    std::vector<float> patches, sums;
    for (uint32_t g = 0; g < weights.size(); ++g) {
        const std::size_t n = out.channels / c.groups;
        for (uint32_t first = 0; first < out.height; first += rows_at_once) {
            const uint32_t last = std::min(first + rows_at_once, out.height);
            const std::size_t pixels = std::size_t{last - first} * out.width;
            float* to = &result[std::size_t{first} * out.width * out.channels];
            gather(c, g, input, first, last, patches);
            if (c.groups > 1) sums.resize(pixels * n);
            weights[g].multiply(patches.data(), pixels, c.groups > 1 ? sums.data() : to);
            for (std::size_t p = 0; c.groups > 1 && p < pixels; ++p)
                std::copy_n(&sums[p * n], n, to + p * out.channels + g * n);
        }
    }
    for (std::size_t i = 0; i < result.size(); i += out.channels)
        for (uint32_t n = 0; n < out.channels; ++n) result[i + n] += c.bias[n];
    return result;
}

FloatMap max_pooled(const FloatMap& map, const MapShape& from, const PoolWindow& w,
                    const MapShape& to) {
    FloatMap result(to.values(), -std::numeric_limits<float>::infinity());
    for (uint32_t oy = 0; oy < to.height; ++oy)
        for (uint32_t ox = 0; ox < to.width; ++ox) {
            float* best = &result[(std::size_t{oy} * to.width + ox) * to.channels];
            for (uint32_t i = 0; i < w.kernel * w.kernel; ++i) {
                const int64_t y = int64_t{oy} * w.stride + i / w.kernel - w.padding;
                const int64_t x = int64_t{ox} * w.stride + i % w.kernel - w.padding;
                if (y < 0 || y >= from.height || x < 0 || x >= from.width) continue;
                const float* value = &map[(y * from.width + x) * from.channels];
                for (uint32_t c = 0; c < to.channels; ++c) best[c] = std::max(best[c], value[c]);
            }
        }
    return result;
}

FloatExecutor::FloatExecutor(const Network& network)
    : network_(network), last_reader_(last_readers(network)) {
    for (const FloatLayer& layer : network.layers) {
        Matrices& matrices = matrices_.emplace_back();
        if (layer.kind == LayerKind::convolution) matrices.convolution = packed(layer.convolution);
        for (const FloatConvolution& c : layer.beside) matrices.beside.push_back(packed(c));
        if (layer.shortcut) matrices.shortcut = packed(*layer.shortcut);
    }
}

/// What the layer's convolutions make, side by side.
FloatMap FloatExecutor::convolved(uint32_t l, const FloatMap& input,
                                  const std::vector<FloatMap>& maps) const {
    const FloatLayer& layer = network_.layers[l];
    FloatMap first = convolve(layer.convolution, matrices_[l].convolution, input);
    if (layer.beside.empty()) return first;
    const std::size_t channels = layer.unpooled.channels;
    FloatMap result(layer.unpooled.values());
    std::size_t at = 0;
    const auto join = [&](const FloatMap& map, std::size_t n) {
        for (std::size_t p = 0; p < map.size() / n; ++p)
            std::copy_n(&map[p * n], n, &result[p * channels + at]);
        at += n;
    };
    join(first, layer.convolution.output_shape.channels);
    for (std::size_t i = 0; i < layer.beside.size(); ++i) {
        const FloatConvolution& c = layer.beside[i];
        join(convolve(c, matrices_[l].beside[i], maps[c.input]), c.output_shape.channels);
    }
    return result;
}

FloatExecutor::Values FloatExecutor::run_layer(uint32_t l,
                                               const std::vector<FloatMap>& maps) const {
    const FloatLayer& layer = network_.layers[l];
    Values values;
    values.sums = summed(layer.sum, maps);
    const FloatMap& input = layer.sum.empty() ? maps[input_of(layer)] : values.sums.back();
    FloatMap& result = values.result;
    if (layer.kind == LayerKind::max_pool) {
        result = max_pooled(input, layer.unpooled, *layer.pool, layer.output);
        return values;
    }
    if (layer.kind == LayerKind::average_pool) {
        result = averaged(input, layer.unpooled, *layer.pool, layer.output);
        return values;
    }
    result = convolved(l, input, maps);
    if (layer.shortcut)
        values.shortcut =
            convolve(*layer.shortcut, matrices_[l].shortcut, maps[layer.shortcut->input]);
    if (layer.shortcut || layer.residual) {
        const FloatMap& other = layer.shortcut ? values.shortcut : maps[*layer.residual];
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += other[i];
    }
    if (!std::isinf(layer.ceiling))
        for (float& value : result) value = std::min(value, layer.ceiling);
    if (layer.pool) result = max_pooled(result, layer.unpooled, *layer.pool, layer.output);
    return values;
}

FloatMap FloatExecutor::run(FloatMap picture, const Observer& observe) const {
    std::vector<FloatMap> maps(network_.layers.size() + 1);
    maps[0] = std::move(picture);
    for (uint32_t l = 0; l < network_.layers.size(); ++l) {
        Values values = run_layer(l, maps);
        if (observe) observe(l, values);
        FloatMap& result = maps[l + 1] = std::move(values.result);
        if (has_relu(network_.layers[l]))
            for (float& value : result) value = std::max(value, 0.0f);
        for (uint32_t map = 0; map <= l; ++map)
            if (last_reader_[map] == l) FloatMap().swap(maps[map]);
    }
    return maps.back();
}

}  // namespace karhunen
