// Names and attributes of an ONNX model, with every type checked. Internal to onnx_reader.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "sw/compiler/error.h"

namespace karhunen {

/// "Conv node /layer1/conv1/Conv"
std::string title_of(const onnx::NodeProto& node);
/// "/layer1/layer1.0/conv1/Conv" -> "layer1.0.conv1"
std::string short_name(const onnx::NodeProto& node);

/// "[64, 3, 7, 7]"
std::string text_of(const std::vector<int64_t>& dims);

[[noreturn]] inline void refuse(const std::string& title, const std::string& why) {
    throw CompileError(title + ": " + why);
}

/// The attributes of a node. Every one that the model gives must be asked for: finish() refuses the
/// rest, so that none is ignored in silence.
class Attributes {
public:
    explicit Attributes(const onnx::NodeProto& node);

    std::vector<int64_t> integers(const char* name, std::vector<int64_t> otherwise);
    int64_t integer(const char* name, int64_t otherwise);
    float real(const char* name, float otherwise);
    std::vector<float> reals(const char* name);
    std::string text(const char* name, const char* otherwise);
    const onnx::TensorProto* tensor(const char* name);
    /// The attribute must have this value if it is given.
    void require(const char* name, int64_t value);
    void require_text(const char* name, const char* value);
    bool has(const char* name) { return find(name) != nullptr; }
    /// Has no effect on inference.
    void ignore(const char* name) { find(name); }
    void finish() const;

private:
    const onnx::AttributeProto* find(const char* name);
    const onnx::AttributeProto* find(const char* name, onnx::AttributeProto::AttributeType type);

    const onnx::NodeProto& node_;
    std::vector<bool> asked_;
};

}  // namespace karhunen
