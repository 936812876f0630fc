#include "sw/compiler/fold.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include <karhunen/loadable.h>

#include "models/arithmetic/pooling.h"
#include "sw/compiler/error.h"

namespace karhunen {

namespace {

/// What a node's result is: a stored map, or a layer to which more may be added.
struct Value {
    uint32_t map = 0;
    std::optional<FloatLayer> pending;
    bool activated = false;  ///< the layer ends in a ReLU or in pooling: nothing is added to sums
};

[[noreturn]] void refuse(const Node& node, const std::string& why) {
    throw CompileError(node.title + ": " + why);
}

/// ONNX's [out][in / groups][ky][kx] to [ky][kx][in / groups][out].
std::vector<float> reordered(const Node& node, const FloatConvolution& c) {
    std::vector<float> result(node.weights.size());
    const std::size_t in = c.group_channels(), out = c.output_shape.channels;
    const std::size_t taps = std::size_t{c.kernel_y} * c.kernel_x;
    for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i)
            for (std::size_t tap = 0; tap < taps; ++tap)
                result[(tap * in + i) * out + o] = node.weights[(o * in + i) * taps + tap];
    return result;
}

/// Each channel times a factor, plus a bias: a depthwise convolution of one tap.
FloatLayer scaled(const Node& node, uint32_t map, const MapShape& shape, std::vector<float> factors,
                  std::vector<float> bias) {
    FloatLayer layer;
    layer.name = node.name;
    FloatConvolution& c = layer.convolution;
    c.input = map;
    c.input_shape = c.output_shape = layer.unpooled = layer.output = shape;
    c.groups = shape.channels;
    c.weights = std::move(factors);
    c.bias = std::move(bias);
    layer.rectified = false;
    return layer;
}

FloatLayer copied(const Node& node, uint32_t map, const MapShape& shape) {
    return scaled(node, map, shape, std::vector<float>(shape.channels, 1.0f),
                  std::vector<float>(shape.channels, 0.0f));
}

class Folder {
public:
    explicit Folder(Graph graph) : graph_(std::move(graph)), uses_(graph_.nodes.size()) {
        ++uses_[graph_.output];
        for (std::size_t n = graph_.nodes.size(); n-- > 0;)  // readers come after what they read
            for (const uint32_t input : graph_.nodes[n].inputs) uses_[input] += uses_[n] > 0;
    }

    Network run() {
        network_.input = graph_.nodes.front().shape;
        network_.picture_factor = graph_.nodes.front().weights;
        network_.picture_offset = graph_.nodes.front().bias;
        for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
            values_.push_back(uses_[n] == 0 ? Value{} : fold_node(graph_.nodes[n]));
            if (values_[n].pending) values_[n].pending->node = n;
            std::vector<float>().swap(graph_.nodes[n].weights);
        }
        finish();
        network_.layers.back().node = graph_.output;
        return std::move(network_);
    }

private:
    Value fold_node(const Node& node) {
        switch (node.kind) {
            case Operator::picture:
                return Value{};
            case Operator::convolution:
            case Operator::fully_connected:
                return convolution(node);
            case Operator::batch_normalisation:
                return normalisation(node);
            case Operator::relu:
                return relu(node, std::numeric_limits<float>::infinity());
            case Operator::clip:
                return relu(node, node.clip_high);
            case Operator::concat:
                return concatenation(node);
            case Operator::max_pool:
                return max_pool(node);
            case Operator::average_pool:
                return average_pool(node);
            case Operator::add:
                return addition(node);
        }
        refuse(node, "the machine has no such operator");
    }

    const MapShape& shape_of(uint32_t node) const { return graph_.nodes[node].shape; }

    /// The map of a node's result; a layer that is not finished ends with it.
    uint32_t stored(uint32_t node) {
        Value& value = values_[node];
        if (value.pending) {
            network_.layers.push_back(std::move(*value.pending));
            value = Value{static_cast<uint32_t>(network_.layers.size()), {}, false};
        }
        return value.map;
    }

    /// Whether a node's only reader may add to the layer that makes it.
    bool is_open(uint32_t node) const { return values_[node].pending && uses_[node] == 1; }
    /// And it joins maps, and does nothing else yet.
    bool is_joined(uint32_t node) const {
        if (!is_open(node)) return false;
        const FloatLayer& layer = *values_[node].pending;
        return !layer.beside.empty() && !layer.rectified && !layer.pool;
    }
    /// And there is nothing but a convolution yet.
    bool is_plain(uint32_t node) const { return !values_[node].activated && can_join(node); }

