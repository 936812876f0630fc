// From operators to layers: batch normalisation goes into the convolution before it, additions,
// ReLU and max-pooling join the convolution that makes their operand, and convolutions that are
// concatenated make their map together. What cannot join (normalisation of a stored map, a sum of
// two of them) becomes a depthwise convolution of one tap.
#pragma once

#include "sw/compiler/graph.h"
#include "sw/compiler/network.h"

namespace karhunen {

/// Throws CompileError naming the node where the machine has no such operator; the network must end
/// in a vector. Weights leave the graph as they enter the network.
Network fold(Graph graph);

}  // namespace karhunen
