// Random traffic, policies and devices: no illegal command, nothing lost. And the other way round:
// a controller with one constraint one clock too short is caught.
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr_checker/command_checker.h"
#include "tests/models/ddr/device_text.h"
#include "tests/models/ddr/player.h"
#include "tests/models/ddr/random_device.h"

namespace karhunen::ddr {

namespace {

Policy random_policy(std::mt19937& random) {
    Policy p;
    constexpr PagePolicy pages[] = {PagePolicy::open, PagePolicy::closed, PagePolicy::adaptive};
    p.page = pages[random() % 3];
    p.scheduler = random() % 4 ? Scheduler::fr_fcfs : Scheduler::fifo;
    p.arbitration = random() % 3 ? Arbitration::round_robin : Arbitration::priority;
    p.postponed_refreshes = random() % 2 ? 0 : between(random, 1, 8);
    p.in_order = random() % 4 != 0;
    p.read_entries = between(random, 1, 32);
    p.write_entries = between(random, 1, 32);
    p.grain_bursts = between(random, 1, 40);
    p.high_entries = between(random, 1, 32);
    p.low_entries = random() % p.high_entries;
    p.high_bursts = between(random, 1, 100);
    p.low_bursts = random() % p.high_bursts;
    p.starvation_bursts = between(random, 0, 300);
    return p;
}

std::vector<Access> random_trace(std::mt19937& random, size_t length) {
    std::vector<Access> accesses;
    const uint64_t span = 1u << between(random, 8, 20);
    const uint32_t bytes = 1u << between(random, 0, 12), ports = between(random, 1, 6);
    const uint32_t write_share = between(random, 0, 10), jump_share = between(random, 0, 10);
    const uint32_t pause = random() % 4 ? 0 : between(random, 1, 400);
    uint64_t address = 0;
    Clock clock = 0;
    for (size_t i = 0; i < length; ++i) {
        if (random() % 10 < jump_share) address = random() % span;
        const uint64_t size = 1 + random() % bytes;
        if (address + size > 1 << 20) address = 0;  // the smallest device
        accesses.push_back({address,
                            size,
                            random() % 10 < write_share,
                            clock,
                            static_cast<uint32_t>(random() % ports),
                            {},
                            random() % 8 == 0,
                            static_cast<uint32_t>(random() % Arbiter::priorities)});
        address = (address + size) % span;
        if (pause && random() % 8 == 0) clock += random() % pause;
    }
    return accesses;
}

/// One trace with everything chosen by the seed.
Setup random_setup(std::mt19937& random, uint32_t bank_groups, bool file) {
    Setup setup;
    if (!file)
        setup.device = random_device(random, bank_groups);
    else if (bank_groups > 1)
        setup.device = Device::find("ddr4-2400-8gb-x16");
    setup.policy = random_policy(random);
    setup.mapping = random() % 3 ? "row-bank-column" : "row-column-bank";
    if (bank_groups > 1 && random() % 2) setup.mapping = "row-bank-column-group";
    return setup;
}

Setup random_setup(std::mt19937& random, unsigned seed) {
    return random_setup(random, seed % 3 ? 1 : 2 << seed % 2, seed % 4 == 0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_traces)

BOOST_AUTO_TEST_CASE(every_command_is_legal) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        const Setup setup = random_setup(random, seed);
        Player player(setup);
        player.play(random_trace(random, 400));
        BOOST_TEST(player.check() == "", "seed " << seed << ": " << player.check());
    }
}

BOOST_AUTO_TEST_CASE(two_runs_are_the_same) {
    std::vector<CommandRecord> first;
    for (int run = 0; run < 2; ++run) {
        std::mt19937 random(5);
        Player player;
        player.play(random_trace(random, 2000));
        if (run == 0) first = player.commands;
        BOOST_REQUIRE(player.commands.size() == first.size());
        for (size_t i = 0; i < first.size(); ++i)
            BOOST_REQUIRE((first[i].clock == player.commands[i].clock &&
                           first[i].command == player.commands[i].command));
    }
}

/// Unwatched, the controller is woken less often: nobody may notice.
BOOST_AUTO_TEST_CASE(watching_changes_nothing) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        Setup setup = random_setup(random, seed);
        const std::vector<Access> accesses = random_trace(random, 400);
        Player watched(setup);
        watched.play(accesses);
        setup.watched = false;
        Player alone(setup);
        alone.play(accesses);
        BOOST_TEST(alone.calls_out_of_time == 0, "seed " << seed);
        BOOST_TEST(alone.submitted == watched.submitted, "seed " << seed);
        BOOST_TEST(alone.completed_at == watched.completed_at, "seed " << seed);
        BOOST_TEST(alone.read == watched.read, "seed " << seed);
        BOOST_TEST(alone.order_of_completion == watched.order_of_completion, "seed " << seed);
    }
}

// What only binds where refreshes are postponed, or PREA is not followed by one, is left to
// test_random_commands.cpp.
BOOST_AUTO_TEST_CASE(a_constraint_one_clock_short_is_caught) {
    using enum Command;
    for (const uint32_t groups : {1u, 2u}) {
        const auto rules = rules_of(groups);
        for (size_t rule = 0; rule < rules.size(); ++rule) {
            const auto [scope, first, then, latency, count] = rules[rule];
            if ((first == ref && then != act) || (first == prea && then == act)) continue;
            bool caught = false;
            for (unsigned seed = 1; seed <= 400 && !caught; ++seed) {
                std::mt19937 random(seed);
                Setup setup = random_setup(random, groups, seed % 4 == 0);
                setup.table = constraints_of(setup.device);
                --(*setup.table)[rule].latency;
                Player player(setup);
                player.play(random_trace(random, 300));
                CommandChecker checker(CheckedDevice::parse(text_of(setup.device)));
                checker.add(player.commands);
                caught = checker.violation_count() > 0;
            }
            BOOST_TEST(caught, groups << " bank groups: " << rules[rule]);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
