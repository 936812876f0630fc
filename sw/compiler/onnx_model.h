// Access to the parts of an ONNX model with every size and type checked. Internal to onnx_reader.
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

[[noreturn]] inline void refuse(const std::string& title, const std::string& why) {
    throw CompileError(title + ": " + why);
}

/// A constant; the proto must outlive it.
struct Constant {
    const onnx::TensorProto* proto = nullptr;
    std::vector<int64_t> dims;

    uint64_t elements() const;
    std::string shape() const;  ///< "[64, 3, 7, 7]"
    std::vector<float> floats(const std::string& title) const;
    std::vector<int64_t> integers(const std::string& title) const;
};
Constant constant_of(const onnx::TensorProto& proto, const std::string& title);

/// The attributes of a node. Every one that the model gives must be asked for: finish() refuses the
/// rest, so that none is ignored in silence.
class Attributes {
public:
    explicit Attributes(const onnx::NodeProto& node);

    std::vector<int64_t> integers(const char* name, std::vector<int64_t> otherwise);
    int64_t integer(const char* name, int64_t otherwise);
    float real(const char* name, float otherwise);
    std::string text(const char* name, const char* otherwise);
    const onnx::TensorProto* tensor(const char* name);
    /// The attribute must have this value if it is given.
    void require(const char* name, int64_t value);
    void require_text(const char* name, const char* value);
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
