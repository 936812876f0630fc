// Turns a model's nodes into the operators of graph.h, one by one. Internal to onnx_reader:
// onnx_reader.cpp holds names, operands and results; what each operator means is in
// onnx_operators.cpp, onnx_windows.cpp (convolution and pooling), onnx_concat.cpp, onnx_shapes.cpp
// and onnx_dequantise.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sw/compiler/graph.h"
#include "sw/compiler/onnx_constant.h"
#include "sw/compiler/onnx_model.h"

namespace karhunen {

class OnnxImporter {
public:
    /// Keeps a reference to the file.
    explicit OnnxImporter(const OnnxFile& file) : file_(file), model_(file.model().graph()) {}
    Graph run();

private:
    /// Rows and columns of zeros around a map.
    struct Padding {
        uint32_t top = 0, left = 0, bottom = 0, right = 0;
        bool any() const { return top + left + bottom + right > 0; }
    };
    /// One channel of the picture: factor * channel + offset.
    struct Channel {
        uint32_t index = 0;
        float factor = 1, offset = 0;
    };
    /// A name in the model: a constant, or the values of a node seen with other dimensions.
    struct Value {
        uint32_t node = 0;
        std::vector<int64_t> dims;       ///< as in the model; [1, channels, rows, columns] of a map
        bool channels_last = false;      ///< the values lie as (row, column, channel)
        bool softmax = false;            ///< of the node's values
        Padding padding;                 ///< of the map, for the window that takes it
        std::optional<Channel> channel;  ///< not the picture as a whole
        bool is_constant = false;
        Constant constant;
    };
    using Handler = void (OnnxImporter::*)(const onnx::NodeProto&, Attributes&);
    static const std::map<std::string, Handler>& handlers();

    // The whole model
    void check_opset();
    std::vector<const onnx::NodeProto*> needed_nodes();
    static void check_operators(const std::vector<const onnx::NodeProto*>& nodes);
    void read_constants();
    void read_input();
    void read_node(const onnx::NodeProto& proto);
    void read_output();

    // Operands and results
    void define(const std::string& name, Value value, const std::string& title);
    const Value& operand(const onnx::NodeProto& proto, int i) const;
    static bool has_operand(const onnx::NodeProto& proto, int i);
    /// Computed, in any dimensions, not padded, before Softmax and with all channels.
    const Value& view_operand(const onnx::NodeProto& proto, int i) const;
    /// A view whose dimensions are those of its node's map.
    const Value& map_operand(const onnx::NodeProto& proto, int i, bool padded = false) const;
    const Value& vector_operand(const onnx::NodeProto& proto, int i) const;
    const Constant& constant_operand(const onnx::NodeProto& proto, int i) const;
    std::vector<float> channel_values(const onnx::NodeProto& proto, int i, uint32_t channels) const;
    const MapShape& shape_of(const Value& value) const { return graph_.nodes[value.node].shape; }
    static std::vector<int64_t> dims_of(const MapShape& map);
    uint32_t push(Operator kind, std::vector<uint32_t> inputs, MapShape shape, Node node,
                  const onnx::NodeProto& proto);
    void add_map(const onnx::NodeProto& proto, Operator kind, std::vector<uint32_t> inputs,
                 MapShape shape, Node node = {});
    /// A result with the operand's dimensions.
    void add_like(const onnx::NodeProto& proto, Operator kind, const Value& like, Node node = {});
    void alias_of(const onnx::NodeProto& proto, Value value);
    /// Axis -1 is the last one.
    std::size_t axis_of(int64_t axis, std::size_t rank) const;

