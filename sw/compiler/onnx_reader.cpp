#include "sw/compiler/onnx_reader.h"

#include <algorithm>
#include <set>

#include "sw/compiler/onnx_importer.h"
#include "sw/compiler/onnx_names.h"

namespace karhunen {

namespace {

constexpr int64_t oldest_opset = 9, newest_opset = 17;
constexpr uint32_t largest_side = 16384, most_channels = 1 << 17;
constexpr uint64_t most_values = uint64_t{1} << 27;  // of a map

bool is_standard(const std::string& domain) {
    return domain.empty() || domain == "ai.onnx";
}

}  // namespace

const std::map<std::string, OnnxImporter::Handler>& OnnxImporter::handlers() {
    using I = OnnxImporter;
    static const std::map<std::string, Handler> table = {{"Add", &I::addition},
                                                         {"AveragePool", &I::average_pool},
                                                         {"BatchNormalization", &I::normalisation},
                                                         {"Cast", &I::cast},
                                                         {"Clip", &I::clip},
                                                         {"Concat", &I::concatenation},
                                                         {"Constant", &I::constant},
                                                         {"Conv", &I::convolution},
                                                         {"DequantizeLinear", &I::dequantise},
                                                         {"Div", &I::arithmetic},
                                                         {"Dropout", &I::dropout},
                                                         {"Flatten", &I::flatten},
                                                         {"Gather", &I::gather},
                                                         {"Gemm", &I::gemm},
                                                         {"GlobalAveragePool", &I::global_average},
                                                         {"GlobalMaxPool", &I::global_maximum},
                                                         {"Identity", &I::identity},
                                                         {"LogSoftmax", &I::softmax},
                                                         {"MatMul", &I::matrix_product},
                                                         {"MaxPool", &I::max_pool},
                                                         {"Mul", &I::arithmetic},
                                                         {"Pad", &I::pad},
                                                         {"ReduceMean", &I::reduce_mean},
                                                         {"Relu", &I::relu},
                                                         {"Reshape", &I::reshape},
                                                         {"Shape", &I::shape},
                                                         {"Slice", &I::slice},
                                                         {"Softmax", &I::softmax},
                                                         {"Squeeze", &I::squeeze},
                                                         {"Sub", &I::arithmetic},
                                                         {"Sum", &I::addition},
                                                         {"Transpose", &I::transpose},
                                                         {"Unsqueeze", &I::unsqueeze}};
    return table;
}

// ---- The whole model ----

Graph OnnxImporter::run() {
    check_opset();
    if (model_.output_size() != 1)
        throw CompileError("the model has " + std::to_string(model_.output_size()) +
                           " outputs; one is supported");
    const auto nodes = needed_nodes();
    check_operators(nodes);
    read_constants();
    read_input();
    for (const onnx::NodeProto* node : nodes) read_node(*node);
    read_output();
    make_names_short_and_unique(graph_);
    return std::move(graph_);
}

void OnnxImporter::check_opset() {
    for (const auto& import : file_.model().opset_import())
        if (is_standard(import.domain())) opset_ = import.version();
    if (opset_ < oldest_opset || opset_ > newest_opset)
        throw CompileError("the model's opset is " +
                           (opset_ ? std::to_string(opset_) : std::string("not given")) +
                           "; supported are " + std::to_string(oldest_opset) + " to " +
                           std::to_string(newest_opset) + ": export it with one of these");
}

/// In the model's order. Others, as of training, are left out.
std::vector<const onnx::NodeProto*> OnnxImporter::needed_nodes() {
    std::map<std::string, int> makers;
    for (int n = 0; n < model_.node_size(); ++n)
        for (const std::string& output : model_.node(n).output())
            if (!output.empty() && !makers.emplace(output, n).second)
                refuse(title_of(model_.node(n)), "the name " + output + " is defined twice");
    std::set<int> needed;
    std::vector<std::string> names{model_.output(0).name()};
    while (!names.empty()) {
        const auto maker = makers.find(names.back());
        names.pop_back();
        if (maker == makers.end() || !needed.insert(maker->second).second) continue;
        for (const std::string& input : model_.node(maker->second).input()) {
            ++readers_[input];
            names.push_back(input);
        }
    }
    ++readers_[model_.output(0).name()];
    std::vector<const onnx::NodeProto*> nodes;
    for (const int n : needed) nodes.push_back(&model_.node(n));
    return nodes;
}

void OnnxImporter::check_operators(const std::vector<const onnx::NodeProto*>& nodes) {
    std::map<std::string, std::vector<std::string>> unknown;  // operator: nodes
    for (const onnx::NodeProto* node : nodes) {
        const bool standard = is_standard(node->domain());
        if (!standard || !handlers().count(node->op_type()))
            unknown[(standard ? "" : node->domain() + ".") + node->op_type()].push_back(
                title_of(*node));
    }
    if (unknown.empty()) return;
    std::string text, known;
    for (const auto& [name, titles] : unknown) {
        text += (text.empty() ? "" : ", ") + name + " (" + titles[0];
        if (titles.size() > 1) text += " and " + std::to_string(titles.size() - 1) + " more";
        text += ")";
    }
    for (const auto& entry : handlers()) known += (known.empty() ? "" : ", ") + entry.first;
    throw CompileError((unknown.size() > 1 ? "operators that are not supported: "
                                           : "an operator that is not supported: ") +
                       text + "; supported are " + known);
}

void OnnxImporter::read_constants() {
    for (const auto& tensor : model_.initializer()) {
        const std::string title = "tensor " + tensor.name();
        Value value;
        value.is_constant = true;
        value.constant = Constant(file_, tensor, title);
        define(tensor.name(), std::move(value), title);
    }
}

void OnnxImporter::read_input() {
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const auto& input : model_.input())  // older models list their weights here, too
        if (!values_.count(input.name())) inputs.push_back(&input);
    if (inputs.size() != 1)
        throw CompileError("the model has " + std::to_string(inputs.size()) +
                           " inputs; one is supported");
    Node node;
    node.title = "input " + inputs[0]->name();
    node.name = inputs[0]->name();
    const auto& type = inputs[0]->type().tensor_type();
    const auto element = type.elem_type();
    if (element != onnx::TensorProto::FLOAT && element != onnx::TensorProto::FLOAT16 &&
        element != onnx::TensorProto::DOUBLE)
        refuse(node.title, "its type is not FLOAT, FLOAT16 or DOUBLE, which are supported");
    Value value;
    std::string text;
    for (const auto& dim : type.shape().dim()) {
        value.dims.push_back(dim.dim_value());
        text += (text.empty() ? "" : ", ") + (dim.dim_value() > 0 ? std::to_string(dim.dim_value())
                                              : dim.dim_param().empty() ? "?"
                                                                        : dim.dim_param());
    }
    std::vector<int64_t>& dims = value.dims;
    if (!dims.empty() && dims[0] <= 0) dims[0] = 1;  // any batch may be 1
    value.channels_last = dims.size() == 4 && dims[3] == 3 && dims[1] != 3;
    const std::size_t channels = value.channels_last ? 3 : 1, rows = value.channels_last ? 1 : 2;
    if (dims.size() != 4 || dims[0] != 1 || dims[channels] != 3 || dims[rows] < 1 ||
        dims[rows] > largest_side || dims[rows + 1] != dims[rows])
        refuse(node.title, "its shape is [" + text +
                               "]; [1, 3, N, N] is supported, N a number up to " +
                               std::to_string(largest_side) + ", the batch may be open");
    const auto side = static_cast<uint32_t>(dims[rows]);
    node.shape = {side, side, 3};
    const std::string title = node.title;
    graph_.nodes.push_back(std::move(node));
    define(inputs[0]->name(), std::move(value), title);
}

