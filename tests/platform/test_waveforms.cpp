// What a recorded run shows, and that recording changes nothing.
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "models/ddr/command.h"
#include "models/interfaces/activity.h"
#include "platform/waveforms.h"
#include "tests/platform/small_network.h"
#include "tests/platform/vcd.h"
#include "tests/support/simulation.h"

namespace fs = std::filesystem;
using namespace karhunen;

namespace {

const fs::path waveforms_folder = KARHUNEN_WAVEFORMS;

/// An empty folder that goes with the test.
struct Folder {
    const fs::path path = fs::temp_directory_path() / ("karhunen_waves" + std::to_string(getpid()));
    Folder() { fs::create_directory(path); }
    ~Folder() { fs::remove_all(path); }
    std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(path))
            names.insert(entry.path().filename());
        return names;
    }
};

std::string json_of(const RunReport& report) {
    std::ostringstream out;
    print_json(report, out);
    return out.str();
}

/// One run, recorded, for all test cases that only look.
struct Recorded {
    Vcd vcd;
    RunReport report, report_without;
    size_t layers = 0;
    SmallOptions options;
    uint64_t period = 0;  ///< of the array's clock, ps

    Recorded() {
        const Folder folder;
        const fs::path path = folder.path / "run.vcd";
        options.configuration.array.clock_mhz = 10;  // or firmware finds no time to sleep
        options.configuration.codec.transform_multipliers = 4;  // or no row waits in post.fifo
        options.configuration.buffers.output_kib = 4;
        const Loadable loadable = small_loadable(options);
        layers = loadable.layers().size();
        RunOptions run_options = small_run(loadable, options);
        period = static_cast<uint64_t>(1e6 / options.configuration.array.clock_mhz);
        report_without = karhunen::run(loadable, run_options);
        run_options.vcd = path;
        report = karhunen::run(loadable, run_options);
        vcd = Vcd::read(path);
    }
    const VcdSignal& signal(const std::string& name) const {
        return vcd.signals.at("SystemC.machine." + name);
    }
    const VcdSignal& state(const std::string& block) const { return signal(block + ".state[2:0]"); }
};

const Recorded& recorded() {
    static const Recorded once;
    return once;
}

const std::vector<std::string> dma_channels = {"weights",        "encoder_table", "input_table",
                                               "residual_table", "input",         "residual",
                                               "output",         "copy"};
const std::vector<std::string> sources = {
    "uart", "dma", "ddr", "input_decoder", "residual_decoder", "array", "post", "encoder"};

/// All with the five states of models/interfaces/activity.h.
std::vector<std::string> blocks() {
    std::vector<std::string> all = {"array", "post", "buffers.weights", "ddr"};
    for (const std::string unit : {"input_decoder", "residual_decoder", "encoder"})
        all.insert(all.end(), {unit, unit + ".tables"});
    for (const std::string& channel : dma_channels) all.push_back("dma." + channel);
    return all;
}

std::set<std::string> expected_signals() {
    std::set<std::string> all = {"current_layer[31:0]", "cpu.state[2:0]",
                                 "ddr.read_queue[7:0]", "ddr.write_queue[7:0]",
                                 "interrupts.external", "interrupts.timer",
                                 "interrupts.software", "buffers.weights.fill[31:0]",
                                 "post.fifo[31:0]"};
    for (const std::string& source : sources) all.insert("interrupts." + source);
    for (const std::string& block : blocks()) {
        all.insert(block + ".state[2:0]");
        all.insert(block + ".layer[31:0]");
    }
    for (const std::string unit : {"input_decoder", "residual_decoder", "encoder"}) {
        all.insert(unit + ".fifo[31:0]");
        all.insert(unit + ".tables.fill[31:0]");
    }
    for (const std::string buffer : {"activation", "output", "residual"})
        for (const std::string fill : {"fill", "fill_0", "fill_1", "fill_2", "fill_3"})
            all.insert("buffers." + buffer + "." + fill + "[31:0]");
    for (int bank = 0; bank < 8; ++bank) {
        all.insert("ddr.bank" + std::to_string(bank) + ".command[3:0]");
        all.insert("ddr.bank" + std::to_string(bank) + ".row[15:0]");
    }
    return all;
}

/// Nothing in this run uses them.
const std::set<std::string> motionless = {"interrupts.ddr",
                                          "interrupts.software",
                                          "buffers.output.fill_1[31:0]",
                                          "buffers.residual.fill_1[31:0]",
                                          "buffers.activation.fill_2[31:0]",
                                          "buffers.output.fill_2[31:0]",
                                          "buffers.residual.fill_2[31:0]",
                                          "buffers.activation.fill_3[31:0]",
                                          "buffers.output.fill_3[31:0]",
                                          "buffers.residual.fill_3[31:0]",
                                          "dma.copy.layer[31:0]"};

