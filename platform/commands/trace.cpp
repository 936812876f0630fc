// karhunen trace: what firmware did, again, without a CPU.
#include <iostream>
#include <memory>

#include "platform/commands/commands.h"
#include "platform/files.h"
#include "platform/trace/player.h"

namespace karhunen {

namespace {

struct Options {
    std::string trace, platform;
    bool json = false, uart = false;
};

int trace_command(const Options& o) {
    PlatformConfiguration configuration;
    if (!o.platform.empty()) {
        check_readable(o.platform);
        configuration = PlatformConfiguration::read(o.platform);
    }
    const TraceReport report = play_trace(SymbolicTrace::read(o.trace), configuration);
    if (o.uart) std::cerr << report.uart;
    o.json ? print_json(report, std::cout) : print_text(report, std::cout);
    for (const std::string& mismatch : report.mismatches)
        std::cerr << "karhunen: mismatch: " << mismatch << '\n';
    return report.is_good() ? 0 : exit_mismatch;
}

}  // namespace

void add_trace_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand(
        "trace", "Replay a symbolic trace on the machine, without a CPU, and compare");
    auto o = std::make_shared<Options>();
    command
        ->add_option("trace", o->trace,
                     "file of `karhunen run --symbolic-trace`; its memory lies beside it")
        ->required();
    command->add_option("--platform", o->platform,
                        "machine to replay on (YAML); the results do not depend on its timing");
    command->add_flag("--json", o->json, "print JSON");
    command->add_flag("--uart", o->uart, "show the UART on standard error");
    command->footer(
        "Examples:\n"
        "  karhunen run --symbolic-trace run.ktr\n"
        "  karhunen trace run.ktr\n"
        "  karhunen trace run.ktr --platform configs/platform/half-clock-dram.yaml --json\n"
        "The language of traces: platform/trace/README.md; a reader for RTL lies there too.\n"
        "Exit codes: 0 as recorded, 2 bad input, 4 mismatch: memory or a register is not as in\n"
        "the trace, or what it waits for never comes.");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return trace_command(*o); }); });
}

}  // namespace karhunen