void OnnxImporter::read_node(const onnx::NodeProto& proto) {
    title_ = title_of(proto);
    if (proto.output_size() < 1) refuse(title_, "it has no output");
    for (int i = 1; i < proto.output_size(); ++i)
        if (readers_.count(proto.output(i)))
            refuse(title_,
                   "its output " + proto.output(i) + " is used; only the first one is supported");
    Attributes attributes(proto);
    (this->*handlers().at(proto.op_type()))(proto, attributes);
    attributes.finish();
}

void OnnxImporter::read_output() {
    const std::string& name = model_.output(0).name();
    const auto found = values_.find(name);
    if (found == values_.end() || found->second.is_constant)
        throw CompileError("no node makes the model's output " + name);
    if (found->second.padding.any())
        throw CompileError("the model's output " + name + " is padded, which is not supported");
    if (found->second.channel)
        throw CompileError("the model's output " + name + " is one channel of the picture");
    graph_.output = found->second.node;
    graph_.softmax = found->second.softmax;
}

// ---- Operands ----

void OnnxImporter::define(const std::string& name, Value value, const std::string& title) {
    if (!values_.emplace(name, std::move(value)).second)
        refuse(title, "the name " + name + " is defined twice");
}

const OnnxImporter::Value& OnnxImporter::operand(const onnx::NodeProto& proto, int i) const {
    if (!has_operand(proto, i)) refuse(title_, "operand " + std::to_string(i) + " is missing");
    const auto found = values_.find(proto.input(i));
    if (found == values_.end())
        refuse(title_, "no node before it makes its operand " + proto.input(i));
    return found->second;
}

bool OnnxImporter::has_operand(const onnx::NodeProto& proto, int i) {
    return i < proto.input_size() && !proto.input(i).empty();
}

const OnnxImporter::Value& OnnxImporter::view_operand(const onnx::NodeProto& proto, int i) const {
    const Value& value = operand(proto, i);
    const std::string name = "its operand " + proto.input(i);
    if (value.is_constant) refuse(title_, name + " is a constant; a computed value is supported");
    if (value.softmax)
        refuse(title_, name + " went through Softmax, which is supported at the end only");
    if (value.padding.any())
        refuse(title_,
               name + " was padded; a Pad is supported right before a convolution or pooling");
    if (value.channel)
        refuse(title_, name +
                           " is one channel of the picture; arithmetic with one value, until "
                           "Concat joins all of them again, is supported");
    return value;
}

