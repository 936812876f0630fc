// Noise measured where all tensors are coded, against networks compiled anew.
#include <boost/test/unit_test.hpp>

#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/compiler/probe_noise.h"
#include "sw/images/picture.h"
#include "tests/sw/compiler/model_builder.h"

using namespace karhunen;

namespace {

constexpr uint32_t side = 32;
const CodecSetting fine = parse_setting("transform:7", {});
const CodecSetting coarse = parse_setting("transform:5.5", {});

/// A small network, 16 pictures, and what becomes of both with any settings.
struct Trial {
    Trial() {
        ModelBuilder b = small_resnet(side, 16, 10);
        network = fold(parse_onnx(b.bytes(), "small"));
        const krhn_input input = imagenet_input(side);
        std::vector<FloatMap> normalised;
        for (const Picture& picture : drawn_pictures(1, 1, 16, side)) {
            inputs.push_back(input_values(picture, input));
            normalised.push_back(normalise(picture, input));
        }
        scale = input.scale;
        ranges = observe_ranges(network, normalised, 0);
        reference = compiled(std::vector<CodecSetting>(network.layers.size()));
        for (const FloatLayer& layer : network.layers)
            settings.push_back(is_coded(layer) ? fine : CodecSetting{});
    }

    std::vector<QuantisedLayer> quantised(const std::vector<CodecSetting>& with) const {
        return quantise(network, ranges, scale, with);
    }

    std::vector<Logits> compiled(const std::vector<CodecSetting>& with) const {
        std::vector<QuantisedLayer> layers = quantised(with);
        std::vector<Logits> logits;
        for (const IntegerMap& map : calibrate_layers(
                 network, ranges, inputs, {}, [](const std::string&) {}, layers))
            logits.push_back(logits_of(map, layers.back().scale));
        return logits;
    }

    double noise(const std::vector<CodecSetting>& with) const {
        const std::vector<Logits> found = compiled(with);
        double sum = 0;
        for (size_t i = 0; i < found.size(); ++i) sum += logit_noise(found[i], reference[i]);
        return sum / static_cast<double>(found.size());
    }

    /// Each coded tensor can be fine, with an error of 1, or coarse, with one of 3, or raw.
    CodecChoices choices(size_t chosen) const {
        CodecChoices result;
        for (const FloatLayer& layer : network.layers) {
            if (!is_coded(layer)) continue;
            TensorCandidates& tensor = result.tensors.emplace_back();
            tensor.candidates.resize(3);
            tensor.candidates[0].setting = fine;
            tensor.candidates[0].squared_error = 1;
            tensor.candidates[1].setting = coarse;
            tensor.candidates[1].squared_error = 3;
            tensor.candidates[2].lossless = true;
            result.chosen.push_back(chosen);
        }
        return result;
    }

    Network network;
    std::vector<IntegerMap> inputs;
    std::vector<LayerRanges> ranges;
    double scale = 1;
    std::vector<Logits> reference;
    std::vector<CodecSetting> settings;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(probes)

BOOST_AUTO_TEST_CASE(slopes_are_those_of_networks_compiled_anew) {
    const Trial trial;
    const auto layers = trial.quantised(trial.settings);
    const auto slopes = [&](size_t chosen, unsigned threads) {
        return probe_noise(trial.network, trial.ranges, layers, trial.choices(chosen), trial.inputs,
                           trial.reference, {true, threads});
    };
    const std::vector<double> found = slopes(0, 2);
    const double noise = trial.noise(trial.settings);
    size_t next = 0;
    for (size_t l = 0; l < trial.network.layers.size(); ++l) {
        if (!is_coded(trial.network.layers[l])) continue;
        std::vector<CodecSetting> changed = trial.settings;
        changed[l] = coarse;
        const double expected = (trial.noise(changed) - noise) / 2;
        BOOST_TEST_CONTEXT(trial.network.layers[l].name) {
            BOOST_TEST(expected > 0);
            BOOST_TEST(found[next] == expected);
        }
        ++next;
    }
    BOOST_TEST(next == found.size());
    BOOST_TEST(slopes(0, 1) == found);
    BOOST_TEST(slopes(2, 2) == std::vector<double>(found.size()));
}

BOOST_AUTO_TEST_SUITE_END()
