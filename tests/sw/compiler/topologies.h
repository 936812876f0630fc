// The shapes of well-known networks with random weights, as graphs of operators, in full size or
// with fewer channels and pixels; and an evaluation of graphs straight from the definition of each
// operator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/compiler/graph.h"

namespace karhunen {

struct TopologySize {
    uint32_t side = 224;   ///< of the picture
    uint32_t divisor = 1;  ///< of the numbers of channels
    uint32_t classes = 1000;
};

/// "resnet18", "resnet34", "resnet50", "squeezenet" (1.1), "vgg16", "mobilenetv2", "alexnet";
/// "grouped" (AlexNet in two groups, as published), "mixed": what the others do not have.
Graph topology(const std::string& name, const TopologySize& size = {}, uint32_t seed = 1);
std::vector<std::string> topology_names();

/// The output for one picture, (row, column, channel) order.
std::vector<float> evaluate(const Graph& graph, const std::vector<float>& picture);

}  // namespace karhunen
