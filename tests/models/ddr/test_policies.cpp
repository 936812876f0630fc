// What each policy changes: rows, order, priority, refresh, answers, loosely timed accesses.
#include <array>

#include <boost/test/unit_test.hpp>

#include "models/ddr_checker/command_checker.h"
#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

namespace {

std::vector<Clock> refreshes(const Player& player) {
    std::vector<Clock> clocks;
    for (const CommandRecord& c : player.commands)
        if (c.command == Command::ref) clocks.push_back(c.clock);
    return clocks;
}

constexpr uint64_t row_stride = 16384;  ///< the next row of the same bank

}  // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(adaptive_pages_close_for_a_conflict_that_waits) {
    Setup setup;
    setup.policy.page = PagePolicy::adaptive;
    // A conflict waits while the first row is served: the row closes itself.
    Player conflict(setup);
    conflict.play({{0, 16}, {row_stride, 16}});
    BOOST_TEST(conflict.check() == "", conflict.check());
    BOOST_TEST(conflict.statistics().count(Command::rda) == 1u);
    BOOST_TEST(conflict.statistics().count(Command::pre) == 0u);
    // Nothing waits: it stays open, and a hit that comes later is one.
    Player hit(setup);
    hit.play({{0, 16}, {16, 16, false, 1000}});
    BOOST_TEST(hit.statistics().count(Command::rda) == 0u);
    BOOST_TEST(hit.completed_at[1] - 1000 == 16);
    // A hit and a conflict wait: the hit is served first, then the row closes.
    Player both(setup);
    both.play({{0, 16}, {row_stride, 16}, {16, 16}});
    BOOST_TEST(both.statistics().total().hits == 1u);
    BOOST_TEST(both.statistics().count(Command::rda) == 1u);
    BOOST_TEST(both.completed_at[2] < both.completed_at[1] + 1);
}

BOOST_AUTO_TEST_CASE(fifo_keeps_the_order_of_arrival) {
    std::vector<Access> accesses;  // two rows of one bank in turns, reads and writes
    for (uint64_t i = 0; i < 40; ++i)
        accesses.push_back({i % 2 * row_stride + i / 2 * 16, 16, i % 3 == 0});
    Setup setup;
    setup.policy.scheduler = Scheduler::fifo;
    setup.policy.refresh = false;
    Player fifo(setup);
    fifo.play(accesses);
    BOOST_TEST(fifo.check() == "", fifo.check());
    std::vector<uint64_t> columns;
    for (const CommandRecord& c : fifo.commands)
        if (is_column(c.command)) columns.push_back(c.row * 1024ull + c.column);
    BOOST_REQUIRE(columns.size() == accesses.size());
    for (size_t i = 0; i < accesses.size(); ++i)
        BOOST_TEST(columns[i] == (i % 2 * 1024) + i / 2 * 8, i);
    setup.policy.scheduler = Scheduler::fr_fcfs;
    Player first_ready(setup);
    first_ready.play(accesses);
    BOOST_TEST(3 * first_ready.statistics().last_data_clock < fifo.statistics().last_data_clock);
}

BOOST_AUTO_TEST_CASE(fifo_prepares_the_next_banks) {
    Setup setup;
    setup.policy.scheduler = Scheduler::fifo;
    std::vector<Access> rotation;
    for (uint64_t i = 0; i < 400; ++i) rotation.push_back({i * 2048, 16});
    Player player(setup);
    player.play(rotation);
    BOOST_TEST(player.check() == "", player.check());
    // Four activates in tFAW, and two refreshes.
    BOOST_TEST(player.statistics().last_data_clock < 400 / 4 * 32 + 2 * 250);
}

BOOST_AUTO_TEST_CASE(priority_goes_first) {
    std::vector<Access> accesses;
    for (int i = 0; i < 300; ++i)
        for (uint32_t port = 0; port < 3; ++port)
            accesses.push_back({port << 20 | static_cast<uint32_t>(i * 512), 512, false, 0, port});
    for (Access& a : accesses) a.priority = a.port == 2 ? 0 : 1;
    Setup setup;
    setup.policy.arbitration = Arbitration::priority;
    Player player(setup);
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    std::array<int, 3> done{};
    for (size_t n = 0; n < 330; ++n) ++done[accesses[player.order_of_completion[n]].port];
    BOOST_TEST(done[2] >= 295);  // but for what was in the queues first
}

