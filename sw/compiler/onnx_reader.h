// Reads a CNN classifier in ONNX format, opset 9 to 17: one picture in, one vector out, batch 1 (an
// open batch becomes 1). README.md lists operators and what of them is supported.
//
// Tensors: FLOAT, FLOAT16, BFLOAT16, DOUBLE, within the model or in files of its folder. Their
// values are read one by one while the graph is made, so that memory holds the weights once.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "sw/compiler/graph.h"

namespace karhunen {

/// Throws CompileError with the file's name; what is not supported is named by node and operator,
/// all unknown operators at once.
Graph read_onnx(const std::filesystem::path& path);
/// The same from memory; no external data.
Graph parse_onnx(std::span<const uint8_t> bytes, const std::string& name);

}  // namespace karhunen
