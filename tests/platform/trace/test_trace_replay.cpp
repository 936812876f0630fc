// What firmware did is done again without a CPU: memory is the same to the last byte, and so are
// the interrupts.
#include <algorithm>
#include <cstring>
#include <random>
#include <set>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <karhunen/registers.h>

#include "platform/band_map.h"
#include "tests/platform/small_network.h"
#include "tests/platform/trace/recorded.h"

using namespace karhunen;

namespace {

/// Whether all substreams of all stored bands and their entries are among the memory checked.
bool checks_of(const Recorded& recorded, uint32_t images, const Loadable& loadable) {
    std::set<std::pair<uint64_t, uint64_t>> checked;
    for (const TraceAction& a : SymbolicTrace::read(recorded.path).actions)
        if (a.kind == TraceAction::Kind::mem_check)
            checked.insert({a.address - KRHN_DDR_BASE, a.bytes});
    const BandMap bands(loadable, images);
    for (const BandPlace& place : bands.produced()) {
        const krhn_tensor& tensor = loadable.tensors()[place.tensor];
        const uint64_t at = entry_offset(tensor, place.image, place.band);
        krhn_tile_entry entry;
        std::memcpy(&entry, &recorded.memory[at], sizeof entry);
        if (!checked.contains({at, sizeof entry})) return false;
        for (uint32_t s = 0; s < entry.n_streams; ++s)
            if (entry.bytes[s] != 0 &&
                !checked.contains({slot_offset(tensor, place.image, place.band) +
                                       uint64_t{s} * tensor.stream_stride,
                                   entry.bytes[s]}))
                return false;
    }
    return true;
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

    BOOST_TEST(checks_of(recorded, small.batch, loadable));
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

BOOST_AUTO_TEST_CASE(chains_and_data_in_the_sram_are_replayed) {
    RunOptions options;
    options.inputs.resize(1);
    options.firmware = KARHUNEN_COPY_CHAIN;
    const Recorded recorded(Loadable::none(), options);
    BOOST_TEST_REQUIRE(recorded.report.exit_code == 0);
    BOOST_TEST(recorded.report.uart.find("round 2: 0 wrong") != std::string::npos);
    uint32_t word = 0;
    std::memcpy(&word, &recorded.memory[0x3800], 4);
    BOOST_TEST(word == 0x600Fu);
    const TraceReport played = recorded.replay({});
    BOOST_TEST(first_mismatch(played) == "");
    BOOST_TEST(played.uart == recorded.report.uart);
    BOOST_TEST(played.checks > 0u);
}

/// The second copy still runs when the program is at its end.
BOOST_AUTO_TEST_CASE(a_replay_waits_for_copies_that_nobody_asked_about) {
    RunOptions options;
    options.inputs.resize(1);
    options.firmware = KARHUNEN_WAIT_BY_TIME;
    const Recorded recorded(Loadable::none(), options);
    BOOST_TEST_REQUIRE(recorded.report.exit_code == 0);
    const std::string text = recorded.text();
    BOOST_TEST(text.find("poll DMA.CHANNEL6.CHANNEL_STATUS 0x3 0x0\nmem_check 0x80000000 16384 ") !=
               std::string::npos);
    BOOST_TEST(text.find("mem_check 0x80004000") == std::string::npos);
    const TraceReport played = play_trace(SymbolicTrace::read(recorded.path), {});
    BOOST_TEST(first_mismatch(played) == "");
    BOOST_TEST(played.checks == 1u);
}

/// Five alarms, 10,000 clocks apart.
BOOST_AUTO_TEST_CASE(a_replay_waits_for_the_timer) {
    RunOptions options;
    options.inputs.resize(1);
    options.firmware = KARHUNEN_TIMER;
    const Recorded recorded(Loadable::none(), options);
    BOOST_TEST_REQUIRE(recorded.report.exit_code == 0);
    const TraceReport played = recorded.replay({});
    BOOST_TEST(first_mismatch(played) == "");
    BOOST_TEST(played.uart == recorded.report.uart);
    BOOST_TEST(played.simulated_ms >= 5 * 10000 / 160e3);
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
    check("reg_write POST_PROCESSING.SHIFT 0x", "reg_write POST_PROCESSING.SHIFT 0x1", "");
    check("reg_write ENCODER.CONTROL 0x1", "reg_write ENCODER.CONTROL 0x0", "");
    check("reg_read BUFFERS.WEIGHT_BYTES 0x", "reg_read BUFFERS.WEIGHT_BYTES 0x1", "found 0x");
    const size_t line = text.find("mem_check");
    const std::string check_line = text.substr(line, text.find('\n', line) - line);
    check(check_line, check_line.substr(0, check_line.rfind("0x")) + "0x0", "found crc 0x");
    check("poll ENCODER.STATUS 0x2 0x0", "poll ENCODER.STATUS 0x2 0x2", "watchdog: no sign");
    check("wait_irq DMA 1\n", "wait_irq DDR_CONTROLLER 0\n", "");
}
