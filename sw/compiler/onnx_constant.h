// The constants of an ONNX model: weights, and the small integers that shapes are computed with.
// Internal to onnx_reader.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sw/compiler/onnx_file.h"

namespace karhunen {

/// A tensor of the model, whose values are read when they are asked for, or computed values.
class Constant {
public:
    Constant() = default;
    /// Keeps references to both. Throws CompileError when the shape is impossible.
    Constant(const OnnxFile& file, const onnx::TensorProto& proto, const std::string& title);
    Constant(std::vector<int64_t> dims, std::vector<int64_t> values);
    Constant(std::vector<int64_t> dims, std::vector<float> values);

    const std::vector<int64_t>& dims() const { return dims_; }
    uint64_t elements() const;
    std::string shape() const;  ///< "[64, 3, 7, 7]"
    bool is_integer() const;

    /// Throw CompileError where type or size do not fit, or a value is not finite.
    std::vector<float> floats() const;
    std::vector<int64_t> integers() const;

    /// The same values with another shape of as many elements.
    Constant reshaped(std::vector<int64_t> dims) const;
    /// Of a matrix.
    Constant transposed() const;
    /// The values are those of the transposed matrix; untransposed_floats() gives them as they lie.
    bool is_transposed() const { return transposed_; }
    std::vector<float> untransposed_floats() const;
    /// Of one value, which may be infinite.
    float scalar() const;

private:
    std::vector<float> read_floats() const;
    Blob blob() const;
    template <typename Value, typename Stored, typename Convert>
    std::vector<Value> converted(const Blob& blob, Convert convert) const;
    template <typename Value, typename Field>
    std::vector<Value> listed(const Field& field) const;
    void check_size(uint64_t values) const;
    std::string type_name() const;

    const OnnxFile* file_ = nullptr;
    const onnx::TensorProto* proto_ = nullptr;
    std::string title_;
    std::vector<int64_t> dims_;
    bool transposed_ = false;
    std::shared_ptr<const std::vector<int64_t>> integers_;  ///< computed
    std::shared_ptr<const std::vector<float>> floats_;      ///< computed
};

}  // namespace karhunen
