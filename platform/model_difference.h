// Loadables beside the ONNX model that they were made from.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/tensor_difference.h"
#include "sw/compiler/image.h"

namespace karhunen {

/// One for each loadable. name: of the model. pictures: cropped to the model's input. inputs: what
/// another framework feeds the model for them, [picture][channel][row][column]; none: they are
/// prepared here. Throws std::runtime_error.
std::vector<NetworkDifference> compare_with_model(Graph graph, const std::string& name,
                                                  std::span<const Loadable* const> loadables,
                                                  std::span<const Picture> pictures,
                                                  std::span<const float> inputs,
                                                  const DifferenceOptions& options);

}  // namespace karhunen
