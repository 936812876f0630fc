#include "sw/compiler/graph_executor.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sw/compiler/error.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

constexpr uint32_t rows_at_once = 4;         // so that gathered patches stay in the cache
constexpr uint32_t narrow_group = 16;        // outputs, below which a matrix is mostly padding
constexpr std::size_t outputs_at_once = 64;  // of a fully connected layer, by one thread

std::size_t index_of(const MapShape& shape, int64_t y, int64_t x) {
    return (static_cast<std::size_t>(y) * shape.width + static_cast<std::size_t>(x)) *
           shape.channels;
}

/// [out][in][tap] to [tap][in][out], for the outputs [first, first + out).
std::vector<float> by_taps(const std::vector<float>& weights, std::size_t first, std::size_t out,
                           std::size_t in, std::size_t taps) {
    std::vector<float> result(out * in * taps);
    for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i)
            for (std::size_t t = 0; t < taps; ++t)
                result[(t * in + i) * out + o] = weights[((first + o) * in + i) * taps + t];
    return result;
}

/// Where a window's row or column `tap` lies in the map; false: in the padding.
bool locate(uint32_t out, uint32_t stride, uint32_t tap, uint32_t dilation, uint32_t padding,
            uint32_t side, int64_t& at) {
    at = int64_t{out} * stride + int64_t{tap} * dilation - padding;
    return at >= 0 && at < side;
}

/// A fixed order of eight sums, which compilers turn into vectors.
double dot(const float* a, const float* b, std::size_t n) {
    double sums[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (std::size_t k = 0; k < 8; ++k) sums[k] += double{a[i + k]} * b[i + k];
    for (; i < n; ++i) sums[0] += double{a[i]} * b[i];
    return ((sums[0] + sums[4]) + (sums[1] + sums[5])) +
           ((sums[2] + sums[6]) + (sums[3] + sums[7]));
}

void scale(const Node& node, std::vector<float>& map) {
    const std::size_t channels = node.weights.size();
    for (std::size_t i = 0; i < map.size(); i += channels)
        for (std::size_t c = 0; c < channels; ++c)
            map[i + c] = map[i + c] * node.weights[c] + node.bias[c];
}

}  // namespace

GraphExecutor::GraphExecutor(Graph graph, unsigned threads)
    : graph_(std::move(graph)), threads_(threads), last_reader_(graph_.nodes.size()) {
    std::vector<bool> needed(graph_.nodes.size());
    needed[graph_.output] = true;
    last_reader_[graph_.output] = static_cast<uint32_t>(graph_.nodes.size());
    for (uint32_t n = static_cast<uint32_t>(graph_.nodes.size()); n-- > 0;) {
        if (!needed[n]) continue;
        for (const uint32_t input : graph_.nodes[n].inputs) {
            needed[input] = true;
            last_reader_[input] = std::max(last_reader_[input], n);
        }
    }
    for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
        Node& node = graph_.nodes[n];
        if (node.kind != Operator::convolution) continue;
        const std::size_t taps = std::size_t{node.window.kernel_y} * node.window.kernel_x;
        const std::size_t out = node.shape.channels, group = out / node.groups;
        const std::size_t in = node.weights.size() / (out * taps);
        Weights& weights = weights_[n];
        if (node.groups > 1 && group < narrow_group)
            weights.taps = by_taps(node.weights, 0, out, in, taps);
        else
            for (uint32_t g = 0; g < node.groups; ++g)
                weights.groups.emplace_back(
                    by_taps(node.weights, g * group, group, in, taps).data(), in * taps, group);
        std::vector<float>().swap(node.weights);
    }
}

GraphExecutor::Map GraphExecutor::run(Map picture, const Observer& observe) const {
    if (picture.size() != graph_.nodes[0].shape.values())
        throw CompileError(graph_.nodes[0].title + ": a picture of " +
                           std::to_string(picture.size()) + " values, expected " +
                           std::to_string(graph_.nodes[0].shape.values()));
    std::vector<Map> maps(graph_.nodes.size());
    maps[0] = std::move(picture);
    for (uint32_t n = 0; n < maps.size(); ++n) {
        if (last_reader_[n] == 0) continue;
        maps[n] = evaluate(n, maps);
        if (observe) observe(n, maps[n]);
        for (const uint32_t input : graph_.nodes[n].inputs)
            if (last_reader_[input] == n) Map().swap(maps[input]);
    }
    return std::move(maps[graph_.output]);
}

