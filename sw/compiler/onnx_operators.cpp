// What is computed value by value, sums, products with matrices.
#include <algorithm>
#include <cmath>
#include <limits>

#include "sw/compiler/onnx_importer.h"

namespace karhunen {

namespace {

constexpr uint32_t largest_side = 255;  // of a map that a fully connected layer takes

}  // namespace

// ---- Value by value ----

void OnnxImporter::relu(const onnx::NodeProto& proto, Attributes&) {
    add_like(proto, Operator::relu, view_operand(proto, 0));
}

void OnnxImporter::clip(const onnx::NodeProto& proto, Attributes& attributes) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const Value& input = view_operand(proto, 0);
    float low = -infinity, high = infinity;
    if (opset_ < 11) {
        low = attributes.real("min", low);
        high = attributes.real("max", high);
    } else {
        if (has_operand(proto, 1)) low = constant_operand(proto, 1).scalar();
        if (has_operand(proto, 2)) high = constant_operand(proto, 2).scalar();
    }
    if (low < 0 && rectified_[input.node]) low = 0;
    if (low != 0 || !(high > 0))
        refuse(title_, "it clips to " + std::to_string(low) + " and " + std::to_string(high) +
                           "; 0 and infinity (Relu) or 0 and a positive limit (as ReLU6) are "
                           "supported");
    if (high >= std::numeric_limits<float>::max()) return add_like(proto, Operator::relu, input);
    Node node;
    node.clip_high = high;
    add_like(proto, Operator::clip, input, std::move(node));
}

void OnnxImporter::normalisation(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = view_operand(proto, 0);
    const uint32_t channels = shape_of(input).channels;
    if (input.channels_last || input.dims.size() < 2 || input.dims[1] != channels)
        refuse(title_, "its operand of shape " + text_of(input.dims) +
                           " does not have its channels on axis 1");
    const double epsilon = attributes.real("epsilon", 1e-5f);
    attributes.ignore("momentum");
    attributes.require("training_mode", 0);
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
    if (prepare_picture(input, node.weights, node.bias)) return alias_of(proto, input);
    add_like(proto, Operator::batch_normalisation, input, std::move(node));
}

void OnnxImporter::dropout(const onnx::NodeProto& proto, Attributes& attributes) {
    attributes.ignore("ratio");
    attributes.ignore("seed");
    if (has_operand(proto, 2) && constant_operand(proto, 2).integers() != std::vector<int64_t>{0})
        refuse(title_, "training mode is not supported");
    alias_of(proto, operand(proto, 0));
}

void OnnxImporter::softmax(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = view_operand(proto, 0);
    const std::size_t axis =
        axis_of(attributes.integer("axis", opset_ < 13 ? 1 : -1), input.dims.size());
    int64_t share = input.dims[axis];  // before opset 13, of everything from this axis on
    for (std::size_t i = axis + 1; opset_ < 13 && i < input.dims.size(); ++i)
        share *= input.dims[i];
    const MapShape& shape = shape_of(input);
    if (shape.height != 1 || shape.width != 1 || share != shape.channels)
        refuse(title_, "its operand has shape " + text_of(input.dims) + " and its axis is " +
                           std::to_string(axis) + "; all values of a vector are supported");
    Value result = input;
    result.softmax = true;
    alias_of(proto, std::move(result));
}

// ---- Sums, and arithmetic with constants ----

void OnnxImporter::addition(const onnx::NodeProto& proto, Attributes& attributes) {
    const auto is_constant = [&](int i) { return operand(proto, i).is_constant; };
    bool all_computed = true;
    for (int i = 0; i < proto.input_size(); ++i) all_computed = all_computed && !is_constant(i);
    if (!all_computed && proto.input_size() == 2) return arithmetic(proto, attributes);
    Value sum = view_operand(proto, 0);
    if (proto.op_type() == "Add") view_operand(proto, 1);  // Sum may have one operand
    for (int i = 1; i < proto.input_size(); ++i) {
        const Value& next = view_operand(proto, i);
        if (shape_of(sum) != shape_of(next) || sum.dims != next.dims ||
            sum.channels_last != next.channels_last)
            refuse(title_, "its operands have shapes " + text_of(sum.dims) + " and " +
                               text_of(next.dims) + "; they must be the same");
        sum.node = push(Operator::add, {sum.node, next.node}, shape_of(sum), {}, proto);
    }
    alias_of(proto, std::move(sum));
}

