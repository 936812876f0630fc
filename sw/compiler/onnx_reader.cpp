#include "sw/compiler/onnx_reader.h"

#include "sw/compiler/file.h"
#include "sw/compiler/onnx_importer.h"

namespace karhunen {

namespace {

constexpr uint32_t largest_side = 16384;

}  // namespace

Graph OnnxImporter::run() {
    for (const auto& tensor : model_.initializer())
        define(tensor.name(), {0, false, true, constant_of(tensor, "tensor " + tensor.name())},
               "tensor " + tensor.name());
    read_input();
    for (const onnx::NodeProto& node : model_.node()) read_node(node);
    if (model_.output_size() != 1)
        throw CompileError("the model has " + std::to_string(model_.output_size()) +
                           " outputs; one is supported");
    const auto found = values_.find(model_.output(0).name());
    if (found == values_.end() || found->second.is_constant)
        throw CompileError("no node makes the model's output " + model_.output(0).name());
    graph_.output = found->second.node;
    return std::move(graph_);
}

void OnnxImporter::define(const std::string& name, Value value, const std::string& title) {
    if (!values_.emplace(name, std::move(value)).second)
        refuse(title, "the name " + name + " is defined twice");
}

void OnnxImporter::read_input() {
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const auto& input : model_.input())  // older models list their weights here, too
        if (!values_.count(input.name())) inputs.push_back(&input);
    if (inputs.size() != 1)
        throw CompileError("the model has " + std::to_string(inputs.size()) +
                           " inputs; one is supported");
    const std::string title = "input " + inputs[0]->name();
    const auto& type = inputs[0]->type().tensor_type();
    if (type.elem_type() != onnx::TensorProto::FLOAT)
        refuse(title, "its type is not FLOAT, which alone is supported");
    std::vector<int64_t> dims;
    for (const auto& dim : type.shape().dim()) dims.push_back(dim.dim_value());
    // A batch without a number (dim_value 0) may be 1.
    if (dims.size() != 4 || dims[0] < 0 || dims[0] > 1 || dims[1] != 3 || dims[2] < 1 ||
        dims[2] > largest_side || dims[3] != dims[2])
        refuse(title, "its shape must be [1, 3, N, N]");
    Node node;
    node.title = title;
    node.name = inputs[0]->name();
    const auto side = static_cast<uint32_t>(dims[2]);
    node.shape = {side, side, 3};
    graph_.nodes.push_back(std::move(node));
    define(inputs[0]->name(), {}, title);
}

void OnnxImporter::read_node(const onnx::NodeProto& proto) {
    title_ = title_of(proto);
    using Handler = void (OnnxImporter::*)(const onnx::NodeProto&, Attributes&);
    static const std::map<std::string, Handler> handlers = {
        {"Conv", &OnnxImporter::convolution},
        {"BatchNormalization", &OnnxImporter::normalisation},
        {"Relu", &OnnxImporter::relu},
        {"MaxPool", &OnnxImporter::max_pool},
        {"AveragePool", &OnnxImporter::average_pool},
        {"GlobalAveragePool", &OnnxImporter::global_average},
        {"ReduceMean", &OnnxImporter::reduce_mean},
        {"Add", &OnnxImporter::addition},
        {"Gemm", &OnnxImporter::fully_connected},
        {"Flatten", &OnnxImporter::flatten},
        {"Reshape", &OnnxImporter::reshape},
        {"Identity", &OnnxImporter::alias},
        {"Dropout", &OnnxImporter::dropout},
        {"Constant", &OnnxImporter::constant}};
    const bool standard = proto.domain().empty() || proto.domain() == "ai.onnx";
    const auto handler = handlers.find(proto.op_type());
    if (!standard || handler == handlers.end()) {
        std::string known;
        for (const auto& [name, unused] : handlers) known += (known.empty() ? "" : ", ") + name;
        refuse(title_, "the operator " + (standard ? "" : proto.domain() + ".") + proto.op_type() +
                           " is not supported; supported are " + known);
    }
    Attributes attributes(proto);
    (this->*handler->second)(proto, attributes);
    attributes.finish();
}

// ---- Operands and results ----

const OnnxImporter::Value& OnnxImporter::operand(const onnx::NodeProto& proto, int i) const {
    if (i >= proto.input_size() || proto.input(i).empty())
        refuse(title_, "operand " + std::to_string(i) + " is missing");
    const auto found = values_.find(proto.input(i));
    if (found == values_.end())
        refuse(title_, "no node before it makes its operand " + proto.input(i));
    return found->second;
}

bool OnnxImporter::has_operand(const onnx::NodeProto& proto, int i) const {
    return i < proto.input_size() && !proto.input(i).empty();
}

const OnnxImporter::Value& OnnxImporter::map_operand(const onnx::NodeProto& proto, int i,
                                                     bool vector) const {
    const Value& value = operand(proto, i);
    if (value.is_constant)
        refuse(title_, "its operand " + proto.input(i) + " is a constant; a map is supported");
    if (value.vector != vector)
        refuse(title_,
               "its operand " + proto.input(i) + (vector ? " is not flattened" : " is flattened"));
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
    return constant.floats("tensor " + proto.input(i));
}

const MapShape& OnnxImporter::shape_of(const Value& value) const {
    return graph_.nodes[value.node].shape;
}

void OnnxImporter::add_node(const onnx::NodeProto& proto, Operator kind,
                            std::vector<uint32_t> inputs, MapShape shape, Node node, bool vector) {
    only_output(proto);
    node.kind = kind;
    node.title = title_;
    node.name = short_name(proto);
    node.inputs = std::move(inputs);
    node.shape = shape;
    graph_.nodes.push_back(std::move(node));
    Value value;
    value.node = static_cast<uint32_t>(graph_.nodes.size() - 1);
    value.vector = vector;
    define(proto.output(0), value, title_);
}

void OnnxImporter::only_output(const onnx::NodeProto& proto) const {
    if (proto.output_size() < 1) refuse(title_, "it has no output");
    for (int i = 1; i < proto.output_size(); ++i)
        if (!proto.output(i).empty())
            refuse(title_, "output " + proto.output(i) + " is not supported; only the first is");
}

void OnnxImporter::alias_of(const onnx::NodeProto& proto, Value value) {
    only_output(proto);
    define(proto.output(0), std::move(value), title_);
}

Graph parse_onnx(std::span<const uint8_t> bytes, const std::string& name) {
    onnx::ModelProto model;
    if (bytes.size() > INT32_MAX ||
        !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        throw CompileError(name + ": not an ONNX model (its protobuf is damaged)");
    if (!model.has_graph()) throw CompileError(name + ": not an ONNX model (it has no graph)");
    try {
        return OnnxImporter(model.graph()).run();
    } catch (const CompileError& error) {
        throw CompileError(name + ": " + error.what());
    }
}

Graph read_onnx(const std::filesystem::path& path) {
    return parse_onnx(read_file<CompileError>(path, "model"), path.string());
}

}  // namespace karhunen