/// "3 wait_weights": what the translate filters of GTKWave make of values.
std::map<unsigned, std::string> read_filter(const std::string& name) {
    std::map<unsigned, std::string> words;
    std::ifstream file(waveforms_folder / name);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream in(line);
        unsigned value = 0;
        in >> value >> words[value];
    }
    return words;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(recording_changes_nothing, Simulation) {
    BOOST_TEST(recorded().report.exit_code == 0);
    BOOST_TEST(json_of(recorded().report) == json_of(recorded().report_without));
}

BOOST_FIXTURE_TEST_CASE(every_signal_is_there_and_moves, Simulation) {
    BOOST_TEST(recorded().vcd.timescale == "1ps");
    std::set<std::string> found;
    for (const auto& [name, signal] : recorded().vcd.signals) {
        const std::string prefix = "SystemC.machine.";
        BOOST_TEST_REQUIRE(name.starts_with(prefix), name);
        const std::string rest = name.substr(prefix.size());
        found.insert(rest);
        BOOST_TEST(signal.has_only_changes(), name);
        const size_t changes = signal.changes.size() - 1;
        if (motionless.contains(rest))
            BOOST_TEST(changes == 0u, name << " moves");
        else
            BOOST_TEST(changes >= 1u, name << " does not move");
    }
    const std::set<std::string> expected = expected_signals();
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(states_are_states, Simulation) {
    for (const std::string& block : blocks())
        for (const VcdChange& change : recorded().state(block).changes)
            BOOST_TEST(change.value < static_cast<uint64_t>(State::count), block);
    for (const VcdChange& change : recorded().state("cpu").changes) BOOST_TEST(change.value < 2u);
    // All are idle when the picture is done.
    for (const std::string block : {"array", "post", "input_decoder", "encoder", "dma.output"})
        BOOST_TEST(recorded().state(block).changes.back().value == 0u, block);
}

BOOST_FIXTURE_TEST_CASE(buffers_are_empty_in_the_end, Simulation) {
    const BufferConfiguration& sizes = recorded().options.configuration.buffers;
    const std::map<std::string, uint32_t> kib = {{"weights", sizes.weight_kib},
                                                 {"activation", sizes.activation_kib},
                                                 {"residual", sizes.residual_kib},
                                                 {"output", sizes.output_kib}};
    for (const auto& [buffer, size] : kib) {
        const VcdSignal& fill = recorded().signal("buffers." + buffer + ".fill[31:0]");
        for (const VcdChange& change : fill.changes)
            BOOST_TEST(change.value <= uint64_t{size} * 1024, buffer);
        BOOST_TEST(fill.changes.back().value == 0u, buffer);
    }
}

BOOST_FIXTURE_TEST_CASE(layers_run_one_after_the_other, Simulation) {
    std::vector<uint64_t> seen, expected = {UINT32_MAX};
    for (const VcdChange& c : recorded().signal("current_layer[31:0]").changes)
        seen.push_back(c.value);
    for (size_t layer = 0; layer < recorded().layers; ++layer) expected.push_back(layer);
    BOOST_TEST(seen == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_array_computes_as_long_as_reported, Simulation) {
    uint64_t busy = 0;
    const std::vector<VcdChange>& changes = recorded().state("array").changes;
    for (size_t i = 0; i + 1 < changes.size(); ++i)
        if (changes[i].value == static_cast<uint64_t>(State::busy))
            busy += changes[i + 1].time - changes[i].time;
    BOOST_TEST(busy == recorded().report.total.cycles.compute * recorded().period);
}

BOOST_FIXTURE_TEST_CASE(interrupts_wake_the_processor, Simulation) {
    const Recorded& r = recorded();
    std::vector<std::string> lines = sources;
    lines.insert(lines.end(), {"external", "timer", "software"});
    for (const std::string& line : lines) {
        const VcdSignal& signal = r.signal("interrupts." + line);
        const unsigned open = signal.changes.back().value != 0;
        BOOST_TEST(signal.edges_to(1) == signal.edges_to(0) + open, line);
    }
    // Every rise of the external line comes from a source that is up.
    const VcdSignal& external = r.signal("interrupts.external");
    for (const VcdChange& change : external.changes) {
        if (change.value == 0) continue;
        bool is_up = false;
        for (const std::string& source : sources)
            is_up |= r.signal("interrupts." + source).at(change.time) != 0;
        BOOST_TEST(is_up, "external interrupt at " << change.time << " ps");
    }
    // Out of WFI only by an interrupt, but for the first start, out of reset.
    unsigned wakes = 0;
    for (const VcdChange& change : r.state("cpu").changes) {
        if (change.value == 0 || change.time < 10 * r.period) continue;
        ++wakes;
        BOOST_TEST((external.at(change.time) || r.signal("interrupts.timer").at(change.time)),
                   "the processor wakes at " << change.time << " ps");
    }
    BOOST_TEST(wakes > 0u);
}

BOOST_FIXTURE_TEST_CASE(banks_are_opened_before_use, Simulation) {
    using ddr::Command;
    for (int bank = 0; bank < 8; ++bank) {
        const std::string name = "ddr.bank" + std::to_string(bank);
        bool open = false;
        for (const VcdChange& change : recorded().signal(name + ".command[3:0]").changes) {
            const auto command = static_cast<Command>(change.value);
            BOOST_TEST_CONTEXT(name << " at " << change.time << " ps, command " << change.value) {
                BOOST_TEST_REQUIRE(change.value <= ddr::command_count);
                if (command == Command::act || command == Command::ref) BOOST_TEST(!open);
                if (ddr::is_column(command)) BOOST_TEST(open);
            }
            if (command == Command::act || command == Command::rd || command == Command::wr)
                open = true;
            else
                open = false;
        }
        // Only an ACT names a row.
        const VcdSignal& row = recorded().signal(name + ".row[15:0]");
        for (size_t i = 1; i < row.changes.size(); ++i)
            BOOST_TEST(recorded().signal(name + ".command[3:0]").at(row.changes[i].time) ==
                       static_cast<uint64_t>(Command::act));
    }
}

BOOST_FIXTURE_TEST_CASE(filters_show_the_names_of_the_models, Simulation) {
    std::map<unsigned, std::string> states, commands;
    for (unsigned s = 0; s < static_cast<unsigned>(State::count); ++s)
        states[s] = name_of(static_cast<State>(s));
    for (unsigned c = 0; c < ddr::command_count; ++c)
        commands[c] = name_of(static_cast<ddr::Command>(c));
    commands[ddr::command_count] = "none";
    BOOST_TEST((read_filter("states.txt") == states));
    BOOST_TEST((read_filter("dram_commands.txt") == commands));
    BOOST_TEST((read_filter("cpu_states.txt") ==
                std::map<unsigned, std::string>{{0, "WFI"}, {1, "busy"}}));
}

BOOST_FIXTURE_TEST_CASE(the_save_file_names_signals_that_exist, Simulation) {
    std::ifstream file(waveforms_folder / "karhunen.gtkw");
    std::set<std::string> named;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('^')) {
            const fs::path filter = line.substr(line.find(' ') + 1);
            BOOST_TEST(fs::exists(waveforms_folder.parent_path() / filter), filter);
        }
        if (line.empty() || std::string("[@^-*").find(line[0]) != std::string::npos) continue;
        const std::string name = line.substr(line.find_last_of(' ') + 1);
        named.insert(name);
        BOOST_TEST(recorded().vcd.signals.contains(name), name);
    }
    for (const std::string& block : blocks())
        BOOST_TEST(named.contains("SystemC.machine." + block + ".state[2:0]"), block);
    BOOST_TEST(named.contains("SystemC.machine.current_layer[31:0]"));
}