    Value convolution(const Node& node) {
        FloatLayer layer;
        layer.name = node.name;
        layer.rectified = false;
        FloatConvolution& c = layer.convolution;
        c.input = stored(node.inputs.front());
        c.input_shape = shape_of(node.inputs.front());
        c.kernel_y = node.window.kernel_y;
        c.kernel_x = node.window.kernel_x;
        c.stride_y = node.window.stride_y;
        c.stride_x = node.window.stride_x;
        c.padding_top = node.window.padding_top;
        c.padding_left = node.window.padding_left;
        c.dilation_y = node.window.dilation_y;
        c.dilation_x = node.window.dilation_x;
        c.groups = node.groups;
        if (node.kind == Operator::fully_connected) {  // a convolution as large as the map
            c.kernel_y = c.input_shape.height;
            c.kernel_x = c.input_shape.width;
        }
        c.output_shape = layer.unpooled = layer.output = node.shape;
        if (c.padding_top >= c.window_rows() ||
            c.padding_left >= (c.kernel_x - 1) * c.dilation_x + 1)
            refuse(node, "has as much padding as its window is wide; the machine takes less");
        c.weights = reordered(node, c);
        c.bias = node.bias;
        return Value{0, std::move(layer), false};
    }

    Value normalisation(const Node& node) {
        const uint32_t input = node.inputs.front();
        if (!is_plain(input) && !is_joined(input))
            return Value{0, scaled(node, stored(input), shape_of(input), node.weights, node.bias),
                         false};
        FloatLayer layer = std::move(*values_[input].pending);
        const float *factor = node.weights.data(), *bias = node.bias.data();
        normalise(layer.convolution, factor, bias);
        for (FloatConvolution& c : layer.beside) normalise(c, factor, bias);
        return Value{0, std::move(layer), values_[input].activated};
    }

    /// By the next factors and biases.
    static void normalise(FloatConvolution& c, const float*& factor, const float*& bias) {
        const std::size_t channels = c.output_shape.channels;
        for (std::size_t i = 0; i < c.weights.size(); ++i) c.weights[i] *= factor[i % channels];
        for (std::size_t n = 0; n < channels; ++n) c.bias[n] = c.bias[n] * factor[n] + bias[n];
        factor += channels;
        bias += channels;
    }

    /// One operand becomes the layer, the other its residual or its shortcut.
    Value addition(const Node& node) {
        uint32_t a = node.inputs[0], b = node.inputs[1];
        const auto size = [&](uint32_t n) {
            return is_plain(n) ? values_[n].pending->convolution.weights.size() : 0;
        };
        if (size(b) > size(a)) std::swap(a, b);  // the smaller convolution is the shortcut
        if (!is_plain(a)) {  // two stored maps: one is copied while the other is added
            FloatLayer layer = copied(node, stored(a), shape_of(a));
            layer.residual = stored(b);
            return Value{0, std::move(layer), false};
        }
        if (is_plain(b) && a != b) {
            FloatLayer layer = std::move(*values_[a].pending);
            layer.shortcut = std::move(values_[b].pending->convolution);
            return Value{0, std::move(layer), false};
        }
        const uint32_t residual = stored(b);
        FloatLayer layer = std::move(*values_[a].pending);
        layer.residual = residual;
        return Value{0, std::move(layer), false};
    }

    /// To 0 from below, and to `ceiling` from above.
    Value relu(const Node& node, float ceiling) {
        const uint32_t input = node.inputs.front();
        FloatLayer layer;
        if (is_open(input) && ends_in_relu(*values_[input].pending, ceiling))
            layer = std::move(*values_[input].pending);
        else if (is_rectified(input) && std::isinf(ceiling))
            return values_[input] = Value{stored(input), {}, false};
        else
            layer = copied(node, stored(input), shape_of(input));
        layer.rectified = true;
        layer.ceiling = std::min(layer.ceiling, ceiling);
        return Value{0, std::move(layer), true};
    }

    static bool ends_in_relu(const FloatLayer& layer, float ceiling) {
        return layer.kind == LayerKind::convolution ||
               (layer.kind == LayerKind::max_pool && std::isinf(ceiling));
    }

    bool is_rectified(uint32_t node) const {
        const Value& value = values_[node];
        if (value.pending) return value.pending->rectified;
        return value.map > 0 && network_.layers[value.map - 1].rectified;
    }

    /// Maximum and ReLU commute: a convolution's layer can do both.
    Value max_pool(const Node& node) {
        const uint32_t input = node.inputs.front();
        const PoolWindow window = square(node, shape_of(input));
        if (is_open(input) && values_[input].pending->kind == LayerKind::convolution &&
            !values_[input].pending->pool) {
            FloatLayer layer = std::move(*values_[input].pending);
            layer.pool = window;
            layer.output = node.shape;
            return Value{0, std::move(layer), true};
        }
        return Value{0, pooling(node, LayerKind::max_pool, window), true};
    }

