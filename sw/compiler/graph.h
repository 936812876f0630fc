// The operators of a model in the order of computation, as onnx_reader finds them. Shapes are known
// and checked, weights are float, everything that only renames or reshapes is gone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/compiler/network.h"

namespace karhunen {

enum class Operator {
    picture,  ///< the model's input; always node 0
    convolution,
    batch_normalisation,
    relu,
    clip,  ///< to 0..clip_high, as ReLU6
    max_pool,
    average_pool,
    add,
    concat,  ///< along the channels
    fully_connected,
};

/// Kernel, stride and padding of a convolution or a pooling window.
struct Window {
    uint32_t kernel_y = 1, kernel_x = 1;
    uint32_t stride_y = 1, stride_x = 1;
    uint32_t dilation_y = 1, dilation_x = 1;
    uint32_t padding_top = 0, padding_left = 0, padding_bottom = 0, padding_right = 0;
    /// average_pool: the divisor is kernel_y * kernel_x everywhere, not what lies in the map.
    bool counts_padding = false;
};

struct Node {
    Operator kind = Operator::picture;
    std::string title;             ///< for messages: operator and name as in the model
    std::string name;              ///< for reports: short
    std::vector<uint32_t> inputs;  ///< nodes, each before this one
    MapShape shape;                ///< of the result; a vector is 1 x 1 x channels
    Window window;                 ///< convolution, max_pool, average_pool
    uint32_t groups = 1;           ///< convolution
    float clip_high = 0;           ///< clip
    /// convolution: [out][in / groups][ky][kx]; fully_connected: [out][in in channel, row, column
    /// order]; batch_normalisation: factor per channel; picture: the same if the model itself
    /// prepares it (the node's value is factor * input + bias), or empty
    std::vector<float> weights;
    std::vector<float> bias;  ///< per output channel
};

struct Graph {
    std::vector<Node> nodes;
    uint32_t output = 0;   ///< node
    bool softmax = false;  ///< of the output: the host's business
};

}  // namespace karhunen
