#include "models/ddr/replay.h"

#include <algorithm>
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr/energy.h"
#include "models/ddr_checker/command_checker.h"

namespace karhunen::ddr {

namespace {

const Device& device() {
    static const Device d = Device::find("ddr3-1600-4gb-x16");
    return d;
}

struct Run {
    explicit Run(const std::vector<TraceRequest>& trace, bool watched = true,
                 const Policy& policy = {})
        : replay(device(), AddressMapping(device(), "row-bank-column"), policy) {
        if (watched)
            replay.on_command([this](const CommandRecord& c) {
                checker.add(c);
                ++commands;
            });
        for (const TraceRequest& r : trace) replay.offer(r);
        replay.finish();
        statistics = replay.statistics();
        BOOST_TEST(checker.violations() == "");
        BOOST_TEST(statistics.violation() == "");
        BOOST_TEST(statistics.total().requests == trace.size());
        BOOST_TEST(statistics.clocks == statistics.last_data_clock);
    }
    Replay replay;
    CommandChecker checker{CheckedDevice::find("ddr3-1600-4gb-x16")};
    uint64_t commands = 0;
    Statistics statistics;
};

std::vector<TraceRequest> stride(size_t count, uint64_t step, bool write, Clock every = 0) {
    std::vector<TraceRequest> trace;
    for (size_t i = 0; i < count; ++i)
        trace.push_back({i * step, write, static_cast<Clock>(i) * every});
    return trace;
}

std::vector<TraceRequest> mixed(size_t count, unsigned seed, unsigned pause) {
    std::mt19937 random(seed);
    std::vector<TraceRequest> trace;
    Clock cycle = 0;
    for (size_t i = 0; i < count; ++i, cycle += random() % pause)
        trace.push_back({random() % (device().bytes() - 15), random() % 3 == 0, cycle});
    return trace;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(replay)

// The middle of three simulators, see test_reference_traces.cpp.
BOOST_AUTO_TEST_CASE(reference_traces_are_within_half_a_percent) {
    const struct {
        std::vector<TraceRequest> trace;
        double clocks;
    } references[] = {{stride(2000, 16, false), 8255},
                      {stride(2000, 16, true), 8251},
                      {stride(2000, 16384, false), 80483},
                      {stride(200, 16384, false, 200), 39838}};
    for (const auto& r : references) {
        const Run run(r.trace);
        BOOST_TEST(static_cast<double>(run.statistics.last_data_clock) == r.clocks,
                   boost::test_tools::tolerance(0.005));
    }
    const double energy =
        EnergyModel(device(), 800).total(Run(references[0].trace).statistics).total();
    BOOST_TEST(energy == 3.65e6, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(latency_of_an_idle_memory) {
    const Run run({{0, false, 0}, {8 * 2048, false, 1000}, {8 * 2048 + 16, false, 2000}});
    BOOST_TEST(run.replay.latencies().least() == 16);          // row open: 1 + CL + BL/2
    BOOST_TEST(run.replay.latencies().percentile(0.5) == 27);  // row closed
    BOOST_TEST(run.replay.latencies().most() == 38);           // another row open
    BOOST_TEST(run.statistics.last_data_clock == 2016);
}

// Reads of one row: the first beat burst ends at 27, one burst every 4 clocks. Offers at 0, 1, 2.
BOOST_AUTO_TEST_CASE(one_offer_per_clock) {
    const Run run(stride(3, 16, false));
    BOOST_TEST(run.statistics.last_data_clock == 35);
    BOOST_TEST(run.replay.latencies().least() == 27);
    BOOST_TEST(run.replay.latencies().percentile(0.5) == 31 - 1);
    BOOST_TEST(run.replay.latencies().most() == 35 - 2);
}

// Of a full queue of n entries a request leaves every 4 clocks: who enters as the last one waits
// for n bursts, and for the read latency.
BOOST_AUTO_TEST_CASE(who_finds_the_queue_full_is_offered_later) {
    for (const uint32_t entries : {1u, 8u, 32u}) {
        Policy policy;
        policy.read_entries = entries;
        policy.refresh = false;
        const Run run(stride(128, 16, false), true, policy);  // within one row
        const Clock wait = std::max<Clock>(4 * entries, 1) + device().cl + 4;
        BOOST_TEST(run.replay.latencies().percentile(0.99) <= wait + 27);
        BOOST_TEST(run.replay.latencies().percentile(0.9) >= 4 * (Clock{entries} - 1) + 11 + 4);
    }
}

BOOST_AUTO_TEST_CASE(a_request_that_crosses_bursts_is_one_request) {
    const Run two_bursts({{8, false, 0}});
    BOOST_TEST(two_bursts.statistics.count(Command::rd) == 2u);
    BOOST_TEST(two_bursts.statistics.last_data_clock == 31);
    BOOST_TEST(two_bursts.replay.latencies().most() == 31);
    const Run two_rows({{2048 - 8, false, 0}});  // row-bank-column: the next bank
    BOOST_TEST(two_rows.statistics.count(Command::act) == 2u);
    BOOST_TEST(two_rows.replay.latencies().most() == 27 + device().t_rrd_s);
    BOOST_TEST(two_rows.statistics.total().bytes_read == 16u);
}

BOOST_AUTO_TEST_CASE(watching_changes_nothing) {
    for (const unsigned pause : {1u, 20u, 200u}) {
        const auto trace = mixed(5000, pause, pause);
        const Run watched(trace), alone(trace, false);
        BOOST_TEST(watched.commands > 5000u);
        BOOST_TEST((watched.statistics.commands == alone.statistics.commands));
        BOOST_TEST(watched.statistics.last_data_clock == alone.statistics.last_data_clock);
        BOOST_TEST(watched.statistics.active_clocks == alone.statistics.active_clocks);
        for (const double share : {0.01, 0.5, 0.9, 0.999})
            BOOST_TEST(watched.replay.latencies().percentile(share) ==
                       alone.replay.latencies().percentile(share));
        BOOST_TEST(watched.replay.latencies().mean() == alone.replay.latencies().mean());
    }
}

BOOST_AUTO_TEST_CASE(as_many_requests_in_flight_for_short_and_long_traces) {
    const Run few(mixed(10'000, 1, 1), false), many(mixed(200'000, 1, 1), false);
    BOOST_TEST(few.replay.most_in_flight() > 64u);
    BOOST_TEST(many.replay.most_in_flight() < few.replay.most_in_flight() + 256);
}

BOOST_AUTO_TEST_CASE(percentiles_are_those_of_a_sorted_list) {
    std::mt19937 random(3);
    for (const double longest : {10.0, 1e3, 65535.0, 3e6}) {
        Latencies latencies;
        std::vector<Clock> sorted;
        double sum = 0;
        for (int i = 0; i < 999; ++i) {
            const double u = std::uniform_real_distribution<>(0, 1)(random);
            sorted.push_back(static_cast<Clock>(u * u * longest));
            latencies.add(sorted.back());
            sum += static_cast<double>(sorted.back());
        }
        std::sort(sorted.begin(), sorted.end());
        BOOST_TEST(latencies.least() == sorted.front());
        BOOST_TEST(latencies.most() == sorted.back());
        BOOST_TEST(latencies.mean() == sum / 999, boost::test_tools::tolerance(1e-12));
        for (const int rank : {1, 10, 500, 900, 990, 999}) {
            const Clock found = latencies.percentile((rank - 0.5) / 999);
            const Clock wanted = sorted[static_cast<size_t>(rank) - 1];
            if (wanted < 65536)
                BOOST_TEST(found == wanted);
            else
                BOOST_TEST((found >= wanted && found <= wanted + wanted / 8));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
