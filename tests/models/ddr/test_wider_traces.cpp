// Traces beyond the four that the simulators themselves were run on. The clocks are those of models
// of the scheduling of DRAMsim3, DRAMSys and Ramulator: the middle of three. Where the three agree
// within a few per cent we must not be further than 3 % from it.
#include <boost/test/unit_test.hpp>

#include "models/ddr/replay.h"
#include "models/ddr_checker/command_checker.h"

namespace karhunen::ddr {

namespace {

using Trace = std::vector<TraceRequest>;
constexpr size_t length = 2000;
constexpr uint64_t mib = 1 << 20, row = 2048, other_bank = mib + 4 * row;

/// Runs of reads from 0 and of writes from another place.
Trace in_turns(size_t run, uint64_t writes_at) {
    Trace trace;
    for (size_t i = 0; i < length; ++i) {
        const bool write = i / run % 2;
        const uint64_t index = i / (2 * run) * run + i % run;
        trace.push_back({(write ? writes_at : 0) + 16 * index, write});
    }
    return trace;
}

/// One row, read and write by turns of `run`.
Trace in_one_row(size_t run) {
    Trace trace;
    for (size_t i = 0; i < length; ++i) trace.push_back({16 * i, i / run % 2 != 0});
    return trace;
}

enum class Kind { read, write, turns };

/// Every `bursts` accesses the next bank, with a new row.
Trace rotation(size_t bursts, Kind kind) {
    Trace trace;
    for (size_t i = 0; i < length; ++i) {
        const bool write = kind == Kind::write || (kind == Kind::turns && i % 2);
        trace.push_back({i / bursts * row + i % bursts * 16, write});
    }
    return trace;
}

/// Sixteen in a row, then a pause.
Trace with_gaps(Clock pause, Kind kind) {
    Trace trace;
    for (size_t i = 0; i < length; ++i) {
        const auto burst = static_cast<Clock>(i / 16), within = static_cast<Clock>(i % 16);
        const bool write = kind == Kind::write || (kind == Kind::turns && burst % 2);
        trace.push_back({16 * i, write, burst * (16 + pause) + within});
    }
    return trace;
}

Trace conflicts(Kind kind) {
    Trace trace;
    for (size_t i = 0; i < length; ++i)
        trace.push_back({8 * row * i, kind == Kind::write || (kind == Kind::turns && i % 2)});
    return trace;
}

struct Reference {
    const char* name;
    Trace requests;
    double clocks;
};

std::vector<Reference> references() {
    return {{"in turns, one row", in_one_row(1), 9326},
            {"in turns, two banks", in_turns(1, other_bank), 9235},
            {"in turns, two rows of a bank", in_turns(1, mib), 11694},
            {"pairs, one row", in_one_row(2), 9326},
            {"pairs, two banks", in_turns(2, other_bank), 9235},
            {"eights, two banks", in_turns(8, other_bank), 9229},
            {"thirty-twos, two banks", in_turns(32, other_bank), 8839},
            {"thirty-twos, two rows of a bank", in_turns(32, mib), 10082},
            {"rotation, reads", rotation(1, Kind::read), 16499},
            {"rotation, writes", rotation(1, Kind::write), 16496},
            {"rotation, in turns", rotation(1, Kind::turns), 16564},
            {"rotation of two, reads", rotation(2, Kind::read), 8272},
            {"rotation of two, writes", rotation(2, Kind::write), 8277},
            {"rotation of four, writes", rotation(4, Kind::write), 8317},
            {"gaps of 300, reads", with_gaps(300, Kind::read), 39260},
            {"gaps of 300, in turns", with_gaps(300, Kind::turns), 39260},
            {"gaps of 1000, writes", with_gaps(1000, Kind::write), 126057},
            {"conflicts, writes", conflicts(Kind::write), 95097},
            {"conflicts, in turns", conflicts(Kind::turns), 87889}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wider_traces)

BOOST_AUTO_TEST_CASE(clocks_are_within_three_per_cent) {
    const Device device = Device::find("ddr3-1600-4gb-x16");
    for (const Reference& r : references()) {
        Replay replay(device, AddressMapping(device, "row-bank-column"), {});
        CommandChecker checker(CheckedDevice::find(device.name));
        replay.on_command([&](const CommandRecord& c) { checker.add(c); });
        for (const TraceRequest& request : r.requests) replay.offer(request);
        replay.finish();
        const auto clocks = static_cast<double>(replay.statistics().last_data_clock);
        BOOST_TEST_MESSAGE(r.name << ": " << clocks << " clocks, reference " << r.clocks);
        BOOST_TEST_CONTEXT(r.name) {
            BOOST_TEST(clocks == r.clocks, boost::test_tools::tolerance(0.03));
            BOOST_TEST(checker.violations() == "");
            BOOST_TEST(replay.statistics().violation() == "");
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
