#include "sw/compiler/float_executor.h"

#include <algorithm>
#include <limits>

namespace karhunen {

namespace {

/// The patches of the output rows [first, last) as a matrix [pixel][reduction].
void gather(const FloatConvolution& c, const FloatMap& input, uint32_t first, uint32_t last,
            std::vector<float>& patches) {
    const MapShape& in = c.input_shape;
    const std::size_t run = std::size_t{c.kernel_x} * in.channels;
    patches.assign(std::size_t{last - first} * c.output_shape.width * c.reduction(), 0.0f);
    float* to = patches.data();
    for (uint32_t oy = first; oy < last; ++oy)
        for (uint32_t ox = 0; ox < c.output_shape.width; ++ox)
            for (uint32_t ky = 0; ky < c.kernel_y; ++ky, to += run) {
                const int64_t y = int64_t{oy} * c.stride_y + ky - c.padding_top;
                if (y < 0 || y >= in.height) continue;
                const int64_t left = int64_t{ox} * c.stride_x - c.padding_left;
                const int64_t from = std::max<int64_t>(left, 0);
                const int64_t end = std::min<int64_t>(left + c.kernel_x, in.width);
                if (from >= end) continue;
                std::copy_n(&input[(y * in.width + from) * in.channels], (end - from) * in.channels,
                            to + (from - left) * in.channels);
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

PackedMatrix packed(const FloatConvolution& c) {
    return PackedMatrix(c.weights.data(), c.reduction(), c.output_shape.channels);
}

FloatMap convolve(const FloatConvolution& c, const PackedMatrix& matrix, const FloatMap& input) {
    constexpr uint32_t rows_at_once = 4;  // so that the patches stay in the cache
    const MapShape& out = c.output_shape;
    FloatMap result(out.values());
    std::vector<float> patches;
    for (uint32_t first = 0; first < out.height; first += rows_at_once) {
        const uint32_t last = std::min(first + rows_at_once, out.height);
        gather(c, input, first, last, patches);
        matrix.multiply(patches.data(), std::size_t{last - first} * out.width,
                        &result[std::size_t{first} * out.width * out.channels]);
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
        if (layer.kind == LayerKind::convolution)
            matrices.convolution.emplace(packed(layer.convolution));
        if (layer.shortcut) matrices.shortcut.emplace(packed(*layer.shortcut));
    }
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
    result = convolve(layer.convolution, *matrices_[l].convolution, input);
    if (layer.shortcut)
        values.shortcut =
            convolve(*layer.shortcut, *matrices_[l].shortcut, maps[layer.shortcut->input]);
    if (layer.shortcut || layer.residual) {
        const FloatMap& other = layer.shortcut ? values.shortcut : maps[*layer.residual];
        for (std::size_t i = 0; i < result.size(); ++i) result[i] += other[i];
    }
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
