// A graph as an ONNX model: what reading it must give back.
#pragma once

#include <onnx/onnx_pb.h>

#include "sw/compiler/graph.h"

namespace karhunen {

/// Opset 13, with a batch that is open; fully connected layers behind a Flatten, Softmax at the end
/// if the graph has it. Nodes keep their names.
onnx::ModelProto onnx_of(const Graph& graph);

}  // namespace karhunen
