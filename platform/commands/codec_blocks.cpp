// karhunen codec blocks: rate and error of PCA over blocks of several shapes.
#include "platform/block_analysis.h"

#include <cmath>
#include <iostream>

#include "platform/commands/analysis.h"
#include "platform/commands/codec.h"
#include "platform/commands/commands.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

struct Options {
    AnalysisOptions analysis;
    std::vector<std::string> blocks = {"1x1xC", "1x2xC/2", "2x2xC/4", "4x4xC/16", "8x8xC/64"};
    std::string calibration_maps;
    double snr_db = 25;
};

std::vector<BlockForm> forms_of(const Options& o) {
    std::vector<BlockForm> forms;
    for (const std::string& text : o.blocks) {
        for (const BlockForm& other : forms)
            if (other.name == text) throw std::runtime_error("block " + text + " is given twice");
        forms.push_back(parse_block(text));
    }
    return forms;
}

void check_possible(const BlockForm& form, const std::vector<RateTensor>& tensors) {
    for (const RateTensor& t : tensors)
        if (form.channels_in(t.shape)) return;
    throw std::runtime_error("block " + form.name +
                             ": no tensor is large enough and has channels that can be divided "
                             "so, into blocks of at most " +
                             std::to_string(most_block_values) + " values");
}

int blocks(const Options& o) {
    std::vector<BlockForm> forms = forms_of(o);
    if (!std::isfinite(o.snr_db)) throw std::runtime_error("--snr: expected a number of decibels");
    std::vector<RateTensor> tensors = analysed_maps(o.analysis);
    if (!o.calibration_maps.empty())
        calibrate_on(tensors, rate_tensors_of_folder(o.calibration_maps));
    const bool given = o.analysis.command->count("--blocks") > 0;
    for (const BlockForm& form : forms)
        if (given) check_possible(form, tensors);
    Progress progress("codec blocks");
    const std::vector<BlockCurve> curves =
        block_curves(tensors, forms, o.analysis.compile.threads,
                     [&](size_t done, size_t all) { progress(done, all); });
    if (o.analysis.json)
        print_blocks_json(curves, std::cout);
    else if (o.analysis.csv)
        print_blocks_csv(curves, std::cout);
    else
        print_blocks(curves, o.snr_db, std::cout);
    return 0;
}

}  // namespace

void add_codec_blocks_command(CLI::App& codec, int& exit_code) {
    CLI::App* command = codec.add_subcommand(
        "blocks", "Rate and error of PCA over blocks of several shapes (analysis in float)");
    auto o = std::make_shared<Options>();
    add_analysis_options(*command, o->analysis);
    command
        ->add_option("--blocks", o->blocks,
                     "rows x columns x channels; C: those of the tensor; at most " +
                         std::to_string(most_block_values) + " values")
        ->delimiter(',')
        ->capture_default_str();
    command->add_option("--calibration-maps", o->calibration_maps,
                        "folder of dump-maps to fit the transforms to; none: the maps themselves");
    command->add_option("--snr", o->snr_db, "of the table, in dB")->capture_default_str();
    command->footer(
        "Chmiel et al., Fig. 6: one matrix per tensor and shape, of its values before the ReLU;\n"
        "rates are entropies at one uniform step. A tensor is\n"
        "left out of the shapes that it cannot have, and the average of a shape then, too.\n"
        "--csv and --json have whole curves. 12 pictures through ResNet-18 take half a minute.\n"
        "Examples:\n"
        "  karhunen codec blocks --in maps\n"
        "  karhunen codec blocks --in maps --blocks 1x1xC,2x2xC/4,2x2xC --csv > blocks.csv\n"
        "  karhunen codec blocks --network net.kvn --image cat.jpg dog.jpg --snr 30");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return blocks(*o); }); });
}

}  // namespace karhunen
