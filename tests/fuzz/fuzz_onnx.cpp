// The ONNX reader takes any bytes: it returns a graph whose shapes and weights fit each other, or
// throws CompileError; so does folding of what it returns. Shapes are limited before anything is
// allocated: memory is bounded by the size of the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <google/protobuf/stubs/logging.h>

#include "sw/compiler/error.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"

namespace {

using namespace karhunen;

void require(bool good) {
    if (!good) std::abort();
}

/// What the graph's users rely on.
void check(const Graph& graph) {
    require(graph.output < graph.nodes.size());
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node& node = graph.nodes[n];
        require((node.kind == Operator::picture) == (n == 0));
        require(node.shape.values() > 0);
        require(node.inputs.empty() == (n == 0));
        for (const uint32_t input : node.inputs) require(input < n);
        if (n == 0) continue;
        const MapShape& in = graph.nodes[node.inputs[0]].shape;
        const Window& w = node.window;
        const size_t taps = size_t{w.kernel_y} * w.kernel_x;
        if (node.kind == Operator::convolution) {
            require(node.weights.size() ==
                    taps * (in.channels / node.groups) * node.shape.channels);
            require(node.bias.size() == node.shape.channels);
        } else if (node.kind == Operator::fully_connected) {
            require(node.weights.size() == in.values() * node.shape.channels);
        } else if (node.kind == Operator::batch_normalisation) {
            require(node.weights.size() == in.channels && node.bias.size() == in.channels);
        }
        const bool has_window = node.kind == Operator::convolution ||
                                node.kind == Operator::max_pool ||
                                node.kind == Operator::average_pool;
        if (!has_window) continue;
        const auto fits = [](uint32_t side, uint32_t before, uint32_t after, uint32_t kernel,
                             uint32_t dilation, uint32_t stride, uint32_t out) {
            const uint32_t reach = (kernel - 1) * dilation + 1;
            return reach <= side + before + after &&
                   out == (side + before + after - reach) / stride + 1;
        };
        require(fits(in.height, w.padding_top, w.padding_bottom, w.kernel_y, w.dilation_y,
                     w.stride_y, node.shape.height));
        require(fits(in.width, w.padding_left, w.padding_right, w.kernel_x, w.dilation_x,
                     w.stride_x, node.shape.width));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    // Protocol Buffers write about damaged files to standard error.
    static const google::protobuf::LogSilencer silence;
    try {
        const Graph graph = parse_onnx({data, size}, "fuzz");
        check(graph);
        fold(graph);
    } catch (const CompileError&) {
    }
    return 0;
}
