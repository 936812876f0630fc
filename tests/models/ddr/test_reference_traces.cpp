// The four traces that three independent simulators were run on: clock of the last data beat.
#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/player.h"

namespace karhunen::ddr {

namespace {

std::vector<Access> trace(size_t count, uint64_t stride, bool write, Clock every = 0) {
    std::vector<Access> accesses;
    for (size_t i = 0; i < count; ++i)
        accesses.push_back({i * stride, 16, write, static_cast<Clock>(i) * every});
    return accesses;
}

struct Reference {
    const char* name;
    std::vector<Access> accesses;
    double clocks;  ///< the middle of DRAMsim3, DRAMSys 5.1 and Ramulator 2.1
};

std::vector<Reference> references() {
    return {{"seq_rd", trace(2000, 16, false), 8255},
            {"seq_wr", trace(2000, 16, true), 8251},
            {"conflict", trace(2000, 16384, false), 80483},
            {"sparse", trace(200, 16384, false, 200), 39838}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_traces)

BOOST_AUTO_TEST_CASE(clocks_are_within_half_a_percent) {
    for (const Reference& r : references()) {
        Player player;
        player.play(r.accesses);
        const auto clocks = static_cast<double>(player.statistics().last_data_clock);
        BOOST_TEST_MESSAGE(r.name << ": " << clocks << " clocks, reference " << r.clocks);
        BOOST_TEST(clocks == r.clocks, boost::test_tools::tolerance(0.005));
        BOOST_TEST(player.check() == "", r.name << '\n' << player.check());
    }
}

BOOST_AUTO_TEST_CASE(one_large_request_takes_as_long_as_many_small_ones) {
    for (const bool write : {false, true}) {
        Player many, one;
        many.play(trace(2000, 16, write));
        one.play({{0, 32000, write}});
        const auto difference =
            many.statistics().last_data_clock - one.statistics().last_data_clock;
        BOOST_TEST(std::abs(difference) <= 8, write << ": " << difference);
        BOOST_TEST(one.check() == "");
    }
}

BOOST_AUTO_TEST_CASE(energy_of_the_sequential_read) {
    Player player;
    player.play(references()[0].accesses);
    const Statistics s = player.statistics();
    const Energy e = EnergyModel(Device::find("ddr3-1600-4gb-x16"), 800).total(s);
    BOOST_TEST_MESSAGE("seq_rd: " << e.total() << " pJ");
    BOOST_TEST(e.total() == 3.65e6, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(latency_of_an_idle_memory) {
    Player player;
    player.play({{0, 16, false, 0}, {8 * 2048, 16, false, 1000}, {8 * 2048 + 16, 16, false, 2000}});
    BOOST_TEST(player.completed_at[0] == 27);         // row closed
    BOOST_TEST(player.completed_at[1] - 1000 == 38);  // another row open
    BOOST_TEST(player.completed_at[2] - 2000 == 16);  // row open: 1 + CL + BL/2
    const Account a = player.statistics().total();
    BOOST_TEST(a.misses == 1u);
    BOOST_TEST(a.conflicts == 1u);
    BOOST_TEST(a.hits == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