GraphExecutor::Map GraphExecutor::evaluate(uint32_t n, std::vector<Map>& maps) const {
    const Node& node = graph_.nodes[n];
    Map& first = maps[node.kind == Operator::picture ? n : node.inputs[0]];
    switch (node.kind) {
        case Operator::convolution:
            return convolve(n, first);
        case Operator::fully_connected:
            return multiply(node, first);
        case Operator::max_pool:
        case Operator::average_pool:
            return pool(node, first);
        case Operator::concat:
            return concatenated(node, maps);
        default:
            break;
    }
    // Value by value: in place if nobody else reads the operand.
    const bool last = node.kind == Operator::picture ||
                      (last_reader_[node.inputs[0]] == n &&
                       std::count(node.inputs.begin(), node.inputs.end(), node.inputs[0]) == 1);
    Map map = last ? std::move(first) : first;
    if (node.kind == Operator::add) {
        const Map& other = maps[node.inputs[1]];
        for (std::size_t i = 0; i < map.size(); ++i) map[i] += other[i];
    } else if (node.kind == Operator::relu) {
        for (float& value : map) value = std::max(value, 0.0f);
    } else if (node.kind == Operator::clip) {
        for (float& value : map) value = std::clamp(value, 0.0f, node.clip_high);
    } else if (!node.weights.empty()) {  // batch_normalisation, picture
        scale(node, map);
    }
    return map;
}

// ---- Convolution ----

GraphExecutor::Map GraphExecutor::convolve(uint32_t n, const Map& input) const {
    const Node& node = graph_.nodes[n];
    Map result(node.shape.values());
    if (!weights_.at(n).taps.empty()) {
        for_each_index(node.shape.height, threads_, [&](std::size_t row) {
            convolve_by_taps(n, input, static_cast<uint32_t>(row), result);
        });
        return result;
    }
    const uint32_t blocks = (node.shape.height + rows_at_once - 1) / rows_at_once;
    for_each_index(blocks, threads_, [&](std::size_t block) {
        const auto first = static_cast<uint32_t>(block * rows_at_once);
        convolve_by_matrix(n, input, first, std::min(first + rows_at_once, node.shape.height),
                           result);
    });
    return result;
}

/// Output rows [first, last), group by group, as products of patches [pixel][tap][in] and weights.
void GraphExecutor::convolve_by_matrix(uint32_t n, const Map& input, uint32_t first, uint32_t last,
                                       Map& result) const {
    const Node& node = graph_.nodes[n];
    const Window& w = node.window;
    const MapShape &in = graph_.nodes[node.inputs[0]].shape, &out = node.shape;
    const std::size_t channels = in.channels / node.groups, outputs = out.channels / node.groups;
    const std::size_t pixels = std::size_t{last - first} * out.width;
    std::vector<float> patches(pixels * w.kernel_y * w.kernel_x * channels);
    std::vector<float> sums(pixels * outputs);
    for (uint32_t g = 0; g < node.groups; ++g) {
        float* to = patches.data();
        for (std::size_t pixel = 0; pixel < pixels; ++pixel)
            for (uint32_t ky = 0; ky < w.kernel_y; ++ky)
                for (uint32_t kx = 0; kx < w.kernel_x; ++kx, to += channels) {
                    int64_t y, x;
                    const auto oy = static_cast<uint32_t>(first + pixel / out.width);
                    const auto ox = static_cast<uint32_t>(pixel % out.width);
                    if (locate(oy, w.stride_y, ky, w.dilation_y, w.padding_top, in.height, y) &&
                        locate(ox, w.stride_x, kx, w.dilation_x, w.padding_left, in.width, x))
                        std::copy_n(&input[index_of(in, y, x) + g * channels], channels, to);
                    else
                        std::fill_n(to, channels, 0.0f);
                }
        weights_.at(n).groups[g].multiply(patches.data(), pixels, sums.data());
        const float* bias = &node.bias[g * outputs];
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            float* value = &result[index_of(out, first, 0) + pixel * out.channels + g * outputs];
            for (std::size_t o = 0; o < outputs; ++o)
                value[o] = sums[pixel * outputs + o] + bias[o];
        }
    }
}