BOOST_FIXTURE_TEST_CASE(the_path_is_taken_as_given, Simulation) {
    const Folder folder;
    SmallOptions options;
    const Loadable loadable = small_loadable(options);
    RunOptions run_options = small_run(loadable, options);
    for (const std::string name : {"waves", "a.b.vcd"}) {
        run_options.vcd = folder.path / name;
        karhunen::run(loadable, run_options);
    }
    BOOST_TEST((folder.files() == std::set<std::string>{"a.b.vcd", "waves"}));
}

BOOST_FIXTURE_TEST_CASE(a_path_that_cannot_be_written_is_named_at_once, Simulation) {
    const Folder folder;
    for (const fs::path& path : {folder.path / "missing" / "run.vcd", folder.path}) {
        const auto names_it = [&](const std::runtime_error& error) {
            return std::string(error.what()).starts_with(path.string() + ": cannot be written: ");
        };
        BOOST_CHECK_EXCEPTION(Waveforms{path}, std::runtime_error, names_it);
    }
    BOOST_TEST(folder.files().empty());
}

BOOST_FIXTURE_TEST_CASE(nothing_is_left_of_a_run_that_breaks_off, Simulation) {
    const Folder folder;
    SmallOptions options;
    const Loadable loadable = small_loadable(options);
    RunOptions run_options = small_run(loadable, options);
    run_options.vcd = folder.path / "run.vcd";
    std::ofstream(run_options.vcd) << "older";
    bool was_recording = false;
    run_options.after_store = [&](uint64_t, std::span<uint8_t>) {
        was_recording = folder.files().size() == 2;
        throw std::runtime_error("stop here");
    };
    expect_report("stop here");
    BOOST_CHECK_THROW(karhunen::run(loadable, run_options), std::exception);
    BOOST_TEST(was_recording);
    BOOST_TEST((folder.files() == std::set<std::string>{"run.vcd"}));
    BOOST_TEST(fs::file_size(run_options.vcd) == 5u);
}
