// A model file of which only the structure is in memory: the values of its tensors stay where they
// are until they are asked for, in the file itself or in the external files that it names. So a
// model of a gigabyte costs one copy of its weights, not two.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include <onnx/onnx_pb.h>

namespace karhunen {

/// Bytes that can be read in any order; not by several threads.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    virtual uint64_t size() const = 0;
    /// offset + bytes <= size(). Throws CompileError when the file cannot be read.
    virtual void read(uint64_t offset, uint64_t bytes, void* to) const = 0;
};

/// Throws CompileError("PATH: the WHAT cannot be read: REASON").
std::shared_ptr<const ByteSource> open_source(const std::filesystem::path& path,
                                              const std::string& what);
/// Keeps a reference.
std::shared_ptr<const ByteSource> source_of(std::span<const uint8_t> bytes);

/// Where the values of a tensor lie, little-endian.
struct Blob {
    std::shared_ptr<const ByteSource> source;
    uint64_t offset = 0, bytes = 0;
};

/// From another file than the model: `location` is relative to `folder` and stays inside. Throws
/// CompileError; `title` is the tensor.
Blob external_blob(const onnx::TensorProto& tensor, const std::filesystem::path& folder,
                   const std::string& title);

class OnnxFile {
public:
    /// folder: of external data; empty: there can be none. Throws CompileError without the file's
    /// name.
    OnnxFile(std::shared_ptr<const ByteSource> source, std::filesystem::path folder);

    const onnx::ModelProto& model() const { return model_; }
    /// Values that were left in the file; without a source: they are in the tensor.
    Blob blob_of(const onnx::TensorProto& tensor, const std::string& title) const;

private:
    onnx::ModelProto model_;
    std::unordered_map<const onnx::TensorProto*, Blob> blobs_;
    std::filesystem::path folder_;
};

}  // namespace karhunen
