#include "platform/commands/instruments.h"

#include <filesystem>

#include "platform/cosimulation/cosimulation.h"
#include "platform/debug/crash_dump.h"
#include "platform/debug/debugger.h"
#include "platform/debug/register_log.h"
#include "platform/debug/stop_at.h"
#include "platform/debug/uart_link.h"
#include "platform/faults/injector.h"
#include "platform/trace/recorder.h"

namespace karhunen {

namespace {

void add_rtl_options(CLI::App& command, InstrumentOptions& o) {
    CLI::Option* rtl = command.add_option(
        "--rtl", o.rtl,
        "coders in RTL (Verilator): BLOCK=MODE,..., or a mode for all blocks that fit. Blocks:\n"
        "huffman_encoder, huffman_decoder, pca_unit, ebpc_encoder. Modes: rtl (in place of the\n"
        "model), cross (both, compared word by word; exit code 4 at the first mismatch), model");
    if (CLI::Option* record = command.get_option_no_throw("--record")) rtl->excludes(record);
    command.add_option("--rtl-seed", o.rtl_seed, "of the stalls between RTL and machine; 0: none")
        ->needs(rtl)
        ->check(CLI::Range(0u, UINT32_MAX))
        ->capture_default_str();
    command
        .add_option("--rtl-layers", o.rtl_layers, "bands of these layers alone (number or name)")
        ->needs(rtl)
        ->delimiter(',');
    command.add_option("--rtl-bands", o.rtl_bands, "the first N bands of a layer in each unit")
        ->needs(rtl)
        ->check(CLI::Range(1u, 1000000u))
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

void add_debug_options(CLI::App& command, InstrumentOptions& o) {
    command.add_option("--gdb", o.gdb_port,
                       "wait for GDB at this TCP port of this host before the first instruction;\n"
                       "0: a free port, which is printed");
    command.add_option("--register-log", o.register_log,
                       "write every access of the CPU to a register as CSV");
    command.add_option("--stop-at", o.stop_at,
                       "layer:LAYER (number or name: its first band is about to be read),\n"
                       "tile:LAYER:IMAGE:BAND (stored) or time:MS:\n"
                       "end there with a dump of the machine, or break into GDB");
    command.add_option("--crash-dump", o.crash_dump,
                       "file for the dump of the machine after a fault, instead of standard error");
}

/// What is built in, as a file: where `make build` leaves it beside the program.
std::string built_in_elf() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error),
                                elf = program.parent_path() / "sw/firmware/karhunen_firmware.elf";
    return std::filesystem::exists(elf, error) ? elf.string() : "";
}

using Instruments = std::vector<std::unique_ptr<Instrument>>;

/// Behind all others: GDB and the dump look at the machine when the others are done with it.
void add_debug_instruments(const InstrumentOptions& o, Instruments& instruments) {
    auto crash_dump = std::make_unique<debug::CrashDump>(o.crash_dump);
    debug::Debugger* debugger = nullptr;
    if (!o.uart.empty()) instruments.push_back(std::make_unique<debug::UartLink>(o.uart));
    if (!o.register_log.empty())
        instruments.push_back(std::make_unique<debug::RegisterLog>(o.register_log));
    if (o.gdb_port) {
        auto made = std::make_unique<debug::Debugger>(
            *o.gdb_port, o.firmware.empty() ? built_in_elf() : o.firmware);
        debugger = made.get();
        instruments.push_back(std::move(made));
    }
    if (!o.stop_at.empty())
        instruments.push_back(std::make_unique<debug::StopAt>(o.stop_at, debugger));
    instruments.push_back(std::move(crash_dump));
}

}  // namespace

void add_instrument_options(CLI::App& command, InstrumentOptions& o) {
    add_rtl_options(command, o);
    add_debug_options(command, o);
    CLI::Option* trace = command.add_option("--symbolic-trace", o.symbolic_trace,
                                            "write what firmware did, for `karhunen trace` and "
                                            "benches of RTL; memory goes to FILE.bin");
    if (CLI::Option* replay = command.get_option_no_throw("--replay")) trace->excludes(replay);
    CLI::Option* inject = command.add_option("--inject", o.inject,
                                             "YAML file of faults to inject (see configs/faults)");
    if (CLI::Option* record = command.get_option_no_throw("--record")) inject->excludes(record);
}

std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions& o) {
    Instruments instruments;
    if (!o.rtl.empty())
        if (auto instrument = make_rtl(o)) instruments.push_back(std::move(instrument));
    if (!o.symbolic_trace.empty())
        instruments.push_back(std::make_unique<TraceRecorder>(o.symbolic_trace));
    if (!o.inject.empty())
        instruments.push_back(std::make_unique<FaultInjector>(FaultPlan::read(o.inject)));
    add_debug_instruments(o, instruments);
    return instruments;
}

}  // namespace karhunen