    // Convolution and pooling
    struct Windows {
        Window window;
        MapShape out;
        bool overhangs = false;  ///< beyond map and padding, as ceil_mode allows
        Padding own;             ///< what of the padding is not the operand's
    };
    Windows windows_of(Attributes& attributes, std::vector<int64_t> kernel, const Value& operand,
                       bool rounds_up) const;
    void convolution(const onnx::NodeProto& proto, Attributes& attributes);
    void max_pool(const onnx::NodeProto& proto, Attributes& attributes);
    void average_pool(const onnx::NodeProto& proto, Attributes& attributes);
    void pool_whole_map(const onnx::NodeProto& proto, Operator kind, const Value& operand,
                        std::vector<int64_t> dims);
    void global_average(const onnx::NodeProto& proto, Attributes&);
    void global_maximum(const onnx::NodeProto& proto, Attributes&);
    void reduce_mean(const onnx::NodeProto& proto, Attributes& attributes);
    void pad(const onnx::NodeProto& proto, Attributes& attributes);

    // Arithmetic
    void normalisation(const onnx::NodeProto& proto, Attributes& attributes);
    void relu(const onnx::NodeProto& proto, Attributes&);
    void clip(const onnx::NodeProto& proto, Attributes& attributes);
    void addition(const onnx::NodeProto& proto, Attributes&);
    void arithmetic(const onnx::NodeProto& proto, Attributes&);
    void scale(const onnx::NodeProto& proto, const Value& map, const Constant& constant,
               bool constant_first);
    bool prepare_picture(const Value& map, const std::vector<float>& factor,
                         const std::vector<float>& offset, uint32_t readers = 1);
    std::vector<float> spread(const Constant& constant, const Value& map) const;
    void concatenation(const onnx::NodeProto& proto, Attributes& attributes);
    void concatenate_integers(const onnx::NodeProto& proto);
    std::vector<uint32_t> in_groups(const onnx::NodeProto& proto, std::vector<uint32_t> maps);
    void channel_of_picture(const onnx::NodeProto& proto, int64_t axis);
    void whole_picture(const onnx::NodeProto& proto, int64_t axis);
    void gemm(const onnx::NodeProto& proto, Attributes& attributes);
    void matrix_product(const onnx::NodeProto& proto, Attributes&);
    Node fully_connected(const Value& input, const Constant& weights, bool by_output) const;
    void softmax(const onnx::NodeProto& proto, Attributes& attributes);
    void dequantise(const onnx::NodeProto& proto, Attributes& attributes);
    void dropout(const onnx::NodeProto& proto, Attributes& attributes);

    // Shapes
    void flatten(const onnx::NodeProto& proto, Attributes& attributes);
    void reshape(const onnx::NodeProto& proto, Attributes& attributes);
    void squeeze(const onnx::NodeProto& proto, Attributes& attributes);
    void unsqueeze(const onnx::NodeProto& proto, Attributes& attributes);
    void transpose(const onnx::NodeProto& proto, Attributes& attributes);
    void reshape_to(const onnx::NodeProto& proto, std::vector<int64_t> dims);
    std::vector<int64_t> axes_of(const onnx::NodeProto& proto, Attributes& attributes,
                                 std::size_t rank) const;
    void identity(const onnx::NodeProto& proto, Attributes&);
    void cast(const onnx::NodeProto& proto, Attributes& attributes);
    void constant(const onnx::NodeProto& proto, Attributes& attributes);
    void shape(const onnx::NodeProto& proto, Attributes& attributes);
    void gather(const onnx::NodeProto& proto, Attributes& attributes);
    void slice(const onnx::NodeProto& proto, Attributes& attributes);
    /// Few integers, for shapes.
    std::vector<int64_t> small_integers(const onnx::NodeProto& proto, int i) const;
    void define_integers(const onnx::NodeProto& proto, std::vector<int64_t> dims,
                         std::vector<int64_t> values);
    void integer_arithmetic(const onnx::NodeProto& proto);

    const OnnxFile& file_;
    const onnx::GraphProto& model_;
    int64_t opset_ = 0;
    Graph graph_;
    std::vector<bool> rectified_{false};  ///< of each node: no value is below 0
    std::map<std::string, Value> values_;
    std::map<std::vector<uint32_t>, uint32_t> groups_;  ///< of maps, joined for several nodes
    std::map<std::string, uint32_t> readers_;  ///< of each name, by nodes that the output needs
    std::string title_;                        ///< of the node being read
};

}  // namespace karhunen
