// karhunen codec encode | decode: feature-map codecs on files.
#include "platform/commands/codec.h"

#include <algorithm>
#include <iostream>

#include "models/codec/calibrate.h"
#include "platform/codec_folder.h"
#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/files.h"
#include "sw/compiler/file.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

namespace {

struct EncodeOptions {
    std::string codec, input, output, parameters, network, tensor;
    MapWords map;
    QuantiserOptions quantiser;
    uint32_t coders = 1;
    const CLI::App* command = nullptr;
};

const krhn_tensor& tensor_of(const Loadable& loadable, const EncodeOptions& o) {
    std::string known;
    for (const krhn_tensor& t : loadable.tensors()) {
        if (loadable.name(t) == o.tensor) return t;
        known += (known.empty() ? "" : ", ") + std::string(loadable.name(t));
    }
    throw std::runtime_error(o.network + ": has no tensor '" + o.tensor +
                             "'; give --tensor one of " + known);
}

CalibrationMaps calibration_maps(const Map& map) {
    CalibrationMaps maps;
    maps.images = {map.values};
    maps.channels = map.shape.channels;
    maps.decoded_scale = decoded_scale_of(map.values);
    maps.width = map.shape.width;
    return maps;
}

void find_parameters(const EncodeOptions& o, const Map& map, const QuantiserOptions& quantiser,
                     CodecJob& job) {
    if (!o.parameters.empty()) {
        job.parameters = read_file<std::runtime_error>(o.parameters, "parameters");
        job.parameters_from = o.parameters;
    } else if (!o.network.empty()) {
        const Loadable loadable = Loadable::read(o.network);
        const krhn_tensor& t = tensor_of(loadable, o);
        if (t.codec != job.codec)
            throw std::runtime_error(o.network + ": tensor " + o.tensor + " has codec " +
                                     std::string(codec_name(t.codec)) + ", not " + o.codec);
        const auto table = loadable.table(t);
        job.parameters.assign(table.begin(), table.end());
        job.parameters_from = o.network + ", tensor " + o.tensor;
    } else {
        job.parameters = calibrate_codec({job.codec, quantiser}, calibration_maps(map));
        job.parameters_from = "calibrated on these values";
        if (!job.parameters.empty())
            std::cerr << "karhunen: parameters of " << o.codec << " calibrated on " << o.input
                      << " itself\n";
    }
}

int encode(const EncodeOptions& o) {
    if (!o.parameters.empty() && !o.network.empty())
        throw std::runtime_error("--parameters and --network: choose one");
    CodecJob job;
    const CodecSetting setting = parse_setting(o.codec, o.quantiser);
    job.codec = setting.codec;
    check_truncation(o.quantiser, std::span(&o.codec, 1));
    const std::string& given = o.parameters.empty() ? o.network : o.parameters;
    if (!given.empty() && o.codec.find(':') != std::string::npos)
        throw std::runtime_error("--codec " + o.codec +
                                 ": bits have no meaning with the parameters of " + given);
    for (const char* option : {"--bits", "--headroom", "--components", "--energy"})
        if (!given.empty() && o.command->count(option) > 0)
            throw std::runtime_error(std::string(option) +
                                     " has no meaning with the parameters of " + given);
    job.coders = o.coders;
    job.inputs = {o.input, o.parameters, o.network};
    job.order = map_order_of(o.map.order);
    const Map map = read_map(o.input, file_options(o.map));
    if (map.sequence && o.coders > 1)
        throw std::runtime_error("--streams " + std::to_string(o.coders) +
                                 ": they share the channels of a map; give --shape");
    if (map.sequence && job.codec == KRHN_CODEC_TRANSFORM)
        throw std::runtime_error("transform codes the channels of a pixel together; give --shape");
    try {
        find_parameters(o, map, setting.quantiser, job);
        encode_to_folder(map, job, o.output);
    } catch (const CodecError& error) {
        throw std::runtime_error(o.input + ": " + error.what());
    }
    return 0;
}

void add_encode(CLI::App& codec, int& exit_code) {
    CLI::App* command = codec.add_subcommand("encode", "A file of values to a file per stream");
    auto o = std::make_shared<EncodeOptions>();
    o->command = command;
    command->add_option("--codec", o->codec, codec_list() + "; with bits: context:6.5")->required();
    command->add_option("--in", o->input, "values, little-endian, or a .npy file")->required();
    command->add_option("-o,--output", o->output, "folder to write to")->required();
    add_map_options(*command, o->map);
    command
        ->add_option("--streams", o->coders, "coders that share the channels: channel modulo this")
        ->check(CLI::Range(1, 12))
        ->capture_default_str();
    command->add_option("--parameters", o->parameters, "file with the codec's parameters");
    command->add_option("--network", o->network, "loadable to take the parameters from");
    command->add_option("--tensor", o->tensor, "whose parameters, with --network");
    command
        ->add_option(
            "--bits", o->quantiser.bits,
            "when calibrating on the values themselves: step = range / (2^bits - 2) (vlc,\n"
            "transform) or 2^(8 - bits) steps of the 8-bit map (dct-mask, context)")
        ->capture_default_str();
    command->add_option("--headroom", o->quantiser.headroom, "share of the range on each side")
        ->capture_default_str();
    add_truncation_options(*command, o->quantiser);
    command->footer(
        "ebpc writes znz.bin and bpc.bin, the others stream.bin (numbered from 0 when there are\n"
        "several --streams), and meta.json. vlc, transform, dct-mask and context need parameters: "
        "from\n"
        "a file, from a loadable, or calibrated on the values themselves; parameters.bin has "
        "them.\n"
        "Examples:\n"
        "  karhunen codec encode --codec ebpc --in words.bin -o coded\n"
        "  karhunen codec encode --codec zvc --in map.u8.bin --shape 64,56,56 -o coded\n"
        "  karhunen codec encode --codec transform --in map.s12.bin --format s12 \\\n"
        "      --shape 64,56,56 --network net.kvn --tensor layer1.0.conv1 --streams 4 -o coded");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return encode(*o); }); });
}

