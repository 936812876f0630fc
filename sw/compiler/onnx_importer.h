// Turns a model's nodes into the operators of graph.h, one by one. Internal to onnx_reader:
// onnx_reader.cpp holds names, operands and results, onnx_operators.cpp what each operator means.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sw/compiler/graph.h"
#include "sw/compiler/onnx_model.h"

namespace karhunen {

class OnnxImporter {
public:
    /// Keeps a reference to the model.
    explicit OnnxImporter(const onnx::GraphProto& graph) : model_(graph) {}
    Graph run();

private:
    /// A name in the model: a node's result or a constant.
    struct Value {
        uint32_t node = 0;
        bool vector = false;  ///< flattened
        bool is_constant = false;
        Constant constant;
    };

    void define(const std::string& name, Value value, const std::string& title);
    void read_input();
    void read_node(const onnx::NodeProto& proto);
    const Value& operand(const onnx::NodeProto& proto, int i) const;
    bool has_operand(const onnx::NodeProto& proto, int i) const;
    const Value& map_operand(const onnx::NodeProto& proto, int i, bool vector = false) const;
    const Constant& constant_operand(const onnx::NodeProto& proto, int i) const;
    std::vector<float> channel_values(const onnx::NodeProto& proto, int i, uint32_t channels) const;
    const MapShape& shape_of(const Value& value) const;
    void add_node(const onnx::NodeProto& proto, Operator kind, std::vector<uint32_t> inputs,
                  MapShape shape, Node node = {}, bool vector = false);
    void only_output(const onnx::NodeProto& proto) const;
    void alias_of(const onnx::NodeProto& proto, Value value);

    // Operators
    Window window_of(Attributes& attributes, std::vector<int64_t> kernel, const MapShape& in,
                     MapShape& out) const;
    void convolution(const onnx::NodeProto& proto, Attributes& attributes);
    void normalisation(const onnx::NodeProto& proto, Attributes& attributes);
    void relu(const onnx::NodeProto& proto, Attributes&);
    void pool(const onnx::NodeProto& proto, Attributes& attributes, Operator kind);
    void max_pool(const onnx::NodeProto& proto, Attributes& attributes);
    void average_pool(const onnx::NodeProto& proto, Attributes& attributes);
    void average_whole_map(const onnx::NodeProto& proto, bool vector);
    void global_average(const onnx::NodeProto& proto, Attributes&);
    void reduce_mean(const onnx::NodeProto& proto, Attributes& attributes);
    void addition(const onnx::NodeProto& proto, Attributes&);
    void fully_connected(const onnx::NodeProto& proto, Attributes& attributes);
    void flatten(const onnx::NodeProto& proto, Attributes& attributes);
    void reshape(const onnx::NodeProto& proto, Attributes& attributes);
    void alias(const onnx::NodeProto& proto, Attributes&);
    void dropout(const onnx::NodeProto& proto, Attributes& attributes);
    void constant(const onnx::NodeProto& proto, Attributes& attributes);

    const onnx::GraphProto& model_;
    Graph graph_;
    std::map<std::string, Value> values_;
    std::string title_;  ///< of the node being read
};

}  // namespace karhunen
