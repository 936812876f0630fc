// The float reference: a model's graph, operator by operator, as the ONNX standard defines them. It
// shares nothing with folding, quantisation or the machine's layers, so that these can be measured
// against it. The result does not depend on threads or host (gemm.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "sw/compiler/gemm.h"
#include "sw/compiler/graph.h"

namespace karhunen {

class GraphExecutor {
public:
    using Map = std::vector<float>;  ///< (row, column, channel)
    /// Called with the value of each node that the output needs, in the graph's order.
    using Observer = std::function<void(uint32_t node, const Map& value)>;

    /// Takes the graph; weights are brought into the form of the arithmetic one after the other.
    /// threads: of one run; 0: one per processor.
    explicit GraphExecutor(Graph graph, unsigned threads = 0);

    /// The output, before Softmax, for one picture as the model takes it (before what it prepares
    /// itself). Several threads may run at once. Throws CompileError when the picture has another
    /// size than the model's input.
    Map run(Map picture, const Observer& observe = {}) const;

    /// Nodes keep all but the weights of convolutions.
    const Graph& graph() const { return graph_; }

private:
    /// Weights of a convolution: a matrix for each group, or, where groups are narrow, all of them
    /// as [kernel_y][kernel_x][in / groups][out].
    struct Weights {
        std::vector<PackedMatrix> groups;
        std::vector<float> taps;
    };
    Map convolve(uint32_t n, const Map& input) const;
    void convolve_by_matrix(uint32_t n, const Map& input, uint32_t first, uint32_t last,
                            Map& result) const;
    void convolve_by_taps(uint32_t n, const Map& input, uint32_t row, Map& result) const;
    Map pool(const Node& node, const Map& input) const;
    Map multiply(const Node& node, const Map& input) const;
    Map concatenated(const Node& node, const std::vector<Map>& maps) const;
    Map evaluate(uint32_t n, std::vector<Map>& maps) const;

    Graph graph_;
    unsigned threads_;
    std::map<uint32_t, Weights> weights_;  ///< of convolutions
    std::vector<uint32_t> last_reader_;    ///< of each node; 0: nothing that the output needs
};

}  // namespace karhunen
