// Small ONNX models, written with protobuf as an exporter would.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace karhunen {

/// Each operator takes and returns the names of values. Weights are random.
class ModelBuilder {
public:
    explicit ModelBuilder(uint32_t side, uint32_t seed = 1);

    std::string convolution(const std::string& input, uint32_t from, uint32_t to, uint32_t kernel,
                            uint32_t stride, uint32_t padding);
    std::string normalisation(const std::string& input, uint32_t channels);
    std::string max_pool(const std::string& input, uint32_t kernel, uint32_t stride,
                         uint32_t padding);
    std::string fully_connected(const std::string& input, uint32_t from, uint32_t to,
                                bool transposed = true);
    /// Any operator without attributes.
    std::string node(const std::string& op_type, const std::vector<std::string>& inputs);
    /// convolution, normalisation, Relu
    std::string block(const std::string& input, uint32_t from, uint32_t to, uint32_t kernel,
                      uint32_t stride);
    std::string floats(const std::vector<int64_t>& dims, float deviation, float mean = 0);
    std::string integers(const std::vector<int64_t>& values);

    onnx::NodeProto& last() { return *graph().mutable_node(graph().node_size() - 1); }
    onnx::GraphProto& graph() { return *model_.mutable_graph(); }
    onnx::ModelProto& model() { return model_; }
    const onnx::ModelProto& model() const { return model_; }
    /// Of the model's input; -1: open.
    void set_input(const std::vector<int64_t>& dims);
    void set_opset(int64_t version) { model_.mutable_opset_import(0)->set_version(version); }
    /// Names the model's output.
    void finish(const std::string& output);
    std::vector<uint8_t> bytes() const;

    static void set(onnx::NodeProto& node, const std::string& name, std::vector<int64_t> values);
    static void set(onnx::NodeProto& node, const std::string& name, int64_t value);
    static void set_real(onnx::NodeProto& node, const std::string& name, float value);
    static void set_text(onnx::NodeProto& node, const std::string& name, const char* text);

private:
    onnx::ModelProto model_;
    std::mt19937 random_;
};

/// Stem with max-pooling, a residual block, a shrinking block with a shortcut convolution, average,
/// logits: ResNet-18 in small. side: of the picture.
ModelBuilder small_resnet(uint32_t side, uint32_t channels, uint32_t classes, uint32_t seed = 1);

}  // namespace karhunen