BOOST_AUTO_TEST_CASE(refreshes_are_postponed_while_requests_wait) {
    const Clock interval = Device::find("ddr3-1600-4gb-x16").t_refi;
    for (const uint32_t postponed : {0u, 1u, 8u}) {
        Setup setup;
        setup.policy.postponed_refreshes = postponed;
        Player player(setup);
        // Twenty intervals of work, then a pause, then one read.
        player.play({{0, 500'000}, {0, 16, false, 30 * interval}});
        BOOST_TEST(player.check() == "", player.check());
        const std::vector<Clock> clocks = refreshes(player);
        BOOST_REQUIRE(clocks.size() >= 29u);
        // Postponed ones come a row cycle early, so that never more than nine intervals pass.
        const Clock first = (postponed + 1) * interval;
        BOOST_TEST(clocks[0] >= first - (postponed ? 100 : 0));
        BOOST_TEST(clocks[0] <= first + (postponed ? 0 : 60));
        BOOST_TEST(clocks[1] - clocks[0] <= interval + 60);
        // After the pause none is owed.
        BOOST_TEST(clocks[28] >= 29 * interval);
        BOOST_TEST(clocks[28] <= 29 * interval + 10);
    }
    Setup wrong;
    wrong.policy.postponed_refreshes = 9;
    BOOST_CHECK_THROW(Player{wrong}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(postponed_refreshes_are_made_up_for_at_once) {
    const Device device = Device::find("ddr3-1600-4gb-x16");
    Setup setup;
    setup.policy.postponed_refreshes = 4;
    Player player(setup);
    player.play({{0, 64'000}, {0, 16, false, 60'000}});  // 16'000 clocks: two are put off
    const std::vector<Clock> clocks = refreshes(player);
    BOOST_REQUIRE(clocks.size() >= 3u);
    BOOST_TEST(clocks[0] > 16'000);
    BOOST_TEST(clocks[1] - clocks[0] == Clock(device.t_rfc));
    BOOST_TEST(clocks[2] >= 3 * Clock(device.t_refi));
}

BOOST_AUTO_TEST_CASE(answers_out_of_order) {
    // The second must wait until its bank has closed another row, the third need not.
    const std::vector<Access> accesses = {{0, 16, false, 0, 0, {}, false},
                                          {row_stride, 16, false, 0, 1},
                                          {4 * 2048, 16, false, 0, 1}};
    for (const bool in_order : {true, false}) {
        Setup setup;
        setup.policy.in_order = in_order;
        Player player(setup);
        player.play(accesses);
        BOOST_TEST(player.check() == "", player.check());
        BOOST_TEST((player.completed_at[2] < player.completed_at[1]) == !in_order,
                   player.completed_at[1] << " and " << player.completed_at[2]);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(loosely_timed)

namespace {

struct Loose : Client {
    Device device = Device::find("ddr3-1600-4gb-x16");
    Controller core{device, AddressMapping(device, "row-bank-column"), Policy{}, *this};
    std::vector<CommandRecord> commands;
    uint64_t moved = 0, answered = 0;

    Loose() {
        core.on_command([this](const CommandRecord& c) { commands.push_back(c); });
    }
    /// What an access takes.
    Clock access(uint64_t address, uint64_t bytes, bool write, Clock clock) {
        Request r;
        r.address = address;
        r.bytes = bytes;
        r.write = write;
        BOOST_TEST(!core.is_tied(r));
        return core.access(r, clock) - clock;
    }
    void accepted(Request&, Clock) override {}
    void transferred(Request&, uint64_t, uint64_t bytes, Clock) override { moved += bytes; }
    void completed(Request&, Clock) override { ++answered; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(latency_follows_the_banks) {
    Loose ddr;
    BOOST_TEST(ddr.access(0, 16, false, 0) == 27);              // row closed
    BOOST_TEST(ddr.access(16, 16, false, 1000) == 16);          // open
    BOOST_TEST(ddr.access(row_stride, 16, false, 2000) == 38);  // another row
    BOOST_TEST(ddr.access(row_stride, 16, true, 3000) == 1 + 8 + 4);
    BOOST_TEST(ddr.access(row_stride, 16, false, 3013) == 6 + 11 + 4);  // tWTR after the data
    BOOST_TEST(ddr.moved == 80u);
    const Statistics s = ddr.core.statistics();
    BOOST_TEST(s.violation() == "");
    BOOST_TEST(s.total().hits == 3u);
    BOOST_TEST(s.total().requests == 5u);
}

BOOST_AUTO_TEST_CASE(it_may_run_ahead_of_time) {
    Loose ddr;
    // The core is never advanced: a decoupled master. Refreshes come on the way.
    Clock clock = 0;
    for (int i = 0; i < 3000; ++i) clock += ddr.access(i * 64 % 65536, 64, i % 4 == 0, clock);
    const Clock interval = ddr.device.t_refi;
    const Statistics s = ddr.core.statistics();
    BOOST_TEST(s.count(Command::ref) == static_cast<uint64_t>(clock / interval));
    CommandChecker checker(CheckedDevice::find(ddr.device.name));
    checker.add(ddr.commands);
    BOOST_TEST(checker.violations() == "");
    // An approximately timed request that comes now is served after what is committed.
    Request r;
    r.address = 1 << 20;
    r.bytes = 16;
    r.port = 1;
    ddr.core.submit(r, 5);
    while (ddr.core.next() != never) ddr.core.advance(ddr.core.next());
    BOOST_TEST(ddr.answered == 1u);
    BOOST_TEST(ddr.commands.back().clock > clock - 20);
    BOOST_TEST(ddr.core.statistics().violation() == "");
}

BOOST_AUTO_TEST_CASE(it_waits_for_the_same_bytes_and_port) {
    Loose ddr;
    Request pending;
    pending.address = 100;
    pending.bytes = 50;
    pending.write = true;
    pending.port = 1;
    ddr.core.submit(pending, 0);
    const auto tied = [&](uint64_t address, uint64_t bytes, bool write, uint32_t port) {
        Request r;
        r.address = address;
        r.bytes = bytes;
        r.write = write;
        r.port = port;
        return ddr.core.is_tied(r);
    };
    BOOST_TEST(tied(149, 1, false, 2));
    BOOST_TEST(tied(0, 101, true, 2));
    BOOST_TEST(tied(96, 1, true, 2));  // the same burst
    BOOST_TEST(!tied(0, 96, true, 2));
    BOOST_TEST(!tied(160, 16, false, 2));
    BOOST_TEST(tied(4096, 16, false, 1));  // order within a port
    ddr.core.advance(1000);
    BOOST_TEST(!tied(149, 1, false, 2));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
