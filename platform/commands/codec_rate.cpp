// karhunen codec rate: what each codec makes of maps.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "platform/codec_rates.h"
#include "platform/commands/codec.h"
#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/files.h"
#include "platform/map_file.h"
#include "platform/progress.h"
#include "platform/rate_sources.h"
#include "sw/compiler/image.h"

namespace karhunen {

namespace {

struct Options {
    std::string input, network, tensor, calibration_maps;
    MapWords map;
    std::vector<std::string> images, codecs;
    NetworkOptions compile;
    uint32_t coders = 4, band_rows = 0;
    bool csv = false, json = false;
    const CLI::App* command = nullptr;
};

void check_options(const Options& o) {
    const auto needs = [&](const char* option, bool fits, const std::string& what) {
        if (o.command->count(option) > 0 && !fits)
            throw std::runtime_error(std::string(option) + " " + what);
    };
    if (o.csv && o.json) throw std::runtime_error("--csv and --json: choose one");
    const bool folder = std::filesystem::is_directory(o.input), file = !o.input.empty() && !folder;
    if (o.input.empty() == o.images.empty())
        throw std::runtime_error(
            "give either --in, a file or folder of maps, or --image with "
            "--network");
    if (!o.images.empty() && o.network.empty())
        throw std::runtime_error("--image needs --network, which makes the maps");
    for (const char* option :
         {"--shape", "--order", "--signed", "--format", "--streams", "--band-rows"})
        needs(option, file, "is for a file of values given with --in");
    needs("--tensor", file && !o.network.empty(), "is for a file, with --network");
    if (file && !o.network.empty() && o.tensor.empty())
        throw std::runtime_error("--network: say with --tensor whose parameters the file needs");
    needs("--calibration-maps", !file, "is for maps of a network or a folder of dump-maps");
}

RateTensor tensor_of_file(const Options& o) {
    Map map = read_map(o.input, file_options(o.map));
    RateTensor t;
    t.name = o.tensor.empty() ? std::filesystem::path(o.input).filename().string() : o.tensor;
    t.shape = map.shape;
    t.coders = map.sequence ? 1 : o.coders;
    t.band_rows = o.band_rows == 0 ? std::max(map.shape.rows, 1u) : o.band_rows;
    t.format = map.format;
    t.decoded_scale = decoded_scale_of(map.values);
    t.images.push_back(std::move(map.values));
    return t;
}

std::vector<RateTensor> tensors_of(const Options& o) {
    if (!o.images.empty()) {
        for (const std::string& image : o.images) read_picture(image);  // before the compiler works
        const Loadable loadable = read_or_compile(o.network, *o.command, o.compile);
        return rate_tensors_of_network(loadable, o.images, o.compile.threads);
    }
    std::vector<RateTensor> tensors;
    if (std::filesystem::is_directory(o.input))
        tensors = rate_tensors_of_folder(o.input);
    else
        tensors.push_back(tensor_of_file(o));
    if (!o.network.empty())
        take_parameters(tensors, read_or_compile(o.network, *o.command, o.compile));
    return tensors;
}

std::vector<RateRequest> requests_of(const Options& o) {
    std::vector<std::string> texts = o.codecs;
    if (texts.empty()) {
        for (const std::string_view name : codec_names()) texts.emplace_back(name);
    }
    check_truncation(o.compile.quantiser, texts);
    std::vector<RateRequest> requests;
    for (const std::string& text : texts)
        requests.push_back(
            {text, parse_setting(text, o.compile.quantiser), text.find(':') != std::string::npos});
    return requests;
}

int rate(const Options& o) {
    check_options(o);
    RateOptions options;
    options.requests = requests_of(o);
    std::vector<RateTensor> tensors = tensors_of(o);
    if (!o.calibration_maps.empty())
        calibrate_on(tensors, rate_tensors_of_folder(o.calibration_maps));
    Progress progress("codec rate");
    options.threads = o.compile.threads;
    options.progress = [&](size_t done, size_t all) { progress(done, all); };
    const std::vector<RateRow> rows = measure_rates(tensors, options);
    if (o.json)
        print_rates_json(rows, std::cout);
    else if (o.csv)
        print_rates_csv(rows, std::cout);
    else
        print_rates(rows, std::cout);
    return 0;
}

}  // namespace

void add_codec_rate_command(CLI::App& codec, int& exit_code) {
    CLI::App* command =
        codec.add_subcommand("rate", "Entropy, code bits, stream words and DRAM bursts of maps");
    auto o = std::make_shared<Options>();
    o->command = command;
    command->add_option("--in", o->input, "file of values, or folder written by dump-maps");
    add_map_options(*command, o->map);
    command->add_option("--streams", o->coders, "coders that share the channels of a map in a file")
        ->check(CLI::Range(1, 12))
        ->capture_default_str();
    command->add_option("--band-rows", o->band_rows, "rows of a band; 0: the map is one band")
        ->capture_default_str();
    command->add_option("--network", o->network,
                        "loadable, ONNX file or 'default': parameters, and maps with --image");
    command->add_option("--image", o->images, "PNG or JPEG pictures for the network");
    command->add_option("--tensor", o->tensor, "of the network, whose parameters a file needs");
    command->add_option("--calibration-maps", o->calibration_maps,
                        "folder of dump-maps to calibrate parameters on");
    command->add_option("--only", o->codecs, "codecs to measure; none: all");
    command->add_flag("--csv", o->csv, "print CSV");
    command->add_flag("--json", o->json, "print JSON");
    add_network_options(*command, o->compile);
    command->footer(
        "Parameters of codecs come from the network, where its tensor has that codec,\n"
        "else they are calibrated on --calibration-maps or on the measured maps themselves; the\n"
        "last column says which. Of maps from before the ReLU (s12), codecs that work behind it\n"
        "get what raw would store. Every stream is decoded again and compared.\n"
        "Examples:\n"
        "  karhunen codec rate --in map.u8.bin --shape 64,56,56\n"
        "  karhunen codec rate --in maps --calibration-maps more-maps --csv\n"
        "  karhunen codec rate --network net.kvn --image cat.jpg dog.jpg --only transform ebpc");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return rate(*o); }); });
}

}  // namespace karhunen
