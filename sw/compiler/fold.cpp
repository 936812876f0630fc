#include "sw/compiler/fold.h"

#include <algorithm>
#include <optional>

#include "sw/compiler/error.h"

namespace karhunen {

namespace {

/// What a node's result is while layers are being put together: a stored map, or a convolution
/// that still waits for its ReLU.
struct Value {
    uint32_t map = 0;
    std::optional<FloatLayer> pending;
};

[[noreturn]] void refuse(const Node& node, const std::string& why) {
    throw CompileError(node.title + ": " + why);
}

/// ONNX's [out][in][ky][kx] to [ky][kx][in][out].
std::vector<float> reordered(const Node& node, const FloatConvolution& c) {
    std::vector<float> result(node.weights.size());
    const std::size_t in = c.input_shape.channels, out = c.output_shape.channels;
    const std::size_t taps = std::size_t{c.kernel_y} * c.kernel_x;
    for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i)
            for (std::size_t tap = 0; tap < taps; ++tap)
                result[(tap * in + i) * out + o] = node.weights[(o * in + i) * taps + tap];
    return result;
}

class Folder {
public:
    explicit Folder(const Graph& graph) : graph_(graph), uses_(graph.nodes.size()) {
        ++uses_[graph.output];
        for (std::size_t n = graph.nodes.size(); n-- > 0;)  // readers come after what they read
            for (const uint32_t input : graph.nodes[n].inputs) uses_[input] += uses_[n] > 0;
    }

    Network run() {
        network_.input = graph_.nodes.front().shape;
        for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
            values_.push_back(uses_[n] == 0 ? Value{} : fold_node(graph_.nodes[n]));
            if (values_[n].map > 0) network_.layers[values_[n].map - 1].node = n;
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
                return relu(node);
            case Operator::max_pool:
                return max_pool(node);
            case Operator::average_pool:
                return average_pool(node);
            case Operator::add:
                return addition(node);
            case Operator::clip:
            case Operator::concat:
                break;
        }
        refuse(node, "the machine has no such operator");
    }

    uint32_t stored_input(const Node& node) const {
        const uint32_t input = node.inputs.front();
        if (values_[input].pending)
            refuse(node, "takes the result of " + graph_.nodes[input].title +
                             " before a ReLU; the machine stores rectified maps only");
        return values_[input].map;
    }

    /// The unfinished layer that `node` continues; it must have no other reader.
    FloatLayer continued(const Node& node, uint32_t input, const char* what) const {
        const Value& value = values_[input];
        if (!value.pending)
            refuse(node, std::string("must follow ") + what + ", but follows " +
                             graph_.nodes[input].title);
        if (uses_[input] != 1)
            refuse(node, "takes the result of " + graph_.nodes[input].title +
                             ", which other nodes use too before its ReLU");
        return *value.pending;
    }

    Value convolution(const Node& node) {
        if (node.groups != 1 || node.window.dilation_y != 1 || node.window.dilation_x != 1)
            refuse(node, "the machine has no groups or dilation");
        FloatLayer layer;
        layer.name = node.name;
        FloatConvolution& c = layer.convolution;
        c.input = stored_input(node);
        c.input_shape = graph_.nodes[node.inputs.front()].shape;
        c.kernel_y = node.window.kernel_y;
        c.kernel_x = node.window.kernel_x;
        c.stride_y = node.window.stride_y;
        c.stride_x = node.window.stride_x;
        c.padding_top = node.window.padding_top;
        c.padding_left = node.window.padding_left;
        if (node.kind == Operator::fully_connected) {  // a convolution as large as the map
            c.kernel_y = c.input_shape.height;
            c.kernel_x = c.input_shape.width;
        }
        c.output_shape = layer.unpooled = layer.output = node.shape;
        c.weights = reordered(node, c);
        c.bias = node.bias;
        return Value{0, std::move(layer)};
    }

    Value normalisation(const Node& node) const {
        FloatLayer layer = continued(node, node.inputs.front(), "a convolution");
        if (layer.shortcut || layer.residual || layer.pool)
            refuse(node, "must follow a convolution, not an addition or pooling");
        FloatConvolution& c = layer.convolution;
        const std::size_t channels = c.output_shape.channels;
        for (std::size_t i = 0; i < c.weights.size(); ++i)
            c.weights[i] *= node.weights[i % channels];
        for (std::size_t n = 0; n < channels; ++n)
            c.bias[n] = c.bias[n] * node.weights[n] + node.bias[n];
        return Value{0, std::move(layer)};
    }

