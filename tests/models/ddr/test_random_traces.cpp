// Random traffic, policies and devices: no illegal command, nothing lost. And the other way round:
// a controller with one constraint one clock too short is caught.
#include <random>

#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/command_checker.h"
#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

namespace {

uint32_t between(std::mt19937& random, uint32_t least, uint32_t most) {
    return least + random() % (most - least + 1);
}

/// Legal by the rules of the device reader.
Device random_device(std::mt19937& random) {
    Device d = Device::find("ddr3-1600-4gb-x16");
    d.name = "random";
    d.banks = 2u << random() % 4;
    d.rows = 256;
    d.burst_length = 4u << random() % 2;
    d.cl = between(random, 3, 16);
    d.cwl = between(random, 2, d.cl);
    d.t_rcd = between(random, 2, 16);
    d.t_rp = between(random, 2, 16);
    d.t_ras = d.t_rcd + between(random, 0, 30);
    d.t_rc = d.t_ras + d.t_rp + between(random, 0, 5);
    d.t_rrd = between(random, 1, 10);
    d.t_faw = 4 * d.t_rrd + between(random, 0, 20);
    d.t_wr = between(random, 1, 16);
    d.t_wtr = between(random, 1, 10);
    d.t_rtp = between(random, 1, 10);
    d.t_ccd = d.burst_clocks() + between(random, 0, 2);
    d.t_rfc = d.t_rp + between(random, 10, 300);
    d.t_refi = d.t_rfc + d.t_rc + between(random, 300, 6000);
    return d;
}

Policy random_policy(std::mt19937& random) {
    Policy p;
    p.page = random() % 2 ? PagePolicy::open : PagePolicy::closed;
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
        accesses.push_back({address,
                            size,
                            random() % 10 < write_share,
                            clock,
                            static_cast<uint32_t>(random() % ports),
                            {},
                            random() % 8 == 0});
        address = (address + size) % span;
        if (pause && random() % 8 == 0) clock += random() % pause;
    }
    return accesses;
}

/// One trace with everything chosen by the seed.
Setup random_setup(std::mt19937& random, bool default_device) {
    Setup setup;
    if (!default_device) setup.device = random_device(random);
    setup.policy = random_policy(random);
    setup.mapping = random() % 3 ? "row-bank-column" : "row-column-bank";
    return setup;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_traces)

BOOST_AUTO_TEST_CASE(every_command_is_legal) {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(seed);
        const Setup setup = random_setup(random, seed % 2 == 0);
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
        Setup setup = random_setup(random, seed % 2 == 0);
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

BOOST_AUTO_TEST_CASE(a_constraint_one_clock_short_is_caught) {
    using enum Command;
    // A refresh finds all banks closed, and the next one is not due before this one is over.
    const auto never_binds = [](const Constraint& c) {
        return c.preceding == ref && (c.following == ref || c.following == prea);
    };
    const size_t rules = constraints_of(Device::find("ddr3-1600-4gb-x16")).size();
    for (size_t rule = 0; rule < rules; ++rule) {
        bool caught = false;
        Constraint shortened{};
        for (unsigned seed = 1; seed <= 400 && !caught; ++seed) {
            std::mt19937 random(seed);
            Setup setup = random_setup(random, seed % 4 == 0);
            setup.table = constraints_of(setup.device);
            shortened = (*setup.table)[rule];
            --(*setup.table)[rule].latency;
            Player player(setup);
            player.play(random_trace(random, 300));
            CommandChecker checker(setup.device);
            checker.add(player.commands);
            caught = checker.violation_count() > 0;
        }
        std::ostringstream what;
        what << name_of(shortened.preceding) << " -> " << name_of(shortened.following) << ", scope "
             << int(shortened.scope) << ", count " << shortened.count;
        BOOST_TEST(caught != never_binds(shortened), what.str());
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
