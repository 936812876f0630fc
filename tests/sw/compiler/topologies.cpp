#include "tests/sw/compiler/topologies.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace karhunen {

namespace {

struct Options {
    uint32_t kernel = 3, stride = 1, padding = 1, groups = 1, dilation = 1;
};

class Builder {
public:
    Builder(const TopologySize& size, uint32_t seed) : size_(size), random_(seed) {
        Node picture;
        picture.title = picture.name = "picture";
        picture.shape = {size.side, size.side, 3};
        graph_.nodes.push_back(picture);
    }

    uint32_t channels(uint32_t n) const { return std::max(n / size_.divisor, 1u); }
    uint32_t channels_of(uint32_t node) const { return graph_.nodes[node].shape.channels; }
    uint32_t side_of(uint32_t node) const { return graph_.nodes[node].shape.height; }

    /// He-normal weights. `out` is not divided.
    uint32_t convolution(uint32_t input, uint32_t out, const Options& o, double gain = 2) {
        Node node = made(Operator::convolution, {input});
        const MapShape& in = graph_.nodes[input].shape;
        node.window = window(o);
        node.groups = o.groups;
        const uint32_t kernel = (o.kernel - 1) * o.dilation + 1;
        const uint32_t side = (in.height + 2 * o.padding - kernel) / o.stride + 1;
        node.shape = {side, side, out};
        fill(node, in.channels / o.groups * o.kernel * o.kernel, gain);
        return add(std::move(node));
    }
    uint32_t block(uint32_t input, uint32_t out, const Options& o) {
        return relu(convolution(input, out, o));
    }
    uint32_t relu(uint32_t input) { return same(Operator::relu, {input}); }
    uint32_t relu6(uint32_t input) {
        const uint32_t node = same(Operator::clip, {input});
        graph_.nodes[node].clip_high = 6;
        return node;
    }
    uint32_t sum(uint32_t a, uint32_t b) { return same(Operator::add, {a, b}); }
    uint32_t normalisation(uint32_t input) {
        const uint32_t node = same(Operator::batch_normalisation, {input});
        std::normal_distribution<float> normal(0, 0.3f);
        for (uint32_t c = 0; c < channels_of(node); ++c) {
            graph_.nodes[node].weights.push_back(1 + normal(random_));
            graph_.nodes[node].bias.push_back(normal(random_));
        }
        return node;
    }
    uint32_t concatenation(const std::vector<uint32_t>& inputs) {
        const uint32_t node = same(Operator::concat, inputs);
        uint32_t channels = 0;
        for (const uint32_t input : inputs) channels += channels_of(input);
        graph_.nodes[node].shape.channels = channels;
        return node;
    }
    uint32_t pool(Operator kind, uint32_t input, uint32_t kernel, uint32_t stride,
                  uint32_t padding = 0, bool ceil = false) {
        Node node = made(kind, {input});
        const MapShape& in = graph_.nodes[input].shape;
        node.window = window({kernel, stride, padding, 1, 1});
        const uint32_t steps = in.height + 2 * padding - kernel;
        uint32_t side = (ceil ? (steps + stride - 1) / stride : steps / stride) + 1;
        if (ceil && (side - 1) * stride >= in.height + padding) --side;
        node.shape = {side, side, in.channels};
        return add(std::move(node));
    }
    uint32_t max_pool(uint32_t input, uint32_t kernel, uint32_t stride, uint32_t padding = 0,
                      bool ceil = false) {
        return pool(Operator::max_pool, input, kernel, stride, padding, ceil);
    }
    uint32_t average(uint32_t input) {
        return pool(Operator::average_pool, input, side_of(input), 1);
    }
    uint32_t fully_connected(uint32_t input, uint32_t out, double gain = 2) {
        Node node = made(Operator::fully_connected, {input});
        node.shape = {1, 1, out};
        fill(node, static_cast<uint32_t>(graph_.nodes[input].shape.values()), gain);
        return add(std::move(node));
    }
    Graph finish(uint32_t output) {
        graph_.output = output;
        return std::move(graph_);
    }
    const TopologySize& size() const { return size_; }

private:
    static Window window(const Options& o) {
        return {o.kernel,   o.kernel,  o.stride,  o.stride,  o.dilation,
                o.dilation, o.padding, o.padding, o.padding, o.padding};
    }
    Node made(Operator kind, std::vector<uint32_t> inputs) const {
        Node node;
        node.kind = kind;
        node.name = "n" + std::to_string(graph_.nodes.size());
        node.title = "node " + node.name;
        node.inputs = std::move(inputs);
        return node;
    }
    uint32_t same(Operator kind, std::vector<uint32_t> inputs) {
        Node node = made(kind, std::move(inputs));
        node.shape = graph_.nodes[node.inputs.front()].shape;
        return add(std::move(node));
    }
    uint32_t add(Node node) {
        graph_.nodes.push_back(std::move(node));
        return static_cast<uint32_t>(graph_.nodes.size() - 1);
    }
    void fill(Node& node, uint32_t reduction, double gain) {
        std::normal_distribution<float> normal(0, float(std::sqrt(gain / reduction)));
        node.weights.resize(std::size_t{reduction} * node.shape.channels);
        for (float& w : node.weights) w = normal(random_);
        for (uint32_t n = 0; n < node.shape.channels; ++n)
            node.bias.push_back(0.2f * normal(random_) * std::sqrt(float(reduction)));
    }