    Value addition(const Node& node) const {
        uint32_t a = node.inputs[0], b = node.inputs[1];
        const auto size = [&](uint32_t n) {
            return values_[n].pending ? values_[n].pending->convolution.weights.size() : 0;
        };
        if (size(b) > size(a)) std::swap(a, b);  // the smaller convolution is the shortcut
        FloatLayer layer = continued(node, a, "a convolution in one operand");
        if (layer.shortcut || layer.residual || layer.pool)
            refuse(node, "adds to " + graph_.nodes[a].title +
                             "; an addition must follow a convolution directly");
        if (values_[b].pending) {
            const FloatLayer other = continued(node, b, "a convolution");
            if (other.shortcut || other.residual || other.pool)
                refuse(node, "adds " + graph_.nodes[b].title +
                                 "; the second operand may be a rectified map or a convolution");
            layer.shortcut = other.convolution;
        } else if (values_[b].map == 0) {
            refuse(node, "adds the picture; the operand must be a rectified map");
        } else {
            layer.residual = values_[b].map;
        }
        return Value{0, std::move(layer)};
    }

    Value relu(const Node& node) {
        const uint32_t input = node.inputs.front();
        if (!values_[input].pending) {
            if (values_[input].map == 0) refuse(node, "rectifies the picture");
            return values_[input];  // a stored map is rectified already
        }
        return store(continued(node, input, "a convolution"));
    }

    Value max_pool(const Node& node) {
        const uint32_t input = node.inputs.front();
        const PoolWindow window = square(node);
        if (values_[input].pending) {
            FloatLayer layer = continued(node, input, "a convolution");
            if (layer.pool) refuse(node, "pools twice before a ReLU");
            layer.pool = window;
            layer.output = node.shape;
            return Value{0, std::move(layer)};
        }
        const uint32_t map = stored_input(node);
        if (map == 0) refuse(node, "pools the picture; the operand must be a rectified map");
        FloatLayer& before = network_.layers[map - 1];
        // Max-pooling commutes with ReLU: the convolution's layer can do both.
        if (before.kind == LayerKind::convolution && !before.pool && readers(map) == 1) {
            before.pool = window;
            before.output = node.shape;
            return values_[input];
        }
        return store(pooling(node, LayerKind::max_pool, map));
    }

    Value average_pool(const Node& node) {
        const uint32_t map = stored_input(node);
        if (map == 0) refuse(node, "pools the picture; the operand must be a rectified map");
        return store(pooling(node, LayerKind::average_pool, map));
    }

    FloatLayer pooling(const Node& node, LayerKind kind, uint32_t map) const {
        FloatLayer layer;
        layer.name = node.name;
        layer.kind = kind;
        layer.input = map;
        layer.pool = square(node);
        layer.unpooled = network_.shape(map);
        layer.output = node.shape;
        return layer;
    }

    static PoolWindow square(const Node& node) {
        const Window& w = node.window;
        if (w.kernel_y != w.kernel_x || w.stride_y != w.stride_x ||
            w.padding_top != w.padding_left || w.padding_top != w.padding_bottom ||
            w.padding_top != w.padding_right)
            refuse(node, "the window, its stride and its padding must be square");
        return {w.kernel_y, w.stride_y, w.padding_top};
    }

    /// How many nodes read a stored map.
    uint32_t readers(uint32_t map) const {
        uint32_t count = 0;
        for (uint32_t n = 0; n < graph_.nodes.size(); ++n)
            for (const uint32_t input : graph_.nodes[n].inputs)
                count += uses_[n] && input < values_.size() && !values_[input].pending &&
                         values_[input].map == map;
        return count;
    }

    Value store(FloatLayer layer) {
        network_.layers.push_back(std::move(layer));
        return Value{static_cast<uint32_t>(network_.layers.size()), {}};
    }

    void finish() {
        const Node& last = graph_.nodes[graph_.output];
        Value& value = values_[graph_.output];
        const bool vector = last.shape.height == 1 && last.shape.width == 1;
        if (!value.pending || value.pending->pool || value.pending->shortcut ||
            value.pending->residual || !vector)
            refuse(last, "the network must end in a fully connected layer without ReLU");
        value.pending->logits = true;
        store(std::move(*value.pending));
    }

    const Graph& graph_;
    std::vector<uint32_t> uses_;  ///< by nodes that the output depends on
    std::vector<Value> values_;
    Network network_;
};

}  // namespace

Network fold(const Graph& graph) {
    return Folder(graph).run();
}

}  // namespace karhunen
