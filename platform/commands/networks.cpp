#include "platform/commands/networks.h"

#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <karhunen/loadable.h>

#include "models/codec/codec.h"
#include "platform/codec_choices.h"
#include "platform/files.h"
#include "platform/machine.h"
#include "platform/progress.h"
#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/images/picture.h"

namespace karhunen {

namespace {
constexpr uint32_t calibration_pictures = 20;  // of the built-in network: one of each class

std::string eight_or_four(const std::string& text) {
    return text == "8" || text == "4" ? "" : "expected 8 or 4, not " + text;
}
}  // namespace

std::string codec_list() {
    std::string list;
    for (const std::string_view name : codec_names())
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

void check_codec(const std::string& text) {
    if (text == "auto") return;
    if (text.starts_with("auto:"))
        throw std::runtime_error("codec '" + text +
                                 "': auto chooses the bits itself; --max-drop or --min-snr bound "
                                 "what they may cost");
    parse_setting(text, {});
}

void add_truncation_options(CLI::App& command, QuantiserOptions& quantiser) {
    command.add_option("--components", quantiser.components,
                       "of transform: code so many principal components at most; 0: all");
    command.add_option("--energy", quantiser.energy,
                       "of transform: code the fewest components with this share of the variance");
}

void check_truncation(const NetworkOptions& o, std::span<const std::string> codecs) {
    std::vector<std::string> given(codecs.begin(), codecs.end());
    for (const std::string& text : o.tensor_codecs)
        given.push_back(text.substr(text.find('=') + 1));
    check_truncation(o.quantiser, given);
}

void check_truncation(const QuantiserOptions& quantiser, std::span<const std::string> codecs) {
    if (!(quantiser.energy > 0 && quantiser.energy <= 1))
        throw std::runtime_error("--energy is a share of the variance, above 0 and at most 1");
    if (quantiser.components == 0 && quantiser.energy == 1) return;
    std::string list;
    for (const std::string& codec : codecs) {
        if (codec.substr(0, codec.find(':')) == codec_name(KRHN_CODEC_TRANSFORM)) return;
        list += (list.empty() ? "" : ", ") + codec;
    }
    throw std::runtime_error("--components and --energy are for codec transform, not for " + list);
}

void add_network_options(CLI::App& command, NetworkOptions& o) {
    command
        .add_option(
            "--codec", o.codec,
            "codec of the stored maps, as transform, context:6.5 or transform:8/0.5 (without\n"
            "components that deviate by less than half a step); known: " +
                codec_list() +
                ";\nauto: the compiler chooses for each tensor by measurement (--max-drop)")
        ->capture_default_str();
    command.add_option("--tensor-codec", o.tensor_codecs,
                       "codec of one tensor: NAME=CODEC[:BITS]; may be repeated");
    command
        .add_option(
            "--bits", o.quantiser.bits,
            "step of the quantiser, for codecs without :BITS of their own: range / (2^bits - 2)\n"
            "(vlc, transform) or 2^(8 - bits) steps of the 8-bit map (dct-mask, context)")
        ->capture_default_str();
    add_compile_options(command, o);
}

void add_compile_options(CLI::App& command, NetworkOptions& o) {
    command.add_option("--calibration", o.calibration,
                       "folder of calibration pictures (PNG, JPEG), for an ONNX network");
    command
        .add_option("--preset", o.preset,
                    "default: max-pooling fused into its convolution; paper: stored before it")
        ->capture_default_str();
    command
        .add_option("--ranges", o.ranges,
                    "range of a map: mse (least squared error), minmax, percentile[:99.99] or kl")
        ->capture_default_str();
    command
        .add_option("--weight-bits", o.weight_bits,
                    "8, or 4: half the bytes of weights; the first, the last and depthwise layers\n"
                    "keep 8")
        ->check(eight_or_four)
        ->capture_default_str();
    command.add_flag("--no-bias-correction", o.no_bias_correction,
                     "do not correct biases by what rounding moves the mean of each channel");
    command.add_flag(
        "--folded", o.folded,
        "transform's PCA is part of the convolutions: every convolution's map is stored\n"
        "before an addition, and whoever reads a sum adds");
    command.add_option("--headroom", o.quantiser.headroom, "share of the range added on each side")
        ->capture_default_str();
    add_truncation_options(command, o.quantiser);
    command
        .add_option("--max-drop", o.max_drop,
                    "with codec auto: most percentage points by which top-1 accuracy may fall\n"
                    "against raw, kept by bounding the expected share of answers that change")
        ->default_str("0.5");
    command.add_option("--min-snr", o.min_snr_db,
                       "with codec auto: least signal-to-noise ratio of the logits against raw in\n"
                       "dB, instead of --max-drop");
    command.add_option("--among", o.among, "with codec auto: codecs to choose from; none: all")
        ->delimiter(',');
    command.add_option("--choices", o.choices,
                       "with codec auto: write all candidates, .json or .csv");
    command.add_option("--batch", o.batch, "images whose maps have room in memory")
        ->check(CLI::Range(1u, 256u))
        ->capture_default_str();
    command.add_option("--platform", o.platform,
                       "machine to compile for (YAML; see `karhunen config`)");
    command.add_option("--seed", o.seed, "of the drawn pictures")->capture_default_str();
    command.add_option("--threads", o.threads, "calibration threads; 0: one per processor")
        ->check(CLI::Range(0u, 1024u));
}

PlatformConfiguration configuration_of(const NetworkOptions& o) {
    if (o.machine) return *o.machine;
    if (o.platform.empty()) return {};
    check_readable(o.platform);
    return PlatformConfiguration::read(o.platform);
}

namespace {

/// Bad options are found before the long work.
void check_automatic(const NetworkOptions& o) {
    if (o.quantiser.bits != QuantiserOptions{}.bits)
        throw std::runtime_error("--bits: --codec auto chooses the bits itself");
    if (!o.tensor_codecs.empty())
        throw std::runtime_error("--tensor-codec: --codec auto chooses for every tensor");
    const double drop = o.max_drop.value_or(0);
    if (!(drop >= 0 && drop <= 100))
        throw std::runtime_error("--max-drop: expected 0 to 100 percentage points");
    if (o.max_drop && o.min_snr_db)
        throw std::runtime_error("--max-drop and --min-snr: choose one");
    if (o.choices.empty()) return;
    const auto kind = std::filesystem::path(o.choices).extension();
    if (kind != ".json" && kind != ".csv")
        throw std::runtime_error("--choices " + o.choices + ": expected a name in .json or .csv");
    check_writable(o.choices);
}

/// On standard error, and if there is a path as a file.
void show(const CodecChoices& choices, const std::filesystem::path& path) {
    print_choices(choices, std::cerr);
    if (path.empty()) return;
    std::ostringstream text;
    path.extension() == ".csv" ? print_choices_csv(choices, text)
                               : print_choices_json(choices, text);
    OutputFile file(path);
    file.write(text.str());
    file.commit();
}

CompileOptions compile_options(const NetworkOptions& o) {
    const PlatformConfiguration machine = configuration_of(o);
    CompileOptions options;
    options.codec = o.codec;
    options.quantiser = o.quantiser;
    if (o.max_drop) options.max_drop = *o.max_drop;
    options.min_snr_db = o.min_snr_db;
    for (const std::string& codec : o.among) options.choose_from.push_back(codec_number(codec));
    for (const std::string& text : o.tensor_codecs) {
        const size_t equals = text.find('=');
        if (equals == std::string::npos)
            throw std::runtime_error("--tensor-codec " + text +
                                     ": expected NAME=CODEC or NAME=CODEC:BITS");
        options.tensor_codecs[text.substr(0, equals)] = text.substr(equals + 1);
    }
    options.ranges = parse_range_method(o.ranges);
    options.weight_bits = o.weight_bits;
    options.correct_biases = !o.no_bias_correction;
    options.preset = preset_of(o.preset);
    options.folded = o.folded;
    options.batch = o.batch;
    options.threads = o.threads;
    options.machine.weight_bytes = machine.buffers.weight_kib * 1024;
    options.machine.activation_bytes = machine.buffers.activation_kib * 1024;
    options.machine.output_bytes = machine.buffers.output_kib * 1024;
    options.machine.residual_bytes = machine.buffers.residual_kib * 1024;
    options.machine.table_bytes = machine.buffers.table_kib * 1024;
    options.machine.streams = machine.codec.streams;
    options.burst_bytes = ddr_settings(machine).device.burst_bytes();
    return options;
}

}  // namespace

NetworkCompiler::NetworkCompiler(const std::string& model, const NetworkOptions& o)
    : quantiser_(o.quantiser), choices_(o.choices) {
    CompileOptions options = compile_options(o);
    options.progress = [this](const std::string& step) { progress_(step); };
    options.chosen = [this](const CodecChoices& choices) { chosen_ = choices; };
    Progress progress("compiling");
    if (model == "default") {
        const Network network = default_network();
        compiler_.emplace(network,
                          drawn_pictures(calibration_seed, 0, calibration_pictures,
                                         network.input.width, o.threads),
                          options);
        return;
    }
    if (o.calibration.empty())
        throw std::runtime_error(model +
                                 ": an ONNX network needs --calibration DIR, a folder of "
                                 "pictures like those it will see");
    progress.step("compiling: reading " + model);
    Network network = read_network(model);
    const krhn_input input = imagenet_input(network.input.width);
    const std::vector<Picture> pictures =
        read_pictures(o.calibration, input.resize, input.crop, o.threads);
    compiler_.emplace(std::move(network), pictures, options);
}

std::vector<uint8_t> NetworkCompiler::with_progress(
    const std::function<std::vector<uint8_t>()>& work) {
    Progress progress("compiling");
    progress_ = [&](const std::string& step) { progress.step("compiling: " + step); };
    std::vector<uint8_t> file = work();
    progress.step("");
    return file;
}

std::vector<uint8_t> NetworkCompiler::compile(const std::string& codec) {
    check_codec(codec);
    chosen_.reset();
    std::vector<uint8_t> file = with_progress([&] { return compiler_->compile(codec); });
    if (chosen_) show(*chosen_, choices_);
    return file;
}

std::vector<uint8_t> NetworkCompiler::compile_like(const std::string& codec) {
    const CodecSetting setting = parse_setting(codec, quantiser_);
    return with_progress([&] { return compiler_->compile_like(setting); });
}

std::vector<uint8_t> compile_network(const std::string& model, const NetworkOptions& o) {
    // Before anything is read.
    check_codec(o.codec);
    if (o.codec == "auto") check_automatic(o);
    for (const auto& [option, given] :
         {std::pair("--max-drop", o.max_drop.has_value()),
          std::pair("--min-snr", o.min_snr_db.has_value()), std::pair("--among", !o.among.empty()),
          std::pair("--choices", !o.choices.empty())})
        if (given && o.codec != "auto")
            throw std::runtime_error(std::string(option) + " belongs to --codec auto");
    check_truncation(o, {&o.codec, 1});
    return NetworkCompiler(model, o).compile(o.codec);
}

bool is_loadable(const std::string& network) {
    return network != "default" && std::filesystem::path(network).extension() != ".onnx";
}

void refuse_compiler_options(const std::string& network, const CLI::App& command) {
    for (const char* option :
         {"--codec", "--codecs", "--tensor-codec", "--preset", "--ranges", "--weight-bits",
          "--no-bias-correction", "--folded", "--bits", "--headroom", "--components", "--energy",
          "--calibration", "--max-drop", "--min-snr", "--among", "--choices"})
        if (command.get_option_no_throw(option) != nullptr && command.count(option) > 0)
            throw std::runtime_error(
                std::string(option) +
                (network == no_network
                     ? " has no meaning with --network none"
                     : " has no meaning for " + network +
                           ", a finished loadable; compile the network again, or give its ONNX "
                           "file"));
}

Loadable read_or_compile(const std::string& network, const CLI::App& command,
                         const NetworkOptions& options) {
    if (!is_loadable(network)) return Loadable::parse(compile_network(network, options), network);
    refuse_compiler_options(network, command);
    return Loadable::read(network);
}

}  // namespace karhunen