    TopologySize size_;
    std::mt19937 random_;
    Graph graph_;
};

Graph resnet(Builder b, const std::vector<uint32_t>& blocks, bool bottleneck) {
    uint32_t x = b.max_pool(b.block(0, b.channels(64), {7, 2, 3, 1, 1}), 3, 2, 1);
    for (uint32_t stage = 0; stage < 4; ++stage) {
        const uint32_t width = b.channels(64 << stage), out = bottleneck ? 4 * width : width;
        for (uint32_t i = 0; i < blocks[stage]; ++i) {
            const uint32_t stride = stage > 0 && i == 0 ? 2 : 1;
            uint32_t y;
            if (bottleneck) {
                y = b.block(x, width, {1, 1, 0, 1, 1});
                y = b.block(y, width, {3, stride, 1, 1, 1});
                y = b.convolution(y, out, {1, 1, 0, 1, 1}, 0.5);
            } else {
                y = b.block(x, width, {3, stride, 1, 1, 1});
                y = b.convolution(y, out, {3, 1, 1, 1, 1}, 0.5);
            }
            if (b.channels_of(x) != out) x = b.convolution(x, out, {1, stride, 0, 1, 1}, 1);
            x = b.relu(b.sum(y, x));
        }
    }
    return b.finish(b.fully_connected(b.average(x), b.size().classes, 1));
}

Graph squeezenet(Builder b) {
    const auto fire = [&](uint32_t x, uint32_t squeeze, uint32_t expand) {
        const uint32_t s = b.block(x, b.channels(squeeze), {1, 1, 0, 1, 1});
        const uint32_t one = b.block(s, b.channels(expand), {1, 1, 0, 1, 1});
        return b.concatenation({one, b.block(s, b.channels(expand), {})});
    };
    uint32_t x = b.max_pool(b.block(0, b.channels(64), {3, 2, 0, 1, 1}), 3, 2, 0, true);
    x = b.max_pool(fire(fire(x, 16, 64), 16, 64), 3, 2, 0, true);
    x = b.max_pool(fire(fire(x, 32, 128), 32, 128), 3, 2, 0, true);
    x = fire(fire(fire(fire(x, 48, 192), 48, 192), 64, 256), 64, 256);
    return b.finish(b.average(b.block(x, b.size().classes, {1, 1, 0, 1, 1})));
}

Graph vgg16(Builder b) {
    uint32_t x = 0;
    for (const auto& [layers, width] :
         {std::pair{2u, 64u}, {2u, 128u}, {3u, 256u}, {3u, 512u}, {3u, 512u}}) {
        for (uint32_t i = 0; i < layers; ++i) x = b.block(x, b.channels(width), {});
        x = b.max_pool(x, 2, 2);
    }
    for (int i = 0; i < 2; ++i) x = b.relu(b.fully_connected(x, b.channels(4096)));
    return b.finish(b.fully_connected(x, b.size().classes, 1));
}

Graph alexnet(Builder b, uint32_t groups) {
    uint32_t x = b.max_pool(b.block(0, b.channels(64), {11, 4, 2, 1, 1}), 3, 2);
    x = b.max_pool(b.block(x, b.channels(192), {5, 1, 2, groups, 1}), 3, 2);
    x = b.block(x, b.channels(384), {});
    x = b.block(x, b.channels(256), {3, 1, 1, groups, 1});
    x = b.max_pool(b.block(x, b.channels(256), {3, 1, 1, groups, 1}), 3, 2);
    for (int i = 0; i < 2; ++i) x = b.relu(b.fully_connected(x, b.channels(4096)));
    return b.finish(b.fully_connected(x, b.size().classes, 1));
}

Graph mobilenetv2(Builder b) {
    const uint32_t settings[][4] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                                    {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    uint32_t x = b.relu6(b.convolution(0, b.channels(32), {3, 2, 1, 1, 1}));
    for (const auto& [expansion, out, count, first_stride] : settings)
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t wide = expansion * b.channels_of(x);
            uint32_t y = x;
            if (expansion > 1) y = b.relu6(b.convolution(x, wide, {1, 1, 0, 1, 1}));
            y = b.relu6(b.convolution(y, wide, {3, i == 0 ? first_stride : 1, 1, wide, 1}));
            y = b.convolution(y, b.channels(out), {1, 1, 0, 1, 1}, 1);
            x = i > 0 ? b.sum(x, y) : y;
        }
    x = b.relu6(b.convolution(x, b.channels(1280), {1, 1, 0, 1, 1}));
    return b.finish(b.fully_connected(b.average(x), b.size().classes, 1));
}

/// Four branches of different inputs, one a pooled map; a concatenation of stored maps, normalised;
/// a sum of two stored maps; dilation; a linear map that is pooled; channels in groups; logits
/// behind a ReLU.
Graph mixed(Builder b) {
    const uint32_t x = b.block(0, b.channels(32), {3, 2, 1, 1, 1});
    const uint32_t three = b.block(x, b.channels(16), {1, 1, 0, 1, 1});
    const uint32_t five = b.block(x, b.channels(16), {1, 1, 0, 1, 1});
    const uint32_t branches = b.concatenation(
        {b.block(x, b.channels(16), {1, 1, 0, 1, 1}), b.block(three, b.channels(24), {}),
         b.block(five, b.channels(8), {5, 1, 2, 1, 1}),
         b.block(b.max_pool(x, 3, 1, 1), b.channels(8), {1, 1, 0, 1, 1})});
    const uint32_t more = b.convolution(branches, b.channels(16), {3, 1, 2, 1, 2});
    const uint32_t dense = b.relu(b.normalisation(b.concatenation({branches, more})));
    const uint32_t shrunk = b.pool(Operator::average_pool, dense, 2, 2);
    const uint32_t groups = b.channels(8);
    const uint32_t grouped = b.block(shrunk, b.channels_of(shrunk), {3, 1, 1, groups, 1});
    const uint32_t both = b.sum(shrunk, grouped);
    const uint32_t linear = b.max_pool(b.convolution(both, b.channels(32), {}), 3, 2, 0, true);
    const uint32_t again = b.relu6(b.sum(linear, b.convolution(linear, b.channels(32), {})));
    return b.finish(b.relu(b.fully_connected(b.average(again), b.size().classes)));
}

}  // namespace

