// karhunen compare: a model's float reference beside its integers, tensor by tensor.
#include <filesystem>
#include <iostream>

#include "platform/commands/commands.h"
#include "platform/commands/networks.h"
#include "platform/files.h"
#include "platform/model_difference.h"
#include "platform/npy.h"
#include "platform/progress.h"
#include "sw/compiler/onnx_reader.h"

namespace karhunen {

namespace {

struct Options {
    std::string model, network, images, inputs;
    std::vector<std::string> image;
    DifferenceOptions difference;
    NetworkOptions compile;
    bool json = false, csv = false;
    const CLI::App* command = nullptr;
};

void check(const Options& o) {
    if (o.csv && o.json) throw std::runtime_error("--csv and --json: choose one");
    if (o.images.empty() == o.image.empty())
        throw std::runtime_error("give either --images DIR or --image FILE...");
    if (!(o.difference.threshold_db > 0))
        throw std::runtime_error("--threshold is a number of dB above 0");
    if (o.model == "default" || is_loadable(o.model))
        throw std::runtime_error("--onnx " + o.model + ": expected a model in .onnx");
    // Before the long part.
    for (const std::string& file : o.image) read_picture(file);
    if (!o.images.empty() && !std::filesystem::is_directory(o.images))
        throw std::runtime_error(o.images + ": there is no such folder");
    if (!o.inputs.empty()) check_readable(o.inputs);
    if (o.network.empty()) return;
    if (!is_loadable(o.network))
        throw std::runtime_error("--network " + o.network + ": expected a finished loadable; " +
                                 "without it the model is compiled");
    refuse_compiler_options(o.network, *o.command);
}

std::vector<Picture> pictures_of(const Options& o, const krhn_input& input) {
    if (!o.images.empty())
        return read_pictures(o.images, input.resize, input.crop, o.compile.threads);
    std::vector<Picture> pictures;
    for (const std::string& file : o.image)
        pictures.push_back(resize_and_crop(read_picture(file), input.resize, input.crop));
    return pictures;
}

/// What another framework feeds the model; none if there is no file.
/// [picture][channel][row][column]
std::vector<float> inputs_of(const Options& o, size_t pictures, uint64_t side) {
    if (o.inputs.empty()) return {};
    check_readable(o.inputs);
    const NpyArray array = read_npy(o.inputs);
    if (array.shape != std::vector<uint64_t>{pictures, 3, side, side})
        throw std::runtime_error(o.inputs + ": expected an array of shape (" +
                                 std::to_string(pictures) + ", 3, " + std::to_string(side) + ", " +
                                 std::to_string(side) + "): the input of each picture");
    return array.values;
}

int compare(const Options& o) {
    check(o);
    const Loadable loadable =  // first: what compiling takes is free again for the reference
        o.network.empty() ? Loadable::parse(compile_network(o.model, o.compile), o.model)
                          : Loadable::read(o.network);
    const krhn_input& input = loadable.input();
    const std::vector<Picture> pictures = pictures_of(o, input);
    const std::vector<float> inputs = inputs_of(o, pictures.size(), input.crop);
    Progress progress("comparing", std::chrono::seconds(2));
    DifferenceOptions options = o.difference;
    options.threads = o.compile.threads;
    options.progress = [&](size_t done, size_t all) { progress(done, all); };
    const Loadable* const loadables[] = {&loadable};
    NetworkDifference difference =
        compare_with_model(read_onnx(o.model), o.model, loadables, pictures, inputs, options)[0];
    progress.step("");
    difference.names = o.image;
    if (!o.images.empty())
        for (const auto& file : picture_files(o.images))
            difference.names.push_back(file.filename().string());
    if (o.csv)
        print_csv(difference, std::cout);
    else
        o.json ? print_json(difference, std::cout) : print_text(difference, std::cout);
    return 0;
}

}  // namespace

void add_compare_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "compare", "Where a network's integers leave its float model, tensor by tensor");
    auto o = std::make_shared<Options>();
    o->command = command;
    command->add_option("--onnx", o->model, "the model; run in float as the reference")->required();
    command->add_option("--network", o->network,
                        "loadable that was compiled from it; without: it is compiled now");
    command->add_option("--images", o->images, "folder of pictures (PNG, JPEG)");
    command->add_option("--image", o->image, "picture, one or more");
    command->add_option(
        "--inputs", o->inputs,
        ".npy, float32 [pictures, 3, N, N]: what your framework feeds the model for "
        "these\npictures, in their order; shows at the input if they are prepared "
        "differently");
    command
        ->add_option(
            "--threshold", o->difference.threshold_db,
            "a tensor has gone wrong that loses more dB of signal-to-noise ratio than this")
        ->capture_default_str();
    command
        ->add_option("--enough", o->difference.enough_db,
                     "and is left with fewer dB than this (the input: whatever is left)")
        ->capture_default_str();
    command->add_flag("--csv", o->csv, "print CSV: a line for each tensor");
    command->add_flag("--json", o->json, "print JSON");
    add_network_options(*command, o->compile);
    command->footer(
        "The first tensor that goes wrong is named, with what to try. Losses are counted against\n"
        "the worst map that a tensor is made of; some dB a layer are what 8 bits cost.\n"
        "Examples:\n"
        "  karhunen compare --onnx net.onnx --network net.kvn --images photos\n"
        "  karhunen compare --onnx net.onnx --calibration photos --codec transform:7 --image "
        "cat.jpg\n"
        "  karhunen compare --onnx net.onnx --network net.kvn --image cat.jpg --inputs cat.npy "
        "--json");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return compare(*o); }); });
}

}  // namespace karhunen
