#include "sw/compiler/ranges.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

FloatMap magnitudes(const FloatMap& map) {
    FloatMap result(map.size());
    std::transform(map.begin(), map.end(), result.begin(), [](float v) { return std::fabs(v); });
    return result;
}

std::vector<double> channel_sums(std::span<const float> values, const FloatLayer& layer) {
    std::vector<double> sums(layer.output.channels);
    for (std::size_t i = 0; i < values.size(); ++i)
        sums[i % sums.size()] += has_relu(layer) ? std::max(values[i], 0.0f) : values[i];
    return sums;
}

}  // namespace

std::vector<LayerRanges> observe_ranges(const Network& network, std::span<const FloatMap> pictures,
                                        unsigned threads,
                                        std::vector<std::vector<double>>* logits) {
    const FloatExecutor executor(network);
    std::vector<LayerRanges> ranges(network.layers.size());
    std::vector<std::vector<std::vector<double>>> sums(pictures.size());  // [picture][layer]
    std::mutex merging;
    if (logits) logits->resize(pictures.size());
    for_each_index(pictures.size(), threads, [&](std::size_t i) {
        const FloatMap last =
            executor.run(pictures[i], [&](uint32_t l, const FloatExecutor::Values& values) {
                sums[i].push_back(channel_sums(values.result, network.layers[l]));
                LayerRanges of_picture;
                of_picture.result.add(values.result);
                if (!has_relu(network.layers[l]))
                    of_picture.magnitude.add(magnitudes(values.result));
                of_picture.shortcut.add(values.shortcut);
                for (const FloatMap& sum : values.sums) of_picture.sums.emplace_back().add(sum);
                const std::lock_guard lock(merging);
                ranges[l].result.merge(std::move(of_picture.result));
                ranges[l].magnitude.merge(std::move(of_picture.magnitude));
                ranges[l].shortcut.merge(std::move(of_picture.shortcut));
                ranges[l].sums.resize(values.sums.size());
                for (std::size_t s = 0; s < values.sums.size(); ++s)
                    ranges[l].sums[s].merge(std::move(of_picture.sums[s]));
            });
        if (logits) (*logits)[i].assign(last.begin(), last.end());
    });
    // Means in the order of the pictures: sums of doubles depend on it.
    for (std::size_t l = 0; l < ranges.size(); ++l) {
        const MapShape& shape = network.layers[l].output;
        const double values = static_cast<double>(pictures.size()) * shape.height * shape.width;
        ranges[l].mean.assign(shape.channels, 0.0);
        for (const auto& picture : sums)
            for (uint32_t c = 0; c < shape.channels; ++c)
                ranges[l].mean[c] += picture[l][c] / values;
    }
    return ranges;
}

}  // namespace karhunen