/// One output row of narrow groups, as of depthwise convolutions.
void GraphExecutor::convolve_by_taps(uint32_t n, const Map& input, uint32_t row,
                                     Map& result) const {
    const Node& node = graph_.nodes[n];
    const Window& w = node.window;
    const MapShape &in = graph_.nodes[node.inputs[0]].shape, &out = node.shape;
    const std::size_t channels = in.channels / node.groups, outputs = out.channels / node.groups;
    for (uint32_t ox = 0; ox < out.width; ++ox) {
        float* sum = &result[index_of(out, row, ox)];
        for (uint32_t ky = 0; ky < w.kernel_y; ++ky)
            for (uint32_t kx = 0; kx < w.kernel_x; ++kx) {
                int64_t y, x;
                if (!locate(row, w.stride_y, ky, w.dilation_y, w.padding_top, in.height, y) ||
                    !locate(ox, w.stride_x, kx, w.dilation_x, w.padding_left, in.width, x))
                    continue;
                const float* value = &input[index_of(in, y, x)];
                const float* weight =
                    &weights_.at(n)
                         .taps[(std::size_t{ky} * w.kernel_x + kx) * channels * out.channels];
                if (channels == 1 && outputs == 1) {  // the common case, as fast as it can be
                    for (std::size_t o = 0; o < out.channels; ++o) sum[o] += value[o] * weight[o];
                    continue;
                }
                for (std::size_t i = 0; i < channels; ++i, weight += out.channels)
                    for (std::size_t g = 0; g < node.groups; ++g)
                        for (std::size_t o = g * outputs; o < (g + 1) * outputs; ++o)
                            sum[o] += value[g * channels + i] * weight[o];
            }
        for (std::size_t o = 0; o < out.channels; ++o) sum[o] += node.bias[o];
    }
}

// ---- Others ----

GraphExecutor::Map GraphExecutor::multiply(const Node& node, const Map& input) const {
    const MapShape& in = graph_.nodes[node.inputs[0]].shape;
    // Weights count channel by channel.
    const std::size_t plane = std::size_t{in.height} * in.width;
    Map vector(input.size());
    for (std::size_t i = 0; i < input.size(); ++i)
        vector[i % in.channels * plane + i / in.channels] = input[i];
    Map result(node.shape.channels);
    const std::size_t blocks = (result.size() + outputs_at_once - 1) / outputs_at_once;
    for_each_index(blocks, threads_, [&](std::size_t block) {
        const std::size_t last = std::min(result.size(), (block + 1) * outputs_at_once);
        for (std::size_t o = block * outputs_at_once; o < last; ++o)
            result[o] = static_cast<float>(
                dot(&node.weights[o * vector.size()], vector.data(), vector.size()) + node.bias[o]);
    });
    return result;
}

GraphExecutor::Map GraphExecutor::pool(const Node& node, const Map& input) const {
    const Window& w = node.window;
    const MapShape &in = graph_.nodes[node.inputs[0]].shape, &out = node.shape;
    const bool average = node.kind == Operator::average_pool;
    const double start = average ? 0 : -std::numeric_limits<double>::infinity();
    Map result(out.values());
    for_each_index(out.height, threads_, [&](std::size_t row) {
        std::vector<double> values(out.channels);
        for (uint32_t ox = 0; ox < out.width; ++ox) {
            std::fill(values.begin(), values.end(), start);
            uint32_t inside = 0;
            for (uint32_t tap = 0; tap < w.kernel_y * w.kernel_x; ++tap) {
                int64_t y, x;
                if (!locate(static_cast<uint32_t>(row), w.stride_y, tap / w.kernel_x, w.dilation_y,
                            w.padding_top, in.height, y) ||
                    !locate(ox, w.stride_x, tap % w.kernel_x, w.dilation_x, w.padding_left,
                            in.width, x))
                    continue;
                ++inside;
                const float* value = &input[index_of(in, y, x)];
                for (std::size_t c = 0; c < out.channels; ++c)
                    values[c] =
                        average ? values[c] + value[c] : std::max(values[c], double{value[c]});
            }
            const double divisor =
                average ? (w.counts_padding ? w.kernel_y * w.kernel_x : inside) : 1;
            float* to = &result[index_of(out, static_cast<int64_t>(row), ox)];
            for (std::size_t c = 0; c < out.channels; ++c)
                to[c] = static_cast<float>(values[c] / divisor);
        }
    });
    return result;
}

GraphExecutor::Map GraphExecutor::concatenated(const Node& node,
                                               const std::vector<Map>& maps) const {
    const MapShape& out = node.shape;
    Map result(out.values());
    std::size_t before = 0;
    for (const uint32_t input : node.inputs) {
        const std::size_t channels = graph_.nodes[input].shape.channels;
        for (std::size_t pixel = 0; pixel < std::size_t{out.height} * out.width; ++pixel)
            std::copy_n(&maps[input][pixel * channels], channels,
                        &result[pixel * out.channels + before]);
        before += channels;
    }
    return result;
}

}  // namespace karhunen