void OnnxImporter::arithmetic(const onnx::NodeProto& proto, Attributes&) {
    const Value &a = operand(proto, 0), &b = operand(proto, 1);
    if (a.is_constant && b.is_constant) return integer_arithmetic(proto);
    if (!a.is_constant && !b.is_constant)
        refuse(title_, "both operands are computed; a constant per channel is supported");
    const bool constant_first = a.is_constant;
    const Value& map = constant_first ? b : a;
    if (!map.channel) view_operand(proto, constant_first ? 1 : 0);
    scale(proto, map, (constant_first ? a : b).constant, constant_first);
}

void OnnxImporter::scale(const onnx::NodeProto& proto, const Value& map, const Constant& constant,
                         bool constant_first) {
    std::vector<float> values = spread(constant, map);
    Node node;
    node.weights.assign(values.size(), 1.0f);
    node.bias.assign(values.size(), 0.0f);
    const std::string& operation = proto.op_type();
    if (operation == "Add" || operation == "Sum") {
        node.bias = std::move(values);
    } else if (operation == "Mul") {
        node.weights = std::move(values);
    } else if (operation == "Div") {
        if (constant_first) refuse(title_, "division by a computed value is not supported");
        for (std::size_t c = 0; c < values.size(); ++c) {
            if (values[c] == 0) refuse(title_, "it divides by zero");
            node.weights[c] = 1 / values[c];
        }
    } else if (constant_first) {
        node.weights.assign(values.size(), -1.0f);
        node.bias = std::move(values);
    } else {
        for (std::size_t c = 0; c < values.size(); ++c) node.bias[c] = -values[c];
    }
    if (map.channel) {
        if (constant.elements() != 1)
            refuse(title_, "arithmetic of one channel of the picture with one value is supported");
        Value result = map;
        result.channel->factor *= node.weights[0];
        result.channel->offset = result.channel->offset * node.weights[0] + node.bias[0];
        return alias_of(proto, std::move(result));
    }
    if (prepare_picture(map, node.weights, node.bias)) return alias_of(proto, map);
    add_like(proto, Operator::batch_normalisation, map, std::move(node));
}

/// A value per channel of `map`, from a constant that is added to it or multiplied with it.
std::vector<float> OnnxImporter::spread(const Constant& constant, const Value& map) const {
    const uint32_t channels = shape_of(map).channels;
    const std::size_t rank = map.dims.size();
    const std::size_t axis = map.channels_last || rank == 1 ? rank - 1 : 1;
    std::vector<int64_t> dims = constant.dims();
    const bool fits = dims.size() <= rank;
    if (fits) dims.insert(dims.begin(), rank - dims.size(), 1);
    std::vector<int64_t> expected(rank, 1);
    if (axis < rank) expected[axis] = channels;
    if (fits && constant.elements() == 1)
        return std::vector<float>(channels, constant.floats().front());
    if (!fits || axis >= rank || map.dims[axis] != channels || dims != expected)
        refuse(title_, "its constant has shape " + constant.shape() + "; " + text_of(expected) +
                           ", one value per channel, or one value is supported");
    return constant.floats();
}

