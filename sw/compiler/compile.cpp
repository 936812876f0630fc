#include "sw/compiler/compile.h"

#include <algorithm>

#include <karhunen/dma.h>

#include "models/codec/codec.h"
#include "sw/compiler/automatic.h"
#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/emit.h"
#include "sw/compiler/fold.h"
#include "sw/compiler/onnx_reader.h"
#include "sw/compiler/parallel.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/ranges.h"
#include "sw/compiler/tile.h"

namespace karhunen {

namespace {

bool is_automatic(const CompileOptions& options) {
    if (options.codec != "auto") return false;
    if (options.folded)
        throw CompileError(
            "codec auto chooses for maps that are stored behind additions, the folded "
            "variant stores them before: choose one of them");
    if (!options.tensor_codecs.empty())
        throw CompileError("codec auto chooses for every tensor: none can have one of its own");
    if (!(options.max_drop >= 0 && options.max_drop <= 100))
        throw CompileError("the largest drop of accuracy must be 0 to 100 percentage points");
    return true;
}

/// How the map of each layer is coded; raw until codec "auto" has chosen.
std::vector<CodecSetting> settings_of(const Network& network, const CompileOptions& options) {
    const auto parsed = [&](const std::string& text) {
        try {
            const CodecSetting setting = parse_setting(text, options.quantiser);
            const uint32_t streams =
                codec_traits(setting.codec).streams_per_coder * options.machine.streams;
            if (streams > KRHN_MAX_STREAMS)
                throw CompileError("codec " + text + " needs " + std::to_string(streams) +
                                   " streams for " + std::to_string(options.machine.streams) +
                                   " coders; a band has at most " +
                                   std::to_string(KRHN_MAX_STREAMS));
            return setting;
        } catch (const CodecError& error) {
            throw CompileError(error.what());
        }
    };
    std::vector<CodecSetting> settings(network.layers.size());
    if (is_automatic(options)) return settings;
    const CodecSetting usual = parsed(options.codec);
    for (size_t l = 0; l < settings.size(); ++l) {
        const FloatLayer& layer = network.layers[l];
        const std::string why = objection(usual, layer, options.machine);
        const bool named = options.tensor_codecs.count(layer.name);
        if (why.empty())
            settings[l] = usual;
        else if (is_coded(layer) && !named && options.progress)
            options.progress("layer " + layer.name + " is stored raw: " + why);
    }
    for (const auto& [name, text] : options.tensor_codecs) {
        std::string known;
        bool found = false;
        for (size_t l = 0; l < settings.size(); ++l) {
            if (!is_coded(network.layers[l])) continue;
            known += (known.empty() ? "" : ", ") + network.layers[l].name;
            if (network.layers[l].name != name) continue;
            settings[l] = parsed(text);
            found = true;
            const std::string why = objection(settings[l], network.layers[l], options.machine);
            if (!why.empty()) throw CompileError("layer " + name + ": " + why);
        }
        if (!found) throw CompileError("no coded tensor '" + name + "'; there are " + known);
    }
    return settings;
}

/// Codecs with a table decode to rectified maps, but for transform.
void check_parts_of_sums(const Network& network, std::span<const CodecSetting> settings) {
    for (size_t l = 0; l < settings.size(); ++l) {
        const uint32_t codec = settings[l].codec;
        if (network.layers[l].before_add && codec != KRHN_CODEC_TRANSFORM &&
            codec_traits(codec).has_table)
            throw CompileError("layer " + network.layers[l].name +
                               " is stored before an addition; " + std::string(codec_name(codec)) +
                               " decodes to rectified maps: transform or a lossless codec can");
    }
}

void separate_pooling(Network& network, const CompileOptions& options) {
    for (uint32_t l = 0; l < network.layers.size(); ++l)
        if (options.preset == Preset::paper) store_before_pooling(network, l);
}

}  // namespace

Preset preset_of(const std::string& name) {
    if (name == "default") return Preset::standard;
    if (name == "paper") return Preset::paper;
    throw CompileError("unknown preset " + name + "; known are default and paper");
}

krhn_machine default_machine() {
    krhn_machine machine{};
    machine.weight_bytes = 256 << 10;
    machine.activation_bytes = machine.output_bytes = machine.residual_bytes = 128 << 10;
    machine.table_bytes = 384 << 10;
    machine.streams = 4;
    return machine;
}

Network read_network(const std::filesystem::path& onnx) {
    const Graph graph = read_onnx(onnx);
    try {
        return fold(graph);
    } catch (const CompileError& error) {
        throw CompileError(onnx.string() + ": " + error.what());
    }
}

std::vector<uint8_t> compile(Network network, std::span<const Picture> pictures,
                             const CompileOptions& options) {
    if (pictures.empty()) throw CompileError("no calibration picture");
    if (options.batch == 0) throw CompileError("a batch has at least one image");
    const auto report = [&](const std::string& line) {
        if (options.progress) options.progress(line);
    };
    separate_pooling(network, options);
    if (options.folded) store_before_add(network);
    const std::vector<CodecSetting> settings = settings_of(network, options);
    check_parts_of_sums(network, settings);
    const krhn_input input = imagenet_input(network.input.height);
    std::vector<FloatMap> normalised(pictures.size());
    std::vector<IntegerMap> inputs(pictures.size());
    for_each_index(pictures.size(), options.threads, [&](std::size_t i) {
        inputs[i] = input_values(pictures[i], input);
        normalised[i] = normalise(pictures[i], input);
    });
    report("observing ranges on " + std::to_string(pictures.size()) + " pictures");
    const std::vector<LayerRanges> ranges = observe_ranges(network, normalised, options.threads);
    std::vector<FloatMap>().swap(normalised);
    std::vector<QuantisedLayer> layers;
    if (is_automatic(options))
        layers = calibrate_automatically(network, ranges, input.scale, inputs, options);
    else
        layers = quantise(network, ranges, input.scale, settings, options.folded);
    std::vector<Format> stored;
    for (const QuantisedLayer& layer : layers) stored.push_back(layer.stored);
    // Before the long part, so that what does not fit is said at once.
    const std::vector<LayerPlan> plans = tile(network, stored, options.machine);
    if (!is_automatic(options))
        calibrate_layers(network, ranges, std::move(inputs), options.threads, report, layers);
    return emit(network, layers, plans, input, options.machine, options.batch);
}

}  // namespace karhunen
