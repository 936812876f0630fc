// karhunen accuracy: what networks answer on many pictures, by the golden executor.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>

#include "platform/commands/commands.h"
#include "platform/commands/evaluation.h"
#include "platform/commands/networks.h"
#include "platform/commands/rate_distortion.h"
#include "platform/comparison.h"
#include "platform/drawn_images.h"
#include "platform/model_difference.h"
#include "platform/progress.h"
#include "sw/compiler/default_network.h"
#include "sw/compiler/onnx_reader.h"

namespace karhunen {

namespace {

struct Options {
    std::vector<std::string> networks, codecs;
    EvaluationOptions evaluation;
    NetworkOptions compile;
    bool json = false, csv = false, tensors = false;
    bool rate_distortion = false, uniform = false;
    std::vector<double> bits = {5.5, 6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10};
    const CLI::App* command = nullptr;
};

/// Names the tensors that lost most, on the first images: which ones these are does not need all.
void find_worst(const Options& o, const std::string& network,
                const std::vector<Loadable>& loadables, std::span<AccuracyReport> reports) {
    constexpr size_t most_images = 8, named = 3;
    const krhn_input& input = loadables[0].input();
    std::vector<Picture> pictures;
    for (const LabelledImage& image : images_of(o.evaluation, loadables[0], network))
        if (pictures.size() < most_images) pictures.push_back(picture_for(input, image));
    std::vector<const Loadable*> all;
    for (const Loadable& loadable : loadables) all.push_back(&loadable);
    Progress progress("comparing with the float model");
    DifferenceOptions options;
    options.threads = o.compile.threads;
    options.progress = [&](size_t done, size_t of) { progress(done, of); };
    Graph graph = network == "default" ? parse_onnx(default_network_file(), "the built-in network")
                                       : read_onnx(network);
    const auto differences =
        compare_with_model(std::move(graph), network, all, pictures, {}, options);
    for (size_t r = 0; r < reports.size(); ++r) {
        auto& worst = reports[r].worst;
        for (const TensorDifference& t : differences[r].tensors)
            worst.emplace_back(t.tensor, t.snr_db);
        std::stable_sort(worst.begin(), worst.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
        worst.resize(std::min(worst.size(), named));
        reports[r].worst_images = pictures.size();
    }
}

/// Codec parameters per image are printed for the batch of the command, not of the loadable.
void remark_on_batch(const Options& o, const Loadable& loadable, const AccuracyReport& report) {
    const uint32_t batch = loadable.header().batch;
    const bool printed = o.csv || o.networks.size() > 1;
    if (!printed || batch == o.compile.batch || o.command->count("--batch") > 0 ||
        report.average.table_bytes == 0)
        return;
    std::cerr << "karhunen: " << report.name << " was compiled for batches of " << batch
              << ", but its tables are counted as loaded for every single image; --batch " << batch
              << " counts them as loaded once a batch\n";
}

std::vector<AccuracyReport> measure_all(const Options& o) {
    std::vector<AccuracyReport> reports;
    for (const std::string& network : o.networks) {
        const std::string file = std::filesystem::path(network).filename().string();
        if (is_loadable(network)) {
            refuse_compiler_options(network, *o.command);
            const Loadable loadable = Loadable::read(network);
            reports.push_back(evaluate(o.evaluation, o.compile.threads, loadable, file));
            remark_on_batch(o, loadable, reports.back());
            continue;
        }
        EvaluationOptions evaluation = o.evaluation;
        evaluation.drawn_classes = network == "default";
        std::vector<std::string> codecs = o.codecs;
        if (codecs.empty()) codecs.push_back(o.compile.codec);
        for (const std::string& codec : codecs)  // before the long part
            check_codec(codec);
        check_truncation(o.compile, codecs);
        std::optional<NetworkCompiler> compiler(std::in_place, network, o.compile);
        std::vector<Loadable> loadables;
        for (const std::string& codec : codecs) {
            loadables.push_back(Loadable::parse(compiler->compile(codec), network));
            reports.push_back(evaluate(evaluation, o.compile.threads, loadables.back(),
                                       o.networks.size() > 1 ? file + ' ' + codec : codec));
        }
        compiler.reset();  // makes room for the model
        find_worst(o, network, loadables, std::span(reports).last(loadables.size()));
    }
    return reports;
}

int rate_distortion(const Options& o) {
    if (o.networks.size() != 1 || is_loadable(o.networks[0]) || !o.codecs.empty())
        throw std::runtime_error(
            "--rate-distortion takes one ONNX network (or 'default') and one --codec, which it "
            "compiles with each step");
    const RateDistortion curves =
        measure_rate_distortion(o.networks[0], o.bits, !o.uniform, o.evaluation, o.compile);
    if (o.csv)
        print_rate_distortion_csv(curves, std::cout);
    else if (o.json)
        print_rate_distortion_json(curves, std::cout);
    else
        print_rate_distortion(curves, std::cout);
    return 0;
}

int accuracy(const Options& o) {
    if (o.csv && o.json) throw std::runtime_error("--csv and --json: choose one");
    if (o.rate_distortion) return rate_distortion(o);
    const std::vector<AccuracyReport> reports = measure_all(o);
    if (o.csv)
        print_comparison_csv(reports, o.compile.batch, std::cout);
    else if (reports.size() == 1)
        o.json ? print_json(reports[0], std::cout) : print_text(reports[0], std::cout);
    else if (o.json)
        print_comparison_json(reports, o.compile.batch, std::cout);
    else
        print_comparison(reports, o.compile.batch, o.tensors, std::cout);
    return 0;
}

}  // namespace

void add_accuracy_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "accuracy", "Accuracy and rates of networks and codecs on many pictures (golden executor)");
    auto o = std::make_shared<Options>();
    o->command = command;
    command->add_option("--network", o->networks,
                        "loadables, ONNX files or 'default': the built-in network, which is meant "
                        "if none is given");
    add_evaluation_options(*command, o->evaluation, true);
    command
        ->add_option("--codecs", o->codecs,
                     "codecs to compile an ONNX network with, as raw,transform:7,auto")
        ->delimiter(',');
    command->add_flag("--tensors", o->tensors, "several: also the rates of every tensor");
    CLI::Option* curve = command->add_flag(
        "--rate-distortion", o->rate_distortion,
        "one network, one codec: bits per value against accuracy (Chmiel et al., Fig. 3),\n"
        "with uniform steps and with steps (of transform also components) chosen for each tensor");
    command->add_option("--at", o->bits, "with it: bits of the quantiser, a point of each curve")
        ->check(CLI::Range(2.0, 11.0))
        ->delimiter(',')
        ->capture_default_str()
        ->needs(curve);
    command->add_flag("--uniform", o->uniform, "with it: only uniform steps")->needs(curve);
    command->add_flag("--csv", o->csv, "print CSV: a line for each tensor, or point");
    command->add_flag("--json", o->json, "print JSON");
    add_network_options(*command, o->compile);
    command->footer(
        "Of several, the top-1 accuracy is compared image by image with the one whose maps are\n"
        "raw. --batch: images for which codec parameters are loaded once.\n"
        "Examples:\n"
        "  karhunen accuracy                             built-in network, 100 drawn pictures\n"
        "  karhunen accuracy --count 500 --seed 7        500 others\n"
        "  karhunen accuracy --count 500 --codecs raw,transform:8,context:6\n"
        "  karhunen accuracy --network net.kvn --images photos --labels photos/labels.csv \\\n"
        "      --reference float-logits.npy --only evaluation/\n"
        "  karhunen accuracy --network net.onnx --calibration photos/calibration --batch 16 \\\n"
        "      --codecs raw,transform:8,context:6 --images photos --labels photos/labels.csv\n"
        "  karhunen accuracy --network net.onnx --calibration photos/calibration --csv \\\n"
        "      --rate-distortion --codec transform --preset paper --resume measured.txt \\\n"
        "      --images photos --labels photos/labels.csv --reference float-logits.npy > "
        "fig3.csv");
    command->callback([o, &exit_code] {
        if (o->networks.empty()) o->networks = {"default"};
        o->evaluation.seed = o->compile.seed;
        exit_code = report_errors([&] { return accuracy(*o); });
    });
}

}  // namespace karhunen
