// karhunen ddr: a trace of requests on the DRAM controller alone.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>

#include "models/ddr/conservation.h"
#include "platform/command_trace.h"
#include "platform/commands/commands.h"
#include "platform/files.h"
#include "platform/internal_error.h"
#include "platform/machine.h"
#include "platform/progress.h"
#include "platform/replay_report.h"

namespace karhunen {

namespace {

struct Options {
    std::string trace, device, mapping, platform, commands;
    bool json = false;
};

/// A file, or standard input.
class Input {
public:
    explicit Input(const std::string& path) : is_standard_(path == "-") {
        name_ = is_standard_ ? "standard input" : path;
        descriptor_ = is_standard_ ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor_ < 0) fail("cannot be opened: ");
    }
    ~Input() {
        if (!is_standard_) close(descriptor_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    const std::string& name() const { return name_; }
    size_t read(char* buffer, size_t most) {
        ssize_t count = 0;
        do count = ::read(descriptor_, buffer, most);
        while (count < 0 && errno == EINTR);
        if (count < 0) fail("cannot be read: ");
        return static_cast<size_t>(count);
    }
    /// 0: not known.
    size_t bytes() const {
        struct stat status {};
        const bool is_file = fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
        return is_file ? static_cast<size_t>(status.st_size) : 0;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(name_ + ": " + what + std::strerror(errno));
    }
    bool is_standard_;
    std::string name_;
    int descriptor_;
};

/// Of the platform, with the device and the mapping of the command line.
DdrSettings settings_of(const Options& o) {
    PlatformConfiguration configuration;
    if (!o.platform.empty()) {
        check_readable(o.platform);
        configuration = PlatformConfiguration::read(o.platform);
    }
    DdrSettings settings = ddr_settings(configuration);
    if (!o.device.empty()) settings.device = ddr_device(o.device);
    if (!o.mapping.empty()) settings.mapping = o.mapping;
    if (settings.clock_mhz == 0) settings.clock_mhz = settings.device.clock_mhz();
    if (settings.model == "ideal")
        throw std::runtime_error(o.platform + ": ddr.model is ideal, which issues no commands");
    return settings;
}

/// Progress for people who wait, and an early end when the disk is full.
class Watch {
public:
    Watch(const Input& input, const std::optional<CommandTrace>& commands)
        : bytes_(input.bytes()), commands_(commands) {}
    void operator()(const ddr::TraceReader& reader) {
        constexpr uint64_t interval = 1 << 16;
        if (reader.requests() % interval != 0) return;
        if (commands_) commands_->check();
        if (bytes_ > 0)
            progress_(std::min<size_t>(reader.bytes_read(), bytes_), bytes_);
        else
            progress_.step("ddr: " + std::to_string(reader.requests()) + " requests");
    }

private:
    Progress progress_{"ddr: bytes of the trace", std::chrono::seconds(2)};
    size_t bytes_;
    const std::optional<CommandTrace>& commands_;
};

int replay_trace(const Options& o) {
    const DdrSettings settings = settings_of(o);
    print_warnings(settings);
    const ddr::AddressMapping mapping(settings.device, settings.mapping);
    Input input(o.trace);
    const uint64_t bytes = o.platform.empty() ? settings.device.bytes() : settings.size_bytes;
    ddr::TraceReader reader(input.name(), bytes,
                            [&](char* buffer, size_t most) { return input.read(buffer, most); });
    ddr::Replay replay(settings.device, mapping, settings.policy);
    std::optional<CommandTrace> commands;
    if (!o.commands.empty()) {
        check_not_input(o.commands, {o.trace, o.device, o.platform});
        commands.emplace(o.commands);
        replay.on_command([&](const ddr::CommandRecord& record) { commands->add(record); });
    }
    {
        Watch watch(input, commands);
        for (ddr::TraceRequest request; reader.next(request); watch(reader)) replay.offer(request);
    }
    replay.finish();
    if (commands) commands->finish();
    const ReplayReport report{input.name(),       settings.mapping,    settings.device,
                              settings.clock_mhz, replay.statistics(), replay.latencies(),
                              replay.delays()};
    const ddr::EnergyModel energy(settings.device, settings.clock_mhz);
    const std::string violation = ddr::conservation_violation(report.statistics, energy);
    if (!violation.empty()) throw InternalError("DRAM traffic does not add up: " + violation);
    o.json ? print_json(report, std::cout) : print_text(report, std::cout);
    return 0;
}

}  // namespace

void add_ddr_command(CLI::App& program, int& exit_code) {
    CLI::App* command =
        program.add_subcommand("ddr", "Replay a trace of requests on the DRAM controller alone");
    auto o = std::make_shared<Options>();
    command
        ->add_option("trace", o->trace,
                     "file, or - for standard input: a request of 16 bytes per line, "
                     "`0xADDR READ|WRITE CYCLE`, # comments; cycles are clocks of the command bus "
                     "and do not decrease")
        ->required();
    command->add_option("--device", o->device,
                        "a file of configs/ddr without .yaml, or a device file of your own");
    command->add_option("--mapping", o->mapping,
                        "addresses to banks, rows and columns: row-bank-column, row-column-bank, "
                        "row-bank-column-group");
    command->add_option("--platform", o->platform,
                        "machine whose memory and policies to use (YAML; see `karhunen config`)");
    command->add_option("--commands", o->commands,
                        "write the DRAM commands as CSV: clock,command,bank,row,column");
    command->add_flag("--json", o->json, "print JSON");
    command->footer(
        "A request is offered at its cycle, or one clock after the one before it was accepted.\n"
        "A trace:\n"
        "  # the same row twice, then another row of the bank\n"
        "  0x0 READ 0\n"
        "  0x10 WRITE 0\n"
        "  0x4000 READ 100\n"
        "Examples:\n"
        "  karhunen ddr configs/ddr/example.trace --commands commands.csv\n"
        "  karhunen ddr requests.trace --device my-dram.yaml --mapping row-column-bank --json\n"
        "  zcat requests.trace.gz | karhunen ddr - --platform my-machine.yaml");
    command->callback(
        [o, &exit_code] { exit_code = report_errors([&] { return replay_trace(*o); }); });
}

}  // namespace karhunen
