// Bytes: whatever the order of commands, a port sees its own program order.
#include <map>
#include <random>

#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

namespace {

/// Reads in plain program order.
std::vector<std::vector<uint8_t>> in_program_order(const std::vector<Access>& accesses) {
    std::vector<uint8_t> memory(16 << 20);
    std::vector<std::vector<uint8_t>> read(accesses.size());
    for (size_t i = 0; i < accesses.size(); ++i) {
        uint8_t* const at = memory.data() + accesses[i].address;
        if (accesses[i].write)
            for (uint64_t b = 0; b < accesses[i].bytes; ++b) at[b] = Player::written_byte(i, b);
        else
            read[i].assign(at, at + accesses[i].bytes);
    }
    return read;
}

void compare(const std::vector<Access>& accesses, const Setup& setup, const std::string& what) {
    Player player(setup);
    player.play(accesses);
    BOOST_TEST(player.check() == "", what << '\n' << player.check());
    const auto expected = in_program_order(accesses);
    for (size_t i = 0; i < accesses.size(); ++i)
        if (!accesses[i].write && player.read[i] != expected[i]) {
            BOOST_ERROR(what << ": access " << i << " read something else");
            return;
        }
    std::map<uint32_t, size_t> last;  // of each port
    for (const size_t i : player.order_of_completion) {
        const auto [entry, first] = last.emplace(accesses[i].port, i);
        if (!first && entry->second > i) BOOST_ERROR(what << ": answers out of order");
        entry->second = i;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_order)

BOOST_AUTO_TEST_CASE(one_port_reads_and_writes_the_same_rows) {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random(seed);
        const uint64_t span = 64u << random() % 12;  // from four bursts to many rows
        const unsigned write_share = 1 + random() % 9;
        const Clock gap = random() % 40;
        std::vector<Access> accesses;
        for (int i = 0; i < 600; ++i)
            accesses.push_back({random() % span,
                                1 + random() % (random() % 8 ? 64 : 5000),
                                random() % 10 < write_share,
                                i * gap,
                                0,
                                {},
                                random() % 8 == 0});
        Setup setup;
        setup.policy.page = seed % 3 ? PagePolicy::open : PagePolicy::closed;
        setup.mapping = seed % 4 ? "row-bank-column" : "row-column-bank";
        setup.policy.grain_bursts = 1 + random() % 16;
        compare(accesses, setup, "seed " + std::to_string(seed));
    }
}

// Ports own interleaved stretches of the same rows.
BOOST_AUTO_TEST_CASE(many_ports_side_by_side) {
    for (unsigned seed = 100; seed < 120; ++seed) {
        std::mt19937 random(seed);
        std::vector<Access> accesses;
        for (int i = 0; i < 800; ++i) {
            const uint32_t port = random() % 5;
            accesses.push_back({(random() % 40 * 5 + port) * 48 + random() % 8, 1 + random() % 40,
                                random() % 2 == 0, static_cast<Clock>(i * (seed % 4)), port});
        }
        compare(accesses, {}, "seed " + std::to_string(seed));
    }
}

BOOST_AUTO_TEST_CASE(a_read_waits_for_the_write_before_it) {
    // The write alone would stay in the buffer while other reads come; its reader forces it out.
    std::vector<Access> accesses = {{0, 16, true}, {0, 16, false, 1}};
    for (uint64_t i = 0; i < 1000; ++i) accesses.push_back({1 << 20 | i * 16, 16, false, 2, 1});
    Player player;
    player.play(accesses);
    BOOST_TEST(player.read[1] == in_program_order(accesses)[1]);
    BOOST_TEST(player.completed_at[0] < player.completed_at[1]);
    BOOST_TEST(player.completed_at[1] < 200);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
