// From operators to layers: batch normalisation goes into the convolution before it, additions,
// ReLU and max-pooling join the convolution that makes their operand.
#pragma once

#include "sw/compiler/graph.h"
#include "sw/compiler/network.h"

namespace karhunen {

/// Throws CompileError naming the node where operators come in an order that the machine does not
/// have: every stored map is rectified, and the network ends in one fully connected layer.
Network fold(const Graph& graph);

}  // namespace karhunen
