// What firmware did is done again without a CPU: memory is the same to the last byte, and so are
// the interrupts.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "platform/trace/player.h"
#include "platform/trace/recorder.h"
#include "tests/platform/small_network.h"

using namespace karhunen;
namespace fs = std::filesystem;

namespace {

/// Keeps what DDR held at the end.
struct MemoryKeeper : Instrument {
    std::vector<uint8_t> memory;
    void finish(Machine& machine, RunReport&) override {
        memory.assign(machine.memory().begin(), machine.memory().end());
    }
};

/// A run, its trace, and what it left behind.
struct Recorded {
    fs::path folder = fs::temp_directory_path() / ("karhunen-trace-" + std::to_string(getpid()));
    fs::path path = folder / "run.ktr";
    RunReport report;
    std::vector<uint8_t> memory;
    std::vector<uint32_t> claims;

    Recorded(const Loadable& loadable, RunOptions options) {
        fs::create_directory(folder);
        TraceRecorder recorder(path);
        MemoryKeeper keeper;
        options.check = false;
        options.configuration.ddr.size_mib = 4;
        options.instruments = {&recorder, &keeper};
        report = run(loadable, options);
        memory = std::move(keeper.memory);
        claims = recorder.claims();
    }
    ~Recorded() { fs::remove_all(folder); }

    /// Replays it and compares all of DDR.
    TraceReport replay(PlatformConfiguration configuration) const {
        configuration.ddr.size_mib = 4;
        size_t differences = 0;
        const TraceReport played =
            play_trace(SymbolicTrace::read(path), configuration, [&](Machine& machine) {
                for (size_t i = 0; i < memory.size(); ++i)
                    differences += memory[i] != machine.memory()[i];
            });
        BOOST_TEST(differences == 0u);
        return played;
    }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    void rewrite(const std::string& text) const { std::ofstream(path) << text; }
};

std::string first_mismatch(const TraceReport& report) {
    return report.mismatches.empty() ? "" : report.mismatches.front();
}

SmallOptions small_options(unsigned seed) {
    constexpr const char* codecs[] = {"transform", "raw", "ebpc", "context", "vlc", "dct-mask"};
    SmallOptions small;
    small.codec = codecs[seed % std::size(codecs)];
    small.batch = 1 + seed % 3;
    if (seed % 2 == 1) small.configuration.buffers.output_kib = 4;  // many bands
    return small;
}

/// Another machine that runs the same loadable.
PlatformConfiguration other_machine(const PlatformConfiguration& base, unsigned seed) {
    std::mt19937 random(seed);
    const auto one_of = [&](std::initializer_list<uint32_t> choices) {
        return choices.begin()[random() % choices.size()];
    };
    PlatformConfiguration c = base;
    c.array.clock_mhz = one_of({40, 160, 400});
    c.array.reduction_lanes = one_of({9, 576, 4608});
    c.codec.raw_values_per_clock = one_of({1, 32});
    c.dma.block_bytes = one_of({16, 256, 2048});
    c.dma.outstanding = one_of({1, 8});
    c.ddr.model = one_of({0, 1}) ? "ddr3" : "ideal";
    return c;
}

}  // namespace

BOOST_DATA_TEST_CASE(replays_leave_the_same_memory, boost::unit_test::data::xrange(6u), seed) {
    const SmallOptions small = small_options(seed);
    const Loadable loadable = small_loadable(small);
    const Recorded recorded(loadable, small_run(loadable, small));
    BOOST_TEST_REQUIRE(recorded.report.exit_code == 0);

    const TraceReport same = recorded.replay(small.configuration);
    BOOST_TEST(first_mismatch(same) == "");
    BOOST_TEST(same.done == same.actions);
    BOOST_TEST(same.claims == recorded.claims, boost::test_tools::per_element());
    BOOST_TEST(same.uart == recorded.report.uart);
    BOOST_TEST(same.bands_stored == recorded.report.bands_stored);
    BOOST_TEST(same.checks > same.bands_stored);

    const TraceReport other = recorded.replay(other_machine(small.configuration, seed));
    BOOST_TEST(first_mismatch(other) == "");
    BOOST_TEST(other.claims.size() + other.told_together == recorded.claims.size());
}

BOOST_AUTO_TEST_CASE(recording_changes_nothing_and_repeats) {
    const SmallOptions small = small_options(1);
    const Loadable loadable = small_loadable(small);
    RunOptions options = small_run(loadable, small);
    const Recorded first(loadable, options);
    const std::string text = first.text();
    const Recorded second(loadable, options);
    BOOST_TEST(text == second.text());
    options.configuration.ddr.size_mib = 4;
    const RunReport alone = run(loadable, options);
    BOOST_TEST(alone.simulated_ms == first.report.simulated_ms);
}

BOOST_AUTO_TEST_CASE(changes_of_the_trace_are_noticed) {
    const SmallOptions small = small_options(1);
    const Loadable loadable = small_loadable(small);
    const Recorded recorded(loadable, small_run(loadable, small));
    const std::string text = recorded.text();
    PlatformConfiguration c = small.configuration;
    c.ddr.size_mib = 4;
    c.cpu.watchdog_ms = 5;
    const auto check = [&](const std::string& before, const std::string& after,
                           const std::string& message) {
        const size_t at = text.find(before);
        BOOST_TEST_REQUIRE(at != std::string::npos, before);
        std::string changed = text;
        recorded.rewrite(changed.replace(at, before.size(), after));
        const TraceReport played = play_trace(SymbolicTrace::read(recorded.path), c);
        BOOST_TEST(!played.is_good());
        BOOST_TEST(first_mismatch(played).find(message) != std::string::npos,
                   first_mismatch(played));
        BOOST_TEST(first_mismatch(played).find("run.ktr:") != std::string::npos);
    };
    // A row more of padding: other values, the same sizes or not.
    check("reg_write POST_PROCESSING.SHIFT 0x", "reg_write POST_PROCESSING.SHIFT 0x1", "");
    check("reg_write ENCODER.CONTROL 0x1", "reg_write ENCODER.CONTROL 0x0", "");
    check("reg_read BUFFERS.WEIGHT_BYTES 0x", "reg_read BUFFERS.WEIGHT_BYTES 0x1", "found 0x");
    const size_t line = text.find("mem_check");
    const std::string check_line = text.substr(line, text.find('\n', line) - line);
    check(check_line, check_line.substr(0, check_line.rfind("0x")) + "0x0", "found crc 0x");
    check("wait_irq DMA 1\n", "wait_irq DDR_CONTROLLER 0\n", "");
}