std::vector<std::string> topology_names() {
    return {"resnet18", "resnet34",    "resnet50", "squeezenet", "vgg16",
            "alexnet",  "mobilenetv2", "grouped",  "mixed"};
}

Graph topology(const std::string& name, const TopologySize& size, uint32_t seed) {
    const Builder b(size, seed);
    if (name == "resnet18") return resnet(b, {2, 2, 2, 2}, false);
    if (name == "resnet34") return resnet(b, {3, 4, 6, 3}, false);
    if (name == "resnet50") return resnet(b, {3, 4, 6, 3}, true);
    if (name == "squeezenet") return squeezenet(b);
    if (name == "vgg16") return vgg16(b);
    if (name == "alexnet") return alexnet(b, 1);
    if (name == "grouped") return alexnet(b, 2);
    if (name == "mobilenetv2") return mobilenetv2(b);
    if (name == "mixed") return mixed(b);
    throw std::invalid_argument("no topology " + name);
}

namespace {

/// Calls use(row, column, index of the tap) for the taps of a window that lie in the map.
template <typename Use>
void for_each_tap(const Window& w, const MapShape& in, uint32_t oy, uint32_t ox, Use use) {
    for (uint32_t i = 0; i < w.kernel_y * w.kernel_x; ++i) {
        const int64_t y =
            int64_t{oy} * w.stride_y + int64_t{i / w.kernel_x} * w.dilation_y - w.padding_top;
        const int64_t x =
            int64_t{ox} * w.stride_x + int64_t{i % w.kernel_x} * w.dilation_x - w.padding_left;
        if (y >= 0 && y < in.height && x >= 0 && x < in.width)
            use(static_cast<std::size_t>(y * in.width + x) * in.channels, i);
    }
}

double value_of(const Node& node, const Graph& graph, const std::vector<std::vector<float>>& maps,
                uint32_t y, uint32_t x, uint32_t c) {
    const MapShape& in = graph.nodes[node.inputs[0]].shape;
    const std::vector<float>& from = maps[node.inputs[0]];
    const std::size_t at = (std::size_t{y} * node.shape.width + x) * node.shape.channels + c;
    double sum = 0;
    switch (node.kind) {
        case Operator::convolution: {
            const uint32_t n = in.channels / node.groups;
            const uint32_t group = c / (node.shape.channels / node.groups);
            const uint32_t taps = node.window.kernel_y * node.window.kernel_x;
            for_each_tap(node.window, in, y, x, [&](std::size_t pixel, uint32_t tap) {
                for (uint32_t i = 0; i < n; ++i)
                    sum += double{from[pixel + group * n + i]} *
                           node.weights[(std::size_t{c} * n + i) * taps + tap];
            });
            return sum + node.bias[c];
        }
        case Operator::fully_connected:
            for (uint32_t i = 0; i < in.channels; ++i)
                for (uint32_t p = 0; p < in.height * in.width; ++p)
                    sum +=
                        double{from[std::size_t{p} * in.channels + i]} *
                        node.weights[c * in.values() + std::size_t{i} * in.height * in.width + p];
            return sum + node.bias[c];
        case Operator::max_pool:
            sum = -INFINITY;
            for_each_tap(node.window, in, y, x, [&](std::size_t pixel, uint32_t) {
                sum = std::max<double>(sum, from[pixel + c]);
            });
            return sum;
        case Operator::average_pool:
            for_each_tap(node.window, in, y, x,
                         [&](std::size_t pixel, uint32_t) { sum += from[pixel + c]; });
            return sum / (node.window.kernel_y * node.window.kernel_x);
        case Operator::concat:
            for (const uint32_t input : node.inputs) {
                const uint32_t n = graph.nodes[input].shape.channels;
                if (c < n) return maps[input][(std::size_t{y} * node.shape.width + x) * n + c];
                c -= n;
            }
            return 0;
        case Operator::batch_normalisation:
            return double{from[at]} * node.weights[c] + node.bias[c];
        case Operator::relu:
            return std::max(from[at], 0.0f);
        case Operator::clip:
            return std::clamp(from[at], 0.0f, node.clip_high);
        case Operator::add:
            return double{from[at]} + maps[node.inputs[1]][at];
        case Operator::picture:
            break;
    }
    return 0;
}

}  // namespace

std::vector<float> evaluate(const Graph& graph, const std::vector<float>& picture) {
    std::vector<std::vector<float>> maps{picture};
    for (std::size_t n = 1; n < graph.nodes.size(); ++n) {
        const Node& node = graph.nodes[n];
        std::vector<float> map;
        map.reserve(node.shape.values());
        for (uint32_t y = 0; y < node.shape.height; ++y)
            for (uint32_t x = 0; x < node.shape.width; ++x)
                for (uint32_t c = 0; c < node.shape.channels; ++c)
                    map.push_back(static_cast<float>(value_of(node, graph, maps, y, x, c)));
        maps.push_back(std::move(map));
    }
    return maps[graph.output];
}

}  // namespace karhunen
