#include "tests/sw/compiler/onnx_of.h"

#include <string>
#include <vector>

#include "tests/sw/compiler/model_builder.h"

namespace karhunen {

namespace {

class Writer {
public:
    explicit Writer(const Graph& graph) : graph_(graph) {
        model_.set_ir_version(7);
        model_.add_opset_import()->set_version(13);
    }

    onnx::ModelProto run() {
        auto* input = proto().add_input();
        input->set_name(value(0));
        auto* type = input->mutable_type()->mutable_tensor_type();
        type->set_elem_type(onnx::TensorProto::FLOAT);
        const MapShape& in = graph_.nodes[0].shape;
        type->mutable_shape()->add_dim()->set_dim_param("batch");
        for (const uint32_t dim : {in.channels, in.height, in.width})
            type->mutable_shape()->add_dim()->set_dim_value(dim);
        for (uint32_t n = 1; n < graph_.nodes.size(); ++n) write(n);
        std::string output = value(graph_.output);
        if (graph_.softmax) output = add("Softmax", {flattened(graph_.output)}, "probabilities");
        proto().add_output()->set_name(output);
        return model_;
    }

private:
    onnx::GraphProto& proto() { return *model_.mutable_graph(); }
    static std::string value(uint32_t n) { return "v" + std::to_string(n); }
    onnx::NodeProto& last() { return *proto().mutable_node(proto().node_size() - 1); }

    std::string add(const std::string& op, const std::vector<std::string>& inputs,
                    const std::string& output) {
        auto* node = proto().add_node();
        node->set_op_type(op);
        for (const std::string& name : inputs) node->add_input(name);
        node->add_output(output);
        return output;
    }

    std::string tensor(const std::vector<int64_t>& dims, const std::vector<float>& values) {
        auto* t = proto().add_initializer();
        t->set_name("w" + std::to_string(proto().initializer_size()));
        t->set_data_type(onnx::TensorProto::FLOAT);
        for (const int64_t dim : dims) t->add_dims(dim);
        t->set_raw_data(values.data(), values.size() * sizeof(float));
        return t->name();
    }

    std::string flattened(uint32_t n) {
        const Node& node = graph_.nodes[n];
        if (node.kind == Operator::fully_connected) return value(n);
        return add("Flatten", {value(n)}, value(n) + "_flat" + std::to_string(proto().node_size()));
    }

    /// Windows may begin anywhere in the map (ceil_mode) if the result has more rows than others
    /// give.
    void set_rounding(const Node& node) {
        const Window& w = node.window;
        const uint32_t rows = graph_.nodes[node.inputs[0]].shape.height + w.padding_top +
                              w.padding_bottom - w.kernel_y;
        ModelBuilder::set(last(), "ceil_mode", int64_t{node.shape.height > rows / w.stride_y + 1});
    }

    void set_window(const Window& w, bool dilated) {
        ModelBuilder::set(last(), "kernel_shape", {w.kernel_y, w.kernel_x});
        ModelBuilder::set(last(), "strides", {w.stride_y, w.stride_x});
        ModelBuilder::set(last(), "pads",
                          {w.padding_top, w.padding_left, w.padding_bottom, w.padding_right});
        if (dilated) ModelBuilder::set(last(), "dilations", {w.dilation_y, w.dilation_x});
    }

    void write(uint32_t n) {
        const Node& node = graph_.nodes[n];
        std::vector<std::string> inputs;
        for (const uint32_t input : node.inputs) inputs.push_back(value(input));
        const int64_t channels = node.shape.channels;
        const Window& w = node.window;
        switch (node.kind) {
            case Operator::convolution: {
                const int64_t in = graph_.nodes[node.inputs[0]].shape.channels / node.groups;
                inputs.push_back(tensor({channels, in, w.kernel_y, w.kernel_x}, node.weights));
                inputs.push_back(tensor({channels}, node.bias));
                add("Conv", inputs, value(n));
                set_window(w, true);
                ModelBuilder::set(last(), "group", int64_t{node.groups});
                break;
            }
            case Operator::fully_connected: {
                const auto in = static_cast<int64_t>(graph_.nodes[node.inputs[0]].shape.values());
                const std::string weights = tensor({channels, in}, node.weights);
                add("Gemm", {flattened(node.inputs[0]), weights, tensor({channels}, node.bias)},
                    value(n));
                ModelBuilder::set(last(), "transB", int64_t{1});
                break;
            }
            case Operator::batch_normalisation: {  // mean 0, variance 1
                const std::vector<float> zero(node.bias.size(), 0), one(node.bias.size(), 1);
                inputs.push_back(tensor({channels}, node.weights));
                for (const auto* values : {&node.bias, &zero, &one})
                    inputs.push_back(tensor({channels}, *values));
                add("BatchNormalization", inputs, value(n));
                ModelBuilder::set_real(last(), "epsilon", 0);
                break;
            }
            case Operator::clip:
                inputs.push_back(tensor({}, {0}));
                inputs.push_back(tensor({}, {node.clip_high}));
                add("Clip", inputs, value(n));
                break;
            case Operator::max_pool:
                add("MaxPool", inputs, value(n));
                set_window(w, false);
                set_rounding(node);
                break;
            case Operator::average_pool:
                add("AveragePool", inputs, value(n));
                set_window(w, false);
                set_rounding(node);
                ModelBuilder::set(last(), "count_include_pad", int64_t{w.counts_padding});
                break;
            case Operator::concat:
                add("Concat", inputs, value(n));
                ModelBuilder::set(last(), "axis", int64_t{1});
                break;
            default:
                add(node.kind == Operator::add ? "Add" : "Relu", inputs, value(n));
        }
        last().set_name(node.name);
    }

    const Graph& graph_;
    onnx::ModelProto model_;
};

}  // namespace

onnx::ModelProto onnx_of(const Graph& graph) {
    return Writer(graph).run();
}

}  // namespace karhunen