    Value average_pool(const Node& node) {
        const PoolWindow window = square(node, shape_of(node.inputs.front()));
        const Window& w = node.window;
        const bool leaves = window.partial || w.padding_top || w.padding_left || w.padding_bottom ||
                            w.padding_right;
        if (leaves && !(w.counts_padding && !window.partial))
            refuse(node,
                   "averages fewer values where windows leave the map; the machine divides "
                   "by the same number everywhere");
        return Value{0, pooling(node, LayerKind::average_pool, window), true};
    }

    FloatLayer pooling(const Node& node, LayerKind kind, const PoolWindow& window) {
        FloatLayer layer;
        layer.name = node.name;
        layer.kind = kind;
        layer.rectified = is_rectified(node.inputs.front());
        layer.input = stored(node.inputs.front());
        layer.pool = window;
        layer.unpooled = network_.shape(layer.input);
        layer.output = node.shape;
        return layer;
    }

    /// Padding at the bottom and at the right follows from the shape of the result.
    static PoolWindow square(const Node& node, const MapShape& from) {
        const Window& w = node.window;
        if (w.kernel_y != w.kernel_x || w.stride_y != w.stride_x || w.padding_top != w.padding_left)
            refuse(node, "the window, its stride and its padding must be square");
        if (w.dilation_y != 1 || w.dilation_x != 1)
            refuse(node, "the machine pools without dilation");
        if (w.padding_top >= w.kernel_y || w.kernel_y > 255 || w.stride_y > 255)
            refuse(node, "the machine pools windows of up to 255 x 255, less padding than that");
        PoolWindow window{w.kernel_y, w.stride_y, w.padding_top, false};
        for (const bool partial : {false, true}) {
            window.partial = partial;
            PoolShape shape{w.kernel_y, w.stride_y,    w.padding_top, from.height,
                            from.width, from.channels, partial};
            const bool fits = std::min(from.height, from.width) + 2 * w.padding_top >= w.kernel_y;
            if (fits && shape.output_height() == node.shape.height &&
                shape.output_width() == node.shape.width)
                return window;
        }
        refuse(node,
               "the padding at the bottom and at the right gives another number of windows "
               "than the machine makes");
    }

    /// Convolutions make the map together; what is stored already is copied.
    Value concatenation(const Node& node) {
        if (node.inputs.size() > KRHN_MAX_OPERATIONS)
            refuse(node, "joins " + std::to_string(node.inputs.size()) +
                             " maps; a layer takes up to " + std::to_string(KRHN_MAX_OPERATIONS));
        const uint32_t first = node.inputs.front();
        bool joins = true;  // as they are: they end alike
        for (const uint32_t input : node.inputs)
            joins = joins && can_join(input) &&
                    values_[input].pending->rectified == values_[first].pending->rectified &&
                    values_[input].pending->ceiling == values_[first].pending->ceiling;
        FloatLayer layer;
        layer.name = node.name;
        layer.rectified = true;
        std::vector<FloatConvolution> parts;
        for (const uint32_t input : node.inputs) {
            layer.rectified = layer.rectified && is_rectified(input);
            if (joins) {
                layer.ceiling = values_[input].pending->ceiling;
                parts.push_back(std::move(values_[input].pending->convolution));
            } else {
                parts.push_back(copied(node, stored(input), shape_of(input)).convolution);
            }
        }
        layer.convolution = std::move(parts.front());
        layer.beside.assign(std::make_move_iterator(parts.begin() + 1),
                            std::make_move_iterator(parts.end()));
        layer.unpooled = layer.output = node.shape;
        return Value{0, std::move(layer), true};
    }

    bool can_join(uint32_t node) const {
        if (!is_open(node)) return false;
        const FloatLayer& layer = *values_[node].pending;
        return layer.kind == LayerKind::convolution && !layer.pool && !layer.shortcut &&
               !layer.residual && layer.beside.empty();
    }

    /// Logits are sums: of a convolution, or of a map that is averaged.
    void finish() {
        const Node& last = graph_.nodes[graph_.output];
        if (last.shape.height != 1 || last.shape.width != 1)
            refuse(last, "the network must end in a vector of logits");
        Value& value = values_[graph_.output];
        const bool sums =
            is_plain(graph_.output) ||
            (is_open(graph_.output) && value.pending->kind == LayerKind::average_pool);
        if (!sums) {
            const uint32_t map = stored(graph_.output);
            if (map == 0) refuse(last, "the network is empty");
            value = Value{0, copied(last, map, last.shape), false};
            value.pending->name += ".logits";
        }
        value.pending->logits = true;
        stored(graph_.output);
    }

    Graph graph_;
    std::vector<uint32_t> uses_;  ///< by nodes that the output depends on
    std::vector<Value> values_;
    Network network_;
};

}  // namespace

Network fold(Graph graph) {
    return Folder(std::move(graph)).run();
}

}  // namespace karhunen