void add_decode(CLI::App& codec, int& exit_code) {
    CLI::App* command = codec.add_subcommand("decode", "A folder of `encode` back to values");
    auto input = std::make_shared<std::string>(), output = std::make_shared<std::string>();
    command->add_option("--in", *input, "folder with meta.json and streams")->required();
    command->add_option("-o,--output", *output, "file of values to write")->required();
    command->footer(
        "Values come in the order of the file that was coded, and are compared with the checksum\n"
        "in meta.json. Lossy codecs give what the decoder makes: u8 after ReLU.\n"
        "Example:\n"
        "  karhunen codec decode --in coded -o words.bin");
    command->callback([input, output, &exit_code] {
        exit_code = report_errors([&] {
            decode_folder(*input, *output);
            return 0;
        });
    });
}

}  // namespace

void add_map_options(CLI::App& command, MapWords& words) {
    command.add_option("--shape", words.shape,
                       "C,H,W of a map; none: a sequence, coded in the order of the file");
    command.add_option("--order", words.order, "of a map in the file: chw or hwc")
        ->capture_default_str();
    command.add_flag("--signed", words.is_signed, "8-bit values with a sign (--format s8)");
    command.add_option("--format", words.format, "of the values: u8 (default), s8, s12 (2 bytes)");
}

MapFileOptions file_options(const MapWords& words) {
    MapFileOptions options;
    options.order = map_order_of(words.order);
    if (!words.shape.empty()) options.shape = shape_of(words.shape);
    if (!words.format.empty()) options.format = format_of(words.format);
    if (words.is_signed) {
        if (options.format && options.format != Format::s8)
            throw std::runtime_error("--signed means --format s8, not " + words.format);
        options.format = Format::s8;
    }
    return options;
}

double decoded_scale_of(std::span<const int16_t> values) {
    int16_t largest = 255;
    for (const int16_t v : values) largest = std::max(largest, v);
    return largest / 255.0;
}

void add_codec_command(CLI::App& program, int& exit_code) {
    CLI::App* command =
        program.add_subcommand("codec", "Feature-map codecs on files, and analyses of maps");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  karhunen codec encode --codec ebpc --in words.bin -o coded\n"
        "  karhunen codec decode --in coded -o words.bin\n"
        "  karhunen codec rate --in map.u8.bin --shape 64,56,56");
    add_encode(*command, exit_code);
    add_decode(*command, exit_code);
    add_codec_rate_command(*command, exit_code);
    add_codec_ablation_command(*command, exit_code);
    add_codec_energy_command(*command, exit_code);
    add_codec_blocks_command(*command, exit_code);
}

}  // namespace karhunen
