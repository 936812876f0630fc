#include "platform/commands/instruments.h"

#include "platform/cosimulation/cosimulation.h"
#include "platform/faults/injector.h"

namespace karhunen {

namespace {

void add_rtl_options(CLI::App& command, InstrumentOptions& o) {
    CLI::Option* rtl = command.add_option(
        "--rtl", o.rtl,
        "coders in RTL (Verilator): BLOCK=MODE,..., or a mode for all blocks that fit. Blocks:\n"
        "huffman_encoder, huffman_decoder, pca_unit, ebpc_encoder. Modes: rtl (in place of the\n"
        "model), cross (both, compared word by word), model");
    if (CLI::Option* record = command.get_option_no_throw("--record")) rtl->excludes(record);
    command.add_option("--rtl-seed", o.rtl_seed, "of the stalls between RTL and machine; 0: none")
        ->needs(rtl)
        ->capture_default_str();
    command.add_option("--rtl-layers", o.rtl_layers, "bands of these layers alone")
        ->needs(rtl)
        ->delimiter(',');
    command.add_option("--rtl-bands", o.rtl_bands, "the first N bands of a layer in each unit")
        ->needs(rtl)
        ->default_str("all");
}

/// None, where the model does all.
std::unique_ptr<Instrument> make_rtl(const InstrumentOptions& o) {
    rtl::Settings settings = rtl::parse_modes(o.rtl);
    if (settings.modes == rtl::Modes{}) return nullptr;
    settings.seed = o.rtl_seed;
    settings.layers = {o.rtl_layers.begin(), o.rtl_layers.end()};
    settings.bands = o.rtl_bands;
    return rtl::make_cosimulation(settings);
}

}  // namespace

void add_instrument_options(CLI::App& command, InstrumentOptions& o) {
    add_rtl_options(command, o);
    command.add_option("--inject", o.inject, "YAML file of faults to inject (see configs/faults)");
}

std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions& o) {
    std::vector<std::unique_ptr<Instrument>> instruments;
    if (!o.rtl.empty())
        if (auto instrument = make_rtl(o)) instruments.push_back(std::move(instrument));
    if (!o.inject.empty())
        instruments.push_back(std::make_unique<FaultInjector>(FaultPlan::read(o.inject)));
    return instruments;
}

}  // namespace karhunen
