#include "platform/model_difference.h"

#include <stdexcept>

#include "sw/compiler/fold.h"

namespace karhunen {

namespace {

/// As the loadable wants the picture, but for what the model does with it itself.
std::vector<float> prepared(const Picture& picture, const krhn_input& input, const Node& node) {
    std::vector<float> values = normalise(picture, input);
    if (!node.weights.empty())
        for (size_t i = 0; i < values.size(); ++i)
            values[i] = (values[i] - node.bias[i % 3]) / node.weights[i % 3];
    return values;
}

}  // namespace

std::vector<NetworkDifference> compare_with_model(Graph graph, const std::string& name,
                                                  std::span<const Loadable* const> loadables,
                                                  std::span<const Picture> pictures,
                                                  std::span<const float> inputs,
                                                  const DifferenceOptions& options) {
    std::vector<std::vector<uint32_t>> nodes;
    try {
        const Network network = fold(graph);
        for (const Loadable* loadable : loadables)
            nodes.push_back(nodes_of(*loadable, graph, network));
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(name + ": " + error.what());
    }
    // Several pictures: each is a thread's.
    const GraphExecutor reference(std::move(graph), pictures.size() > 1 ? 1 : options.threads);
    std::vector<NetworkDifference> differences;
    for (size_t l = 0; l < loadables.size(); ++l) {
        const krhn_input& input = loadables[l]->input();
        const size_t plane = size_t{input.crop} * input.crop;
        const auto picture = [&](size_t i) {
            ComparedPicture picture{input_values(pictures[i], input), {}};
            if (inputs.empty()) {
                picture.picture = prepared(pictures[i], input, reference.graph().nodes[0]);
                return picture;
            }
            for (size_t v = 0; v < 3 * plane; ++v)
                picture.picture.push_back(inputs[(i * 3 + v % 3) * plane + v / 3]);
            return picture;
        };
        differences.push_back(measure_difference(reference, *loadables[l], nodes[l],
                                                 pictures.size(), picture, options));
    }
    return differences;
}

}  // namespace karhunen
