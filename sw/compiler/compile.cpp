#include "sw/compiler/compile.h"

#include <cmath>

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

/// Throws where codec "auto" cannot do what the other options say.
void check_automatic(const CompileOptions& options) {
    if (options.folded)
        throw CompileError(
            "codec auto chooses for maps that are stored behind additions, the folded "
            "variant stores them before: choose one of them");
    if (!options.tensor_codecs.empty())
        throw CompileError("codec auto chooses for every tensor: none can have one of its own");
    if (!(options.max_drop >= 0 && options.max_drop <= 100))
        throw CompileError("the largest drop of accuracy must be 0 to 100 percentage points");
    if (options.min_snr_db && !std::isfinite(*options.min_snr_db))
        throw CompileError("the least signal-to-noise ratio must be a number of decibels");
}

/// How the map of each layer is coded.
std::vector<CodecSetting> settings_of(const Network& network, const CompileOptions& options,
                                      const std::string& codec) {
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
    const CodecSetting usual = parsed(codec);
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
    Graph graph = read_onnx(onnx);
    try {
        return fold(std::move(graph));
    } catch (const CompileError& error) {
        throw CompileError(onnx.string() + ": " + error.what());
    }
}

class Compiler::Parts {
public:
    Parts(Network network, std::span<const Picture> pictures, CompileOptions options)
        : network_(std::move(network)), options_(std::move(options)) {
        if (pictures.empty()) throw CompileError("no calibration picture");
        if (options_.batch == 0) throw CompileError("a batch has at least one image");
        separate_pooling(network_, options_);
        if (options_.folded) store_before_add(network_);
        if (options_.weight_bits != 8 && options_.weight_bits != 4)
            throw CompileError("weights have 8 or 4 bits, not " +
                               std::to_string(options_.weight_bits));
        set_weight_bits(network_, options_.weight_bits);
        if (network_.layers.size() > KRHN_MAX_LAYERS)
            throw CompileError("the network has " + std::to_string(network_.layers.size()) +
                               " layers; the firmware takes up to " +
                               std::to_string(KRHN_MAX_LAYERS));
        input_ = network_.picture_factor.empty()
                     ? imagenet_input(network_.input.height)
                     : own_input(network_.input.height, network_.picture_factor,
                                 network_.picture_offset);
        if (network_.shorter_side != 0) input_.resize = network_.shorter_side;
        normalised_.resize(pictures.size());
        inputs_.resize(pictures.size());
        for_each_index(pictures.size(), options_.threads, [&](std::size_t i) {
            inputs_[i] = input_values(pictures[i], input_);
            normalised_[i] = normalise(pictures[i], input_);
        });
    }

    std::vector<uint8_t> compile(const std::string& codec) {
        if (codec == "auto") return emitted(chooser(options_.choose_from).choose());
        const std::vector<CodecSetting> settings = settings_of(network_, options_, codec);
        check_parts_of_sums(network_, settings);
        observe();
        std::vector<QuantisedLayer> layers =
            quantise(network_, ranges_, input_.scale, settings, options_.folded, options_.ranges);
        tiled(layers);  // before the long part, so that what does not fit is said at once
        calibrate_layers(
            network_, ranges_, inputs_, {options_.correct_biases, options_.threads},
            [&](const std::string& line) { report(line); }, layers);
        return emitted(layers);
    }

    std::vector<uint8_t> compile_like(const CodecSetting& setting) {
        return emitted(chooser({setting.codec}).choose_like(setting));
    }

private:
    void report(const std::string& line) const {
        if (options_.progress) options_.progress(line);
    }

    void observe() {
        if (!ranges_.empty()) return;
        report("observing ranges on " + std::to_string(inputs_.size()) + " pictures");
        ranges_ = observe_ranges(network_, normalised_, options_.threads, &float_logits_);
        std::vector<FloatMap>().swap(normalised_);
    }

    /// Measured once for the same codecs.
    CodecChooser& chooser(const std::vector<uint32_t>& codecs) {
        check_automatic(options_);
        observe();
        if (!chooser_ || codecs != chooser_codecs_)
            chooser_ = std::make_unique<CodecChooser>(network_, ranges_, float_logits_,
                                                      input_.scale, inputs_, options_, codecs);
        chooser_codecs_ = codecs;
        return *chooser_;
    }

    std::vector<LayerPlan> tiled(const std::vector<QuantisedLayer>& layers) const {
        std::vector<Format> stored;
        for (const QuantisedLayer& layer : layers) stored.push_back(layer.stored);
        return tile(network_, stored, options_.machine);
    }

    std::vector<uint8_t> emitted(const std::vector<QuantisedLayer>& layers) const {
        return emit(network_, layers, tiled(layers), input_, options_.machine, options_.batch);
    }

    Network network_;
    const CompileOptions options_;
    krhn_input input_{};
    std::vector<FloatMap> normalised_;  ///< pictures; until ranges_ are known
    std::vector<IntegerMap> inputs_;    ///< the same as the machine gets them
    std::vector<LayerRanges> ranges_;   ///< none: not yet observed
    std::vector<Logits> float_logits_;  ///< with them
    std::unique_ptr<CodecChooser> chooser_;
    std::vector<uint32_t> chooser_codecs_;
};

Compiler::Compiler(Network network, std::span<const Picture> pictures, CompileOptions options)
    : parts_(std::make_unique<Parts>(std::move(network), pictures, std::move(options))) {}
Compiler::~Compiler() = default;

std::vector<uint8_t> Compiler::compile(const std::string& codec) {
    return parts_->compile(codec);
}

std::vector<uint8_t> Compiler::compile_like(const CodecSetting& setting) {
    return parts_->compile_like(setting);
}

std::vector<uint8_t> compile(Network network, std::span<const Picture> pictures,
                             const CompileOptions& options) {
    return Compiler(std::move(network), pictures, options).compile(options.codec);
}

}  // namespace karhunen
