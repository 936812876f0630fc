#include <algorithm>
#include <cmath>

#include "sw/compiler/onnx_importer.h"

namespace karhunen {

namespace {

constexpr uint32_t largest_window = 255;  // the array's registers have 8 bits for each

std::string text_of(const MapShape& s) {
    return std::to_string(s.channels) + " x " + std::to_string(s.height) + " x " +
           std::to_string(s.width);
}

uint32_t output_side(uint32_t input, uint32_t kernel, uint32_t stride, uint32_t padding) {
    return (input + padding - kernel) / stride + 1;
}

}  // namespace

// ---- Windows ----

Window OnnxImporter::window_of(Attributes& attributes, std::vector<int64_t> kernel,
                               const MapShape& in, MapShape& out) const {
    attributes.require_text("auto_pad", "NOTSET");
    const auto given = attributes.integers("kernel_shape", kernel);
    if (!kernel.empty() && given != kernel)
        refuse(title_, "attribute kernel_shape does not fit its weights");
    kernel = given;
    const auto strides = attributes.integers("strides", {1, 1});
    const auto pads = attributes.integers("pads", {0, 0, 0, 0});
    const auto dilations = attributes.integers("dilations", {1, 1});
    const auto within = [](const std::vector<int64_t>& v, std::size_t n, int64_t low) {
        return v.size() == n && std::all_of(v.begin(), v.end(), [&](int64_t x) {
                   return x >= low && x <= largest_window;
               });
    };
    if (dilations != std::vector<int64_t>{1, 1}) refuse(title_, "attribute dilations must be 1, 1");
    if (!within(kernel, 2, 1)) refuse(title_, "attribute kernel_shape must be two of 1 to 255");
    if (!within(strides, 2, 1)) refuse(title_, "attribute strides must be two of 1 to 255");
    if (!within(pads, 4, 0) || pads[0] >= kernel[0] || pads[1] >= kernel[1] ||
        pads[2] >= kernel[0] || pads[3] >= kernel[1])
        refuse(title_, "attribute pads must be four values smaller than the kernel");
    const auto u = [](int64_t value) { return static_cast<uint32_t>(value); };
    const Window w{u(kernel[0]), u(kernel[1]), u(strides[0]), u(strides[1]), 1, 1,
                   u(pads[0]),   u(pads[1]),   u(pads[2]),    u(pads[3])};
    const uint32_t rows = w.padding_top + w.padding_bottom;
    const uint32_t columns = w.padding_left + w.padding_right;
    if (in.height + rows < w.kernel_y || in.width + columns < w.kernel_x)
        refuse(title_, "its kernel is larger than its operand of " + text_of(in));
    out.height = output_side(in.height, w.kernel_y, w.stride_y, rows);
    out.width = output_side(in.width, w.kernel_x, w.stride_x, columns);
    return w;
}

// ---- Operators ----

void OnnxImporter::convolution(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = map_operand(proto, 0);
    const Constant& weights = constant_operand(proto, 1);
    const MapShape& in = shape_of(input);
    attributes.require("group", 1);
    if (weights.dims.size() != 4 || weights.dims[1] != in.channels || weights.dims[0] < 1)
        refuse(title_, "its weights have shape " + weights.shape() + " where [N, " +
                           std::to_string(in.channels) + ", rows, columns] is supported");
    Node node;
    MapShape out{0, 0, static_cast<uint32_t>(weights.dims[0])};
    node.window = window_of(attributes, {weights.dims[2], weights.dims[3]}, in, out);
    node.weights = weights.floats("tensor " + proto.input(1));
    node.bias.assign(out.channels, 0.0f);
    if (has_operand(proto, 2)) node.bias = channel_values(proto, 2, out.channels);
    add_node(proto, Operator::convolution, {input.node}, out, std::move(node));
}

void OnnxImporter::normalisation(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = map_operand(proto, 0);
    const uint32_t channels = shape_of(input).channels;
    const double epsilon = attributes.real("epsilon", 1e-5f);
    attributes.ignore("momentum");
    attributes.require("training_mode", 0);
    attributes.require("spatial", 1);
    const auto gain = channel_values(proto, 1, channels);
    const auto bias = channel_values(proto, 2, channels);
    const auto mean = channel_values(proto, 3, channels);
    const auto variance = channel_values(proto, 4, channels);
    Node node;
    for (uint32_t c = 0; c < channels; ++c) {
        const double factor = gain[c] / std::sqrt(variance[c] + epsilon);
        if (!std::isfinite(factor))
            refuse(title_, "the variance of channel " + std::to_string(c) + " is negative");
        node.weights.push_back(static_cast<float>(factor));
        node.bias.push_back(static_cast<float>(bias[c] - mean[c] * factor));
    }
    add_node(proto, Operator::batch_normalisation, {input.node}, shape_of(input), std::move(node));
}

void OnnxImporter::relu(const onnx::NodeProto& proto, Attributes&) {
    const Value& input = operand(proto, 0);
    if (input.is_constant) map_operand(proto, 0);
    add_node(proto, Operator::relu, {input.node}, shape_of(input), {}, input.vector);
}

void OnnxImporter::pool(const onnx::NodeProto& proto, Attributes& attributes, Operator kind) {
    const Value& input = map_operand(proto, 0);
    attributes.require("ceil_mode", 0);
    Node node;
    MapShape out = shape_of(input);
    node.window = window_of(attributes, {}, shape_of(input), out);
    const Window& w = node.window;
    if (kind == Operator::average_pool && !attributes.integer("count_include_pad", 0) &&
        w.padding_top + w.padding_left + w.padding_bottom + w.padding_right > 0)
        refuse(title_, "padding is supported with attribute count_include_pad 1 only");
    add_node(proto, kind, {input.node}, out, std::move(node));
}

void OnnxImporter::max_pool(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.require("storage_order", 0);
    pool(proto, attributes, Operator::max_pool);
}

void OnnxImporter::average_pool(const onnx::NodeProto& proto, Attributes& attributes) {
    pool(proto, attributes, Operator::average_pool);
}

void OnnxImporter::average_whole_map(const onnx::NodeProto& proto, bool vector) {
    const Value& input = map_operand(proto, 0);
    const MapShape& in = shape_of(input);
    if (in.height != in.width || in.height > largest_window)
        refuse(title_, "its operand of " + text_of(in) + " must be square, up to 255 rows");
    Node node;
    node.window.kernel_y = node.window.kernel_x = in.height;
    add_node(proto, Operator::average_pool, {input.node}, {1, 1, in.channels}, std::move(node),
             vector);
}

void OnnxImporter::global_average(const onnx::NodeProto& proto, Attributes&) {
    average_whole_map(proto, false);
}

void OnnxImporter::reduce_mean(const onnx::NodeProto& proto, Attributes& attributes) {
    std::vector<int64_t> axes = attributes.integers("axes", {});
    if (has_operand(proto, 1))
        axes = constant_operand(proto, 1).integers("tensor " + proto.input(1));
    for (int64_t& axis : axes) axis += axis < 0 ? 4 : 0;
    std::sort(axes.begin(), axes.end());
    if (axes != std::vector<int64_t>{2, 3})
        refuse(title_, "only the mean over rows and columns (axes 2 and 3) is supported");
    attributes.require("noop_with_empty_axes", 0);
    average_whole_map(proto, attributes.integer("keepdims", 1) == 0);
}

void OnnxImporter::addition(const onnx::NodeProto& proto, Attributes&) {
    const Value &a = map_operand(proto, 0), &b = map_operand(proto, 1);
    if (shape_of(a) != shape_of(b))
        refuse(title_, "its operands have shapes " + text_of(shape_of(a)) + " and " +
                           text_of(shape_of(b)) + "; they must be the same");
    add_node(proto, Operator::add, {a.node, b.node}, shape_of(a));
}

void OnnxImporter::fully_connected(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = map_operand(proto, 0, true);
    const Constant& weights = constant_operand(proto, 1);
    const MapShape& in = shape_of(input);
    if (attributes.real("alpha", 1) != 1 || attributes.real("beta", 1) != 1)
        refuse(title_, "attributes alpha and beta must be 1");
    attributes.require("transA", 0);
    const bool transposed = attributes.integer("transB", 0) != 0;
    const std::size_t by_input = transposed ? 1 : 0;
    if (weights.dims.size() != 2 || static_cast<uint64_t>(weights.dims[by_input]) != in.values() ||
        weights.dims[1 - by_input] < 1)
        refuse(title_, "its weights of shape " + weights.shape() + " do not fit a vector of " +
                           std::to_string(in.values()) + " values");
    if (in.height > largest_window || in.width > largest_window)
        refuse(title_, "its operand of " + text_of(in) + " has more than 255 rows or columns");
    const auto inputs = static_cast<std::size_t>(in.values());
    const auto outputs = static_cast<std::size_t>(weights.dims[1 - by_input]);
    Node node;
    node.weights = weights.floats("tensor " + proto.input(1));
    if (!transposed) {
        std::vector<float> turned(node.weights.size());
        for (std::size_t i = 0; i < inputs; ++i)
            for (std::size_t o = 0; o < outputs; ++o)
                turned[o * inputs + i] = node.weights[i * outputs + o];
        node.weights.swap(turned);
    }
    node.bias.assign(outputs, 0.0f);
    if (has_operand(proto, 2)) node.bias = channel_values(proto, 2, static_cast<uint32_t>(outputs));
    add_node(proto, Operator::fully_connected, {input.node}, {1, 1, static_cast<uint32_t>(outputs)},
             std::move(node), true);
}

void OnnxImporter::flatten(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.require("axis", 1);
    Value value = operand(proto, 0);
    if (value.is_constant) map_operand(proto, 0);
    value.vector = true;
    alias_of(proto, value);
}

void OnnxImporter::reshape(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.require("allowzero", 0);
    Value value = operand(proto, 0);
    if (value.is_constant) map_operand(proto, 0);
    const auto shape = constant_operand(proto, 1).integers("tensor " + proto.input(1));
    const auto all = static_cast<int64_t>(shape_of(value).values());
    const bool fits = shape.size() == 2 && (shape[0] == 1 || shape[0] == 0 || shape[0] == -1) &&
                      (shape[1] == all || (shape[1] == -1 && shape[0] != -1));
    if (!fits) refuse(title_, "only reshaping to one vector of all values is supported");
    value.vector = true;
    alias_of(proto, value);
}

void OnnxImporter::alias(const onnx::NodeProto& proto, Attributes&) {
    alias_of(proto, operand(proto, 0));
}

void OnnxImporter::dropout(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.ignore("ratio");
    attributes.ignore("seed");
    if (has_operand(proto, 2)) refuse(title_, "training mode is not supported");
    alias_of(proto, operand(proto, 0));
}

void OnnxImporter::constant(const onnx::NodeProto& proto, Attributes& attributes) {
    const onnx::TensorProto* tensor = attributes.tensor("value");
    if (!tensor) refuse(title_, "only a tensor in attribute value is supported");
    alias_of(proto, {0, false, true, constant_of(*tensor, title_)});
}

}  // namespace karhunen
