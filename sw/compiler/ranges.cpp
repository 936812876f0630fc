#include "sw/compiler/ranges.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "sw/compiler/parallel.h"

namespace karhunen {

void Histogram::widen(double value) {
    while (value >= range_) {
        for (uint32_t i = 0; i < bins / 2; ++i) counts_[i] = counts_[2 * i] + counts_[2 * i + 1];
        std::fill(counts_.begin() + bins / 2, counts_.end(), 0);
        range_ *= 2;
    }
}

void Histogram::add(std::span<const float> values) {
    if (values.empty()) return;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    largest_ = std::max<double>(largest_, *high);
    magnitude_ = std::max<double>({magnitude_, *high, -*low});
    widen(largest_);
    const auto per_bin = static_cast<float>(bins / range_);
    for (const float value : values)
        if (value > 0) ++counts_[static_cast<uint32_t>(value * per_bin)];
}

void Histogram::merge(Histogram other) {
    largest_ = std::max(largest_, other.largest_);
    magnitude_ = std::max(magnitude_, other.magnitude_);
    widen(largest_);
    while (other.range_ < range_) other.widen(other.range_);
    for (uint32_t i = 0; i < bins; ++i) counts_[i] += other.counts_[i];
}

double Histogram::best_range(uint32_t levels) const {
    if (largest_ <= 0) return 1;
    double best = largest_, least = INFINITY;
    for (int percent = 100; percent >= 20; --percent) {
        const double range = largest_ * percent / 100, step = range / levels;
        double error = 0;
        for (uint32_t i = 0; i < bins; ++i) {
            const double value = (i + 0.5) * range_ / bins;
            const double beyond = std::max(0.0, value - range);
            error += static_cast<double>(counts_[i]) * (step * step / 12 + beyond * beyond);
        }
        if (error < least) {
            least = error;
            best = range;
        }
    }
    return best;
}

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
                                        unsigned threads) {
    const FloatExecutor executor(network);
    std::vector<LayerRanges> ranges(network.layers.size());
    std::vector<std::vector<std::vector<double>>> sums(pictures.size());  // [picture][layer]
    std::mutex merging;
    for_each_index(pictures.size(), threads, [&](std::size_t i) {
        executor.run(pictures[i], [&](uint32_t l, const FloatExecutor::Values& values) {
            sums[i].push_back(channel_sums(values.result, network.layers[l]));
            LayerRanges of_picture;
            of_picture.result.add(values.result);
            if (!has_relu(network.layers[l])) of_picture.magnitude.add(magnitudes(values.result));
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