/// Arithmetic with the picture, before anything else takes it, is its preparation: it joins node 0.
/// readers: one name may have as many, which end in this arithmetic; no other has several.
bool OnnxImporter::prepare_picture(const Value& map, const std::vector<float>& factor,
                                   const std::vector<float>& offset, uint32_t readers) {
    if (map.node != 0 || graph_.nodes.size() > 1) return false;
    for (const auto& [name, value] : values_) {
        const auto found = readers_.find(name);
        if (value.is_constant || found == readers_.end() || found->second < 2) continue;
        if (found->second != readers) return false;
        readers = 1;
    }
    Node& picture = graph_.nodes[0];
    if (picture.weights.empty()) {
        picture.weights = factor;
        picture.bias = offset;
        return true;
    }
    for (std::size_t c = 0; c < factor.size(); ++c) {
        picture.weights[c] *= factor[c];
        picture.bias[c] = picture.bias[c] * factor[c] + offset[c];
    }
    return true;
}

// ---- Matrices ----

/// by_output: the weights are [output][input].
Node OnnxImporter::fully_connected(const Value& input, const Constant& weights,
                                   bool by_output) const {
    const MapShape& in = shape_of(input);
    const auto& dims = weights.dims();
    if (dims.size() != 2 || static_cast<uint64_t>(dims[by_output ? 1 : 0]) != in.values() ||
        dims[by_output ? 0 : 1] < 1)
        refuse(title_, "its weights of shape " + weights.shape() + " do not fit a vector of " +
                           std::to_string(in.values()) + " values");
    if (in.height > largest_side || in.width > largest_side)
        refuse(title_, "its operand of shape " + text_of(dims_of(in)) +
                           " has more than 255 rows or columns");
    const auto inputs = static_cast<std::size_t>(in.values());
    const auto outputs = static_cast<std::size_t>(dims[by_output ? 0 : 1]);
    Node node;
    node.bias.assign(outputs, 0.0f);
    node.weights = weights.untransposed_floats();
    const std::size_t plane = std::size_t{in.height} * in.width;
    const bool in_order = !input.channels_last || plane == 1 || in.channels == 1;
    const bool lies_by_output = by_output != weights.is_transposed();
    if (in_order && lies_by_output) return node;
    std::vector<float> turned(node.weights.size());
    for (std::size_t i = 0; i < inputs; ++i) {
        const std::size_t to = in_order ? i : i % in.channels * plane + i / in.channels;
        for (std::size_t o = 0; o < outputs; ++o)
            turned[o * inputs + to] =
                node.weights[lies_by_output ? o * inputs + i : i * outputs + o];
    }
    node.weights.swap(turned);
    return node;
}

void OnnxImporter::gemm(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& input = vector_operand(proto, 0);
    attributes.require("transA", 0);
    const float alpha = attributes.real("alpha", 1), beta = attributes.real("beta", 1);
    const bool by_output = attributes.integer("transB", 0) != 0;
    Node node = fully_connected(input, constant_operand(proto, 1), by_output);
    const auto outputs = static_cast<uint32_t>(node.bias.size());
    if (has_operand(proto, 2)) {
        const Constant& bias = constant_operand(proto, 2);
        if (bias.elements() == 1)
            node.bias.assign(outputs, bias.floats().front());
        else
            node.bias = channel_values(proto, 2, outputs);
    }
    for (float& weight : node.weights) weight *= alpha;
    for (float& bias : node.bias) bias *= beta;
    Value result;
    result.dims = {1, outputs};
    result.node =
        push(Operator::fully_connected, {input.node}, {1, 1, outputs}, std::move(node), proto);
    alias_of(proto, std::move(result));
}

void OnnxImporter::matrix_product(const onnx::NodeProto& proto, Attributes&) {
    const Value& input = vector_operand(proto, 0);
    Node node = fully_connected(input, constant_operand(proto, 1), false);
    const auto outputs = static_cast<uint32_t>(node.bias.size());
    Value result;
    result.dims = input.dims;
    result.dims.back() = outputs;
    result.node =
        push(Operator::fully_connected, {input.node}, {1, 1, outputs}, std::move(node), proto);
    alias_of(proto, std::move(result));
}

}  // namespace karhunen
