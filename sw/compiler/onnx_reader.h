// Reads a model in ONNX format.
//
// Supported: Conv (group 1, dilation 1), BatchNormalization, Relu, MaxPool, GlobalAveragePool,
// AveragePool, ReduceMean (over rows and columns), Add, Gemm, Flatten, Reshape to a vector,
// Identity, Dropout, Constant; float tensors; batch 1; one picture in, one vector out.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "sw/compiler/graph.h"

namespace karhunen {

/// Throws CompileError with the file's name; what is not supported is named by node and operator.
Graph read_onnx(const std::filesystem::path& path);
Graph parse_onnx(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace karhunen
