// karhunen vectors: stimulus and expectation of one block, as files for RTL benches.
#include <filesystem>
#include <iostream>
#include <optional>
#include <set>

#include "models/codec/calibrate.h"
#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/configuration_keys.h"
#include "platform/drawn_images.h"
#include "platform/layer_number.h"
#include "platform/run.h"
#include "platform/vectors/capture.h"
#include "platform/vectors/stimulus.h"
#include "platform/vectors/vector_folder.h"
#include "sw/compiler/image.h"

namespace karhunen {

namespace {

using vectors::Json;

struct Options {
    std::string network = "default", image, layer, block, output;
    NetworkOptions compile;
    std::optional<uint32_t> jobs, random;
    uint32_t count = 16;
    bool corner = false, force = false;
    const CLI::App* command = nullptr;
};

Json configuration_json(PlatformConfiguration configuration) {
    Json json;
    for (const ConfigurationKey& key : keys_of(configuration))
        std::visit([&](auto* value) { json[key.group][key.name] = *value; }, key.value);
    return json;
}

std::vector<int16_t> input_of(const Options& o, const std::optional<Picture>& picture,
                              const krhn_input& input) {
    if (!picture) return input_values(drawn_picture_for(input, o.compile.seed, 0), input);
    return input_values(resize_and_crop(*picture, input.resize, input.crop), input);
}

/// The machine's exit code; the cases of the layer are in the folder if it is 0.
int add_run(const Options& o, vectors::VectorFolder& folder, Json& head) {
    std::optional<Picture> picture;
    if (!o.image.empty()) picture = read_picture(o.image);
    const Loadable loadable = read_or_compile(o.network, *o.command, o.compile);
    const uint32_t layer = layer_number(loadable, o.layer, "--layer");
    RunOptions options;
    options.configuration = configuration_of(o.compile);
    options.inputs.push_back(input_of(o, picture, loadable.input()));
    const auto capture = vectors::make_capture(o.block, layer);
    options.instruments.push_back(capture.get());
    const RunReport report = run(loadable, options);
    if (report.exit_code != 0) {
        std::cerr << "karhunen: " << report.fault << '\n';
        return report.exit_code;
    }
    std::vector<vectors::VectorCase> cases = capture->take();
    if (cases.empty())
        throw std::runtime_error("--layer " + o.layer + ": it gives the " + o.block + " no job");
    if (o.jobs && *o.jobs < cases.size()) cases.resize(*o.jobs);
    for (const vectors::VectorCase& vectors : cases) folder.add(vectors);
    head["network"] = o.network;
    head["image"] = picture ? o.image : "drawn picture";
    head["layer"] = {{"number", layer}, {"name", loadable.name(loadable.layers()[layer])}};
    return 0;
}

/// What cases without a network have no use for.
void refuse_network_options(const Options& o) {
    std::set<std::string> known{"--block",  "--corner", "--random",
                                "--output", "--force",  "--platform"};
    if (o.block == "encoder" || o.block == "decoder") known.insert("--codec");
    if (o.random) known.insert("--count");
    for (const CLI::Option* option : o.command->get_options())
        if (option->count() > 0 && !known.count(option->get_name()))
            throw std::runtime_error(
                option->get_name() + " does not go with --" + (o.corner ? "corner" : "random") +
                (option->get_name() == "--codec" ? " of --block " + o.block : ""));
}

void add_stimulus(const Options& o, vectors::VectorFolder& folder, Json& head) {
    vectors::StimulusOptions options;
    options.configuration = configuration_of(o.compile);
    if (o.command->count("--codec"))
        options.codecs.push_back(parse_setting(o.compile.codec, {}).codec);
    for (const vectors::VectorCase& vectors :
         o.corner ? vectors::corner_cases(o.block, options)
                  : vectors::random_cases(o.block, *o.random, o.count, options))
        folder.add(vectors);
    head["source"] = o.corner ? "corner" : "random";
    head["seed"] = o.corner ? Json() : Json(*o.random);
}

void check_options(const Options& o) {
    vectors::make_capture(o.block, 0);  // a wrong name is told before the compiler works
    if (o.layer.empty() + !o.corner + !o.random != 2)
        throw std::runtime_error("--layer, --corner and --random: choose one");
    if (o.layer.empty())
        refuse_network_options(o);
    else if (o.command->count("--count"))
        throw std::runtime_error("--count belongs to --random; --jobs is for --layer");
}

/// What was asked for, wherever it goes.
std::string command_of(const Options& o) {
    std::string text = "karhunen vectors";
    for (const CLI::Option* option : o.command->get_options()) {
        const std::string name = option->get_name();
        if (option->count() == 0 || name == "--output" || name == "--force") continue;
        text += ' ' + name;
        if (option->get_items_expected_max() == 0) continue;  // a flag
        for (const std::string& value : option->results())
            text += value.find(' ') == std::string::npos ? ' ' + value : " '" + value + '\'';
    }
    return text;
}

int write_vectors(const Options& o) {
    check_options(o);
    vectors::VectorFolder folder(o.output, o.force);
    Json head{{"command", command_of(o)},
              {"version", KARHUNEN_VERSION},
              {"block", o.block},
              {"source", "run"},
              {"seed", o.compile.seed}};
    if (o.layer.empty())
        add_stimulus(o, folder, head);
    else if (const int exit_code = add_run(o, folder, head))
        return exit_code;
    head["configuration"] = configuration_json(configuration_of(o.compile));
    const uint64_t cases = folder.cases(), bytes = folder.bytes();
    folder.commit(std::move(head));
    std::cout << o.output << ": " << cases << (cases == 1 ? " case, " : " cases, ") << bytes
              << " bytes\n";
    return 0;
}

}  // namespace

void add_vectors_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "vectors", "Write what a block takes and gives as files for RTL benches");
    auto o = std::make_shared<Options>();
    o->command = command;
    command->add_option("--block", o->block, "encoder, decoder, array, post or dma")->required();
    command->add_option("--layer", o->layer,
                        "of the network, by name or number: its jobs as the machine does them");
    command->add_flag("--corner", o->corner,
                      "instead: extremes of values, parameters and shapes that the block takes");
    command
        ->add_option("--random", o->random,
                     "instead: random jobs; the seed, which gives the same ones again")
        ->check(CLI::Range(0u, UINT32_MAX));
    command->add_option("--count", o->count, "how many random cases")
        ->check(CLI::Range(1u, 10000u))
        ->capture_default_str();
    command
        ->add_option("--network", o->network,
                     "loadable (.kvn), ONNX file, or 'default': the built-in ResNet-18")
        ->capture_default_str();
    command->add_option("--image", o->image, "PNG or JPEG; none: a drawn one");
    command->add_option("--jobs", o->jobs, "the first jobs of the layer alone; default: all")
        ->check(CLI::Range(1u, 1000000u));
    command->add_option("-o,--output", o->output, "folder to write, which is not there")
        ->required();
    command->add_flag("--force", o->force, "replace the folder if it holds vectors");
    add_network_options(*command, o->compile);
    command->footer(
        "Each array of each job is a binary and a hex file for $readmemh; manifest.json has\n"
        "shapes, types, scales, checksums and register values, case.svh what a bench needs of\n"
        "them (platform/vectors/README.md). Encoder and decoder with --corner or --random: cases\n"
        "of all codecs, or of the one that --codec names.\n"
        "Examples:\n"
        "  karhunen vectors --layer conv1 --block encoder -o conv1\n"
        "  karhunen vectors --layer 3 --block decoder --codec ebpc -o layer3 --force\n"
        "  karhunen vectors --layer layer1.0.conv1 --block array --jobs 1 -o array\n"
        "  karhunen vectors --corner --block post -o corners\n"
        "  karhunen vectors --random 7 --count 100 --block encoder --codec vlc -o random\n"
        "Exit codes: 0 good, 2 bad input, 3 firmware fault in the run of the layer.");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return write_vectors(*o); }); });
}

}  // namespace karhunen
