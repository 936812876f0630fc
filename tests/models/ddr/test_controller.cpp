// Policies of the controller's core: refresh, queues, drain, starvation, fairness.
#include <set>

#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

namespace {

uint64_t count(const std::vector<CommandRecord>& commands, Command c) {
    return std::count_if(commands.begin(), commands.end(),
                         [c](const CommandRecord& r) { return r.command == c; });
}

Clock clocks_of(const std::vector<Access>& accesses, const Policy& policy) {
    Setup setup;
    setup.policy = policy;
    Player player(setup);
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    return player.statistics().last_data_clock;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(controller)

BOOST_AUTO_TEST_CASE(refreshes_come_also_when_nobody_asks) {
    Player player;
    player.play({{0, 16, false, 103'000}});
    player.core().advance(1'000'000);
    BOOST_TEST(count(player.commands, Command::ref) == 1'000'000u / 6240);
    BOOST_TEST(player.check() == "", player.check());
    BOOST_TEST(player.completed_at[0] == 103'027);
    BOOST_TEST(player.core().next() == never);
}

BOOST_AUTO_TEST_CASE(refresh_costs_what_the_table_says) {
    Policy without;
    without.refresh = false;
    const std::vector<Access> accesses = {{0, 16 * 10'000}};
    // Between the reads around it: tRTP + tRP + tRFC + tRCD instead of tCCD.
    BOOST_TEST(clocks_of(accesses, {}) - clocks_of(accesses, without) ==
               6 * (6 + 11 + 208 + 11 - 4));
}

BOOST_AUTO_TEST_CASE(the_bus_is_saturated_and_never_more) {
    Policy without;
    without.refresh = false;
    BOOST_TEST(clocks_of({{0, 1 << 20}}, without) == 23 + 4 * (1 << 16));
    BOOST_TEST(clocks_of({{0, 1 << 20, true}}, without) == 20 + 4 * (1 << 16));
}

BOOST_AUTO_TEST_CASE(what_is_urgent_overtakes_what_is_long) {
    // Eight rows, one in each bank, before a short read of another row.
    const auto latency = [](bool urgent) {
        std::vector<Access> accesses;
        for (uint64_t row = 0; row < 8; ++row) accesses.push_back({row * 2048, 2048});
        accesses.push_back({1 << 20, 16, false, 100, 1, {}, urgent});
        Player player;
        player.play(accesses);
        BOOST_TEST(player.check() == "", player.check());
        return player.completed_at[8] - 100;
    };
    BOOST_TEST(latency(false) > 8 * 128 * 4 - 100);
    // Two grains, then precharge, activate and read the open bank.
    BOOST_TEST(latency(true) <= 2 * 64 * 4 + 38);
}

BOOST_AUTO_TEST_CASE(queues_are_bounded) {
    std::vector<Access> accesses;
    for (int i = 0; i < 500; ++i)
        accesses.push_back(
            {static_cast<uint64_t>(i) * 16384, 16, i % 2 == 0, 0, static_cast<uint32_t>(i % 2)});
    for (const uint32_t entries : {1u, 5u, 32u}) {
        Setup setup;
        setup.policy.read_entries = setup.policy.write_entries = entries;
        Player player(setup);
        player.play(accesses);
        BOOST_TEST(player.check() == "", player.check());
        BOOST_TEST(player.most_reads == entries);
        BOOST_TEST(player.most_writes == entries);
    }
    Setup wrong;
    wrong.policy.read_entries = 33;
    BOOST_CHECK_THROW(Player{wrong}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(writes_are_drained_together) {
    std::vector<Access> alternating;  // reads and writes in different banks
    for (uint64_t i = 0; i < 2000; ++i)
        alternating.push_back({i % 2 * 8192 + i / 2 * 16, 16, i % 2 == 0});
    Policy at_once;
    at_once.high_entries = at_once.high_bursts = 1;
    at_once.low_entries = at_once.low_bursts = 0;
    const Clock drained = clocks_of(alternating, {});
    const Clock one_by_one = clocks_of(alternating, at_once);
    BOOST_TEST(one_by_one > 2 * drained, one_by_one << " and " << drained);
    BOOST_TEST(drained < 8000 * 1.25, drained);
}

// A stream of row hits against one access to another row of the same bank, and against one write.
BOOST_AUTO_TEST_CASE(nobody_starves) {
    const auto latency = [](uint32_t cap, bool write) {
        std::vector<Access> accesses;
        for (int i = 0; i < 20'000; ++i)
            accesses.push_back({static_cast<uint64_t>(i % 128 * 16), 16, false, 0, 0});
        accesses.push_back({write ? 4096u : 16384u, 16, write, 1000, 1});
        Setup setup;
        setup.policy.starvation_bursts = cap;
        setup.policy.refresh = false;  // it closes rows and so would help
        Player player(setup);
        player.play(accesses);
        BOOST_TEST(player.check() == "", player.check());
        return player.completed_at.back() - 1000;
    };
    for (const bool write : {false, true}) {
        // Queue ahead of it, the cap, a grain, then its own row cycle and turn-around.
        for (const uint32_t cap : {16u, 256u})
            BOOST_TEST(latency(cap, write) <= 4 * (32 + Clock(cap) + 2 * 16) + 100,
                       cap << ": " << latency(cap, write));
        BOOST_TEST(latency(1'000'000, write) > 50'000);  // so the cap is what helped
    }
}

// Writes without end must not starve a read either.
BOOST_AUTO_TEST_CASE(a_read_gets_through_a_flood_of_writes) {
    std::vector<Access> accesses;
    for (int i = 0; i < 20'000; ++i)
        accesses.push_back({static_cast<uint64_t>(i % 4096 * 16), 16, true, 0, 0});
    accesses.push_back({1 << 20, 16, false, 1000, 1});
    Player player;
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    BOOST_TEST(player.completed_at.back() - 1000 <= 4 * (32 + 256 + 2 * 16) + 100);
}

BOOST_AUTO_TEST_CASE(ports_share_alike) {
    std::vector<Access> accesses;
    for (int i = 0; i < 400; ++i)
        for (uint32_t port = 0; port < 4; ++port)
            accesses.push_back({port << 20 | static_cast<uint32_t>(i * 512), 512, false, 0, port});
    Player player;
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    std::array<int, 4> done{};
    for (size_t n = 0; n < 800; ++n) ++done[accesses[player.order_of_completion[n]].port];
    for (const int d : done) BOOST_TEST(std::abs(d - 200) <= 40, d);
}

BOOST_AUTO_TEST_CASE(closed_pages) {
    Setup setup;
    setup.policy.page = PagePolicy::closed;
    Player player(setup);
    std::vector<Access> accesses;
    for (int i = 0; i < 400; ++i)
        accesses.push_back(
            {static_cast<uint64_t>(i * 7919 * 16 % (4 << 20)), 64, i % 3 == 0, i * 50});
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    BOOST_TEST(count(player.commands, Command::pre) == 0u);
    const uint64_t closing =
        count(player.commands, Command::rda) + count(player.commands, Command::wra);
    BOOST_TEST(closing + player.statistics().banks_precharged_for_refresh ==
               count(player.commands, Command::act));
    // Always 27 clocks, where an open row of the wrong kind costs 38.
    Player two(setup);
    two.play({{0, 16}, {16384, 16, false, 1000}, {0, 16, false, 2000}});
    for (size_t i = 0; i < 3; ++i) BOOST_TEST(two.completed_at[i] - Clock(i) * 1000 == 27);
}

// The grain only says how soon others may come in between.
BOOST_AUTO_TEST_CASE(grain_does_not_change_a_stream) {
    std::vector<std::vector<CommandRecord>> traces;
    for (const uint32_t grain : {1u, 3u, 16u, 1000u}) {
        Setup setup;
        setup.policy.grain_bursts = grain;
        Player player(setup);
        player.play({{48, 200'000}, {1 << 20, 100'000, true, 60'000}});
        BOOST_TEST(player.check() == "", player.check());
        traces.push_back(player.commands);
    }
    for (const auto& trace : traces) {
        BOOST_REQUIRE(trace.size() == traces[0].size());
        for (size_t i = 0; i < trace.size(); ++i) {
            const CommandRecord &a = trace[i], &b = traces[0][i];
            BOOST_REQUIRE((a.clock == b.clock && a.command == b.command && a.bank == b.bank &&
                           a.row == b.row && a.column == b.column));
        }
    }
}

BOOST_AUTO_TEST_CASE(unaligned_accesses_cost_whole_bursts) {
    Player player;
    player.play({{15, 2}, {100, 1, true}, {2047, 2}});
    const Account a = player.statistics().total();
    BOOST_TEST(a.read_bursts == 4u);
    BOOST_TEST(a.write_bursts == 1u);
    BOOST_TEST(a.bytes_read == 4u);
    BOOST_TEST(a.bytes_written == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
