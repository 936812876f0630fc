#include "platform/commands/instruments.h"

#include "platform/cosimulation/cosimulation.h"
#include "platform/trace/recorder.h"

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
        ->check(CLI::PositiveNumber)
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
    CLI::Option* trace = command.add_option("--symbolic-trace", o.symbolic_trace,
                                            "write what firmware did, for `karhunen trace` and "
                                            "benches of RTL; memory goes to FILE.bin");
    if (CLI::Option* replay = command.get_option_no_throw("--replay")) trace->excludes(replay);
}

std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions& o) {
    std::vector<std::unique_ptr<Instrument>> instruments;
    if (!o.rtl.empty())
        if (auto instrument = make_rtl(o)) instruments.push_back(std::move(instrument));
    if (!o.symbolic_trace.empty())
        instruments.push_back(std::make_unique<TraceRecorder>(o.symbolic_trace));
    return instruments;
}

}  // namespace karhunen