const OnnxImporter::Value& OnnxImporter::map_operand(const onnx::NodeProto& proto, int i,
                                                     bool padded) const {
    const Value& value = operand(proto, i);
    if (!padded || !value.padding.any()) view_operand(proto, i);
    if (value.dims != dims_of(shape_of(value)) || value.channels_last)
        refuse(title_, "its operand " + proto.input(i) + " has shape " + text_of(value.dims) +
                           (value.channels_last ? " with the channels last" : "") +
                           "; a map of shape " + text_of(dims_of(shape_of(value))) +
                           " is supported, as its values were computed");
    return value;
}

const OnnxImporter::Value& OnnxImporter::vector_operand(const onnx::NodeProto& proto, int i) const {
    const Value& value = view_operand(proto, i);
    const auto values = static_cast<int64_t>(shape_of(value).values());
    if (value.dims != std::vector<int64_t>{1, values} && value.dims != std::vector<int64_t>{values})
        refuse(title_, "its operand " + proto.input(i) + " has shape " + text_of(value.dims) +
                           "; a vector of shape [1, " + std::to_string(values) + "] is supported");
    return value;
}

const Constant& OnnxImporter::constant_operand(const onnx::NodeProto& proto, int i) const {
    const Value& value = operand(proto, i);
    if (!value.is_constant)
        refuse(title_, "its operand " + proto.input(i) + " is computed; it must be a constant");
    return value.constant;
}

/// One value per channel.
std::vector<float> OnnxImporter::channel_values(const onnx::NodeProto& proto, int i,
                                                uint32_t channels) const {
    const Constant& constant = constant_operand(proto, i);
    if (constant.elements() != channels)
        refuse(title_, "its operand " + proto.input(i) + " has shape " + constant.shape() +
                           " where " + std::to_string(channels) + " values are needed");
    return constant.floats();
}

std::vector<int64_t> OnnxImporter::dims_of(const MapShape& map) {
    return {1, map.channels, map.height, map.width};
}

std::size_t OnnxImporter::axis_of(int64_t axis, std::size_t rank) const {
    const auto size = static_cast<int64_t>(rank);
    if (axis < -size || axis >= size)
        refuse(title_, "axis " + std::to_string(axis) + " is not one of its operand's " +
                           std::to_string(rank));
    return static_cast<std::size_t>(axis < 0 ? axis + size : axis);
}

// ---- Results ----

uint32_t OnnxImporter::push(Operator kind, std::vector<uint32_t> inputs, MapShape shape, Node node,
                            const onnx::NodeProto& proto) {
    if (shape.height > largest_side || shape.width > largest_side ||
        shape.channels > most_channels || shape.values() > most_values)
        refuse(title_, "its result of " + text_of(dims_of(shape)) + " is too large");
    const bool passes_on = kind == Operator::max_pool || kind == Operator::average_pool ||
                           kind == Operator::add || kind == Operator::concat;
    rectified_.push_back(kind == Operator::relu || kind == Operator::clip ||
                         (passes_on && std::all_of(inputs.begin(), inputs.end(),
                                                   [&](uint32_t n) { return rectified_[n]; })));
    node.kind = kind;
    node.title = title_;
    node.name = short_name(proto);
    node.inputs = std::move(inputs);
    node.shape = shape;
    graph_.nodes.push_back(std::move(node));
    return static_cast<uint32_t>(graph_.nodes.size() - 1);
}

void OnnxImporter::add_map(const onnx::NodeProto& proto, Operator kind,
                           std::vector<uint32_t> inputs, MapShape shape, Node node) {
    Value value;
    value.node = push(kind, std::move(inputs), shape, std::move(node), proto);
    value.dims = dims_of(shape);
    define(proto.output(0), std::move(value), title_);
}

void OnnxImporter::add_like(const onnx::NodeProto& proto, Operator kind, const Value& like,
                            Node node) {
    Value value = like;
    value.node = push(kind, {like.node}, shape_of(like), std::move(node), proto);
    define(proto.output(0), std::move(value), title_);
}

void OnnxImporter::alias_of(const onnx::NodeProto& proto, Value value) {
    define(proto.output(0), std::move(value), title_);
}

// ---- Files ----

namespace {

Graph imported(std::shared_ptr<const ByteSource> source, const std::filesystem::path& folder,
               const std::string& name) {
    try {
        const OnnxFile file(std::move(source), folder);
        return OnnxImporter(file).run();
    } catch (const CompileError& error) {
        throw CompileError(name + ": " + error.what());
    }
}

}  // namespace

Graph parse_onnx(std::span<const uint8_t> bytes, const std::string& name) {
    return imported(source_of(bytes), {}, name);
}

Graph read_onnx(const std::filesystem::path& path) {
    const auto source = open_source(path, "model");  // its errors name the file
    return imported(source, path.has_parent_path() ? path.parent_path() : ".", path.string());
}

}  // namespace karhunen
