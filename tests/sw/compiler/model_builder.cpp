#include "tests/sw/compiler/model_builder.h"

#include <cmath>

namespace karhunen {

ModelBuilder::ModelBuilder(uint32_t side, uint32_t seed) : random_(seed) {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(13);
    onnx::ValueInfoProto* input = graph().add_input();
    input->set_name("input");
    auto* type = input->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int64_t dim : {int64_t{1}, int64_t{3}, int64_t{side}, int64_t{side}})
        type->mutable_shape()->add_dim()->set_dim_value(dim);
}

void ModelBuilder::set(onnx::NodeProto& node, const std::string& name,
                       std::vector<int64_t> values) {
    onnx::AttributeProto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INTS);
    for (const int64_t value : values) attribute->add_ints(value);
}

void ModelBuilder::set(onnx::NodeProto& node, const std::string& name, int64_t value) {
    onnx::AttributeProto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::INT);
    attribute->set_i(value);
}

void ModelBuilder::set_real(onnx::NodeProto& node, const std::string& name, float value) {
    onnx::AttributeProto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::FLOAT);
    attribute->set_f(value);
}

void ModelBuilder::set_text(onnx::NodeProto& node, const std::string& name, const char* text) {
    onnx::AttributeProto* attribute = node.add_attribute();
    attribute->set_name(name);
    attribute->set_type(onnx::AttributeProto::STRING);
    attribute->set_s(text);
}

void ModelBuilder::set_input(const std::vector<int64_t>& dims) {
    auto* shape = graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    shape->clear_dim();
    for (const int64_t dim : dims) {
        auto* added = shape->add_dim();
        if (dim < 0)
            added->set_dim_param("N");
        else
            added->set_dim_value(dim);
    }
}

std::string ModelBuilder::floats(const std::vector<int64_t>& dims, float deviation, float mean) {
    onnx::TensorProto* tensor = graph().add_initializer();
    tensor->set_name("w" + std::to_string(graph().initializer_size()));
    tensor->set_data_type(onnx::TensorProto::FLOAT);
    int64_t elements = 1;
    for (const int64_t dim : dims) {
        tensor->add_dims(dim);
        elements *= dim;
    }
    for (int64_t i = 0; i < elements; ++i) {
        float sum = -2;  // four uniform numbers: nearly normal with deviation 0.577
        for (int k = 0; k < 4; ++k) sum += static_cast<float>(random_()) / 4294967296.0f;
        tensor->add_float_data(mean + deviation * sum / 0.577f);
    }
    return tensor->name();
}

std::string ModelBuilder::integers(const std::vector<int64_t>& values) {
    onnx::TensorProto* tensor = graph().add_initializer();
    tensor->set_name("w" + std::to_string(graph().initializer_size()));
    tensor->set_data_type(onnx::TensorProto::INT64);
    tensor->add_dims(static_cast<int64_t>(values.size()));
    for (const int64_t value : values) tensor->add_int64_data(value);
    return tensor->name();
}

std::string ModelBuilder::node(const std::string& op_type, const std::vector<std::string>& inputs) {
    onnx::NodeProto* node = graph().add_node();
    node->set_op_type(op_type);
    node->set_name("/" + op_type + "_" + std::to_string(graph().node_size()));
    for (const std::string& input : inputs) node->add_input(input);
    node->add_output("v" + std::to_string(graph().node_size()));
    return node->output(0);
}

std::string ModelBuilder::convolution(const std::string& input, uint32_t from, uint32_t to,
                                      uint32_t kernel, uint32_t stride, uint32_t padding) {
    const float deviation = std::sqrt(2.0f / static_cast<float>(from * kernel * kernel));
    const std::string result =
        node("Conv", {input, floats({to, from, kernel, kernel}, deviation), floats({to}, 0.1f)});
    set(last(), "kernel_shape", {kernel, kernel});
    set(last(), "strides", {stride, stride});
    set(last(), "pads", {padding, padding, padding, padding});
    return result;
}

std::string ModelBuilder::normalisation(const std::string& input, uint32_t channels) {
    return node("BatchNormalization", {input, floats({channels}, 0.2f, 1), floats({channels}, 0.2f),
                                       floats({channels}, 0.1f), floats({channels}, 0.05f, 1)});
}

std::string ModelBuilder::max_pool(const std::string& input, uint32_t kernel, uint32_t stride,
                                   uint32_t padding) {
    const std::string result = node("MaxPool", {input});
    set(last(), "kernel_shape", {kernel, kernel});
    set(last(), "strides", {stride, stride});
    set(last(), "pads", {padding, padding, padding, padding});
    return result;
}

std::string ModelBuilder::fully_connected(const std::string& input, uint32_t from, uint32_t to,
                                          bool transposed) {
    const float deviation = std::sqrt(1.0f / static_cast<float>(from));
    const std::vector<int64_t> dims =
        transposed ? std::vector<int64_t>{to, from} : std::vector<int64_t>{from, to};
    const std::string result = node("Gemm", {input, floats(dims, deviation), floats({to}, 0.1f)});
    set(last(), "transB", int64_t{transposed});
    return result;
}

std::string ModelBuilder::block(const std::string& input, uint32_t from, uint32_t to,
                                uint32_t kernel, uint32_t stride) {
    const std::string sums = convolution(input, from, to, kernel, stride, kernel / 2);
    return node("Relu", {normalisation(sums, to)});
}

void ModelBuilder::finish(const std::string& output) {
    graph().add_output()->set_name(output);
}

std::vector<uint8_t> ModelBuilder::bytes() const {
    const std::string text = model_.SerializeAsString();
    return {text.begin(), text.end()};
}

ModelBuilder small_resnet(uint32_t side, uint32_t channels, uint32_t classes, uint32_t seed) {
    ModelBuilder b(side, seed);
    const uint32_t c = channels;
    const std::string stem = b.max_pool(b.block("input", 3, c, 7, 2), 3, 2, 1);
    const std::string inner = b.block(stem, c, c, 3, 1);
    const std::string sum =
        b.node("Add", {b.normalisation(b.convolution(inner, c, c, 3, 1, 1), c), stem});
    const std::string first = b.node("Relu", {sum});
    const std::string shrunk = b.block(first, c, 2 * c, 3, 2);
    const std::string main = b.normalisation(b.convolution(shrunk, 2 * c, 2 * c, 3, 1, 1), 2 * c);
    const std::string side_way = b.normalisation(b.convolution(first, c, 2 * c, 1, 2, 0), 2 * c);
    const std::string second = b.node("Relu", {b.node("Add", {main, side_way})});
    const std::string vector = b.node("Flatten", {b.node("GlobalAveragePool", {second})});
    b.finish(b.fully_connected(vector, 2 * c, classes));
    return b;
}

}  // namespace karhunen
