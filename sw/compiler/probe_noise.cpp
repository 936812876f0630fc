#include "sw/compiler/probe_noise.h"

#include <algorithm>
#include <cmath>

namespace karhunen {

namespace {

constexpr size_t most_pictures = 64;
constexpr uint64_t most_values = 160'000'000;  ///< of all maps of all pictures
constexpr double distance = 1.5;               ///< bits

size_t pictures_for(const Network& network, size_t given) {
    uint64_t values = network.input.values();
    for (const FloatLayer& layer : network.layers) values += layer.output.values();
    const auto room = static_cast<size_t>(std::max<uint64_t>(most_values / values, 1));
    return std::min({given, most_pictures, room});
}

/// One of the same codec that is as much coarser as is wanted, or finer where there is none.
const CodecCandidate& other_than(const CodecCandidate& chosen, const TensorCandidates& tensor) {
    const double bits = chosen.setting.quantiser.bits;
    const CodecCandidate* best = &chosen;
    double least = INFINITY;
    for (const CodecCandidate& c : tensor.candidates) {
        const double coarser = bits - c.setting.quantiser.bits;
        const double off = std::fabs(coarser - distance);
        if (!same_but_for_bits(c.setting, chosen.setting) || coarser == 0 || off >= least) continue;
        least = off;
        best = &c;
    }
    return *best;
}

}  // namespace

std::vector<double> probe_noise(const Network& network, const std::vector<LayerRanges>& ranges,
                                std::vector<QuantisedLayer> layers, const CodecChoices& choices,
                                std::span<const IntegerMap> inputs,
                                std::span<const Logits> reference,
                                const CalibrationOptions& options) {
    const size_t pictures = pictures_for(network, inputs.size());
    const auto picture = [&](size_t i) { return i * inputs.size() / pictures; };
    PictureMaps maps(pictures);
    for (size_t i = 0; i < pictures; ++i) maps[i] = {inputs[picture(i)]};
    const auto noise_of = [&](const PictureMaps& found) {
        double sum = 0;
        for (size_t i = 0; i < pictures; ++i)
            sum +=
                logit_noise(logits_of(found[i].back(), layers.back().scale), reference[picture(i)]);
        return sum / static_cast<double>(pictures);
    };
    maps = calibrate_from(0, network, ranges, std::move(maps), options, layers);
    const double noise = noise_of(maps);
    const auto noise_with = [&](uint32_t layer, const CodecSetting& setting) {
        PictureMaps before(pictures);
        for (size_t i = 0; i < pictures; ++i)
            before[i].assign(maps[i].begin(), maps[i].begin() + layer + 1);
        std::vector<QuantisedLayer> changed = layers;
        changed[layer].coding = setting;
        return noise_of(
            calibrate_from(layer, network, ranges, std::move(before), options, std::move(changed)));
    };
    std::vector<double> slopes;
    for (uint32_t l = 0; l < layers.size(); ++l) {
        if (!is_coded(network.layers[l])) continue;
        const CodecCandidate& chosen = choices.candidate(slopes.size());
        const CodecCandidate& other = other_than(chosen, choices.tensors[slopes.size()]);
        const double errors = other.squared_error - chosen.squared_error;
        slopes.push_back(0);
        if (!chosen.lossless && errors != 0)
            slopes.back() = (noise_with(l, other.setting) - noise) / errors;
    }
    return slopes;
}

}  // namespace karhunen
