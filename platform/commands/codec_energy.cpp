// karhunen codec energy: how few components have how much of the variance.
#include "platform/energy_analysis.h"

#include <iostream>

#include "platform/commands/analysis.h"
#include "platform/commands/codec.h"
#include "platform/commands/commands.h"
#include "platform/progress.h"

namespace karhunen {

namespace {

int energy(const AnalysisOptions& o) {
    const std::vector<RateTensor> tensors = analysed_maps(o);
    Progress progress("codec energy");
    const std::vector<EnergyCurve> curves = energy_curves(
        tensors, o.compile.threads, [&](size_t done, size_t all) { progress(done, all); });
    if (o.json)
        print_energy_json(curves, std::cout);
    else if (o.csv)
        print_energy_csv(curves, std::cout);
    else
        print_energy(curves, std::cout);
    return 0;
}

}  // namespace

void add_codec_energy_command(CLI::App& codec, int& exit_code) {
    CLI::App* command = codec.add_subcommand(
        "energy", "Principal components of maps: how few have how much of the variance");
    auto o = std::make_shared<AnalysisOptions>();
    add_analysis_options(*command, *o);
    command->footer(
        "The covariance is that of all pixels of all pictures, before the ReLU (Chmiel et al.,\n"
        "Fig. 5). --csv and --json have the whole curves; `average` is the mean over the tensors.\n"
        "Examples:\n"
        "  karhunen codec energy --in maps\n"
        "  karhunen codec energy --network net.kvn --image photos/*.jpg --csv > energy.csv");
    command->callback([o, &exit_code] { exit_code = report_errors([&] { return energy(*o); }); });
}

}  // namespace karhunen
