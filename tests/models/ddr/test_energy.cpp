#include <random>

#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/player.h"

namespace tt = boost::test_tools;

namespace karhunen::ddr {

BOOST_AUTO_TEST_SUITE(energy)

BOOST_AUTO_TEST_CASE(of_each_command) {
    const EnergyModel m(Device::find("ddr3-1600-4gb-x16"), 800);
    BOOST_TEST(m.activate_pj() == 997.5);
    BOOST_TEST(m.precharge_pj() == 701.25);
    BOOST_TEST(m.read_pj() == 1410.0);
    BOOST_TEST(m.write_pj() == 930.0);
    BOOST_TEST(m.refresh_pj() == 73320.0);
    BOOST_TEST(m.active_mw() == 70.5);
    BOOST_TEST(m.standby_mw() == 48.0);
}

// Milliwatts per pin for half a clock, 20 pins for 16 bits read, 22 for 16 bits written.
BOOST_AUTO_TEST_CASE(input_and_output_apart) {
    const EnergyModel ddr3(Device::find("ddr3-1600-4gb-x16"), 800);
    BOOST_TEST(ddr3.has_io());
    BOOST_TEST(ddr3.io_pj(16'000, 0) == 4.6 * 20 * 0.625 * 1000, tt::tolerance(2e-4));
    BOOST_TEST(ddr3.io_pj(0, 16'000) == 21.2 * 22 * 0.625 * 1000, tt::tolerance(2e-4));
    const EnergyModel slow(Device::find("ddr3-1066-4gb-x16"), 533);
    BOOST_TEST(slow.io_pj(16'000, 16'000) == 1.5 * ddr3.io_pj(16'000, 16'000), tt::tolerance(2e-4));
    const EnergyModel ddr4(Device::find("ddr4-2400-8gb-x16"), 1200);
    BOOST_TEST(ddr4.io_pj(16'000, 0) == 11.73 * 20 * 0.4165 * 1000, tt::tolerance(2e-4));
    BOOST_TEST(ddr4.io_pj(0, 16'000) == 4.15 * 22 * 0.4165 * 1000, tt::tolerance(2e-4));

    Device unknown = Device::find("ddr3-1600-4gb-x16");
    unknown.io_read_pj_per_bit = unknown.io_write_pj_per_bit = 0;
    const EnergyModel without(unknown, 800);
    BOOST_TEST(!without.has_io());
    BOOST_TEST(without.io_pj(16'000, 16'000) == 0.0);
    Player player;
    player.play({{0, 100'000}});
    BOOST_TEST(without.total(player.statistics()).total() ==
               ddr3.total(player.statistics()).total());
}

// Chips in parallel: each command costs that many times one chip.
BOOST_AUTO_TEST_CASE(of_chips_in_parallel) {
    const EnergyModel one(Device::find("ddr3-1600-4gb-x16"), 800);
    const EnergyModel four(Device::find("ddr3-1600-4gb-x64"), 800);
    BOOST_TEST(four.activate_pj() == 4 * one.activate_pj());
    BOOST_TEST(four.read_pj() == 4 * one.read_pj());
    BOOST_TEST(four.refresh_pj() == 4 * one.refresh_pj());
    BOOST_TEST(four.active_mw() == 4 * one.active_mw());
}

// The table of the paper: 8-bit feature maps written and read once.
BOOST_AUTO_TEST_CASE(mode_paper) {
    const struct {
        uint64_t values;
        double uj;
    } rows[] = {{64 * 56 * 56, 225.933},
                {128 * 28 * 28, 112.967},
                {256 * 14 * 14, 56.483},
                {512 * 7 * 7, 28.242}};
    for (const auto& r : rows)
        BOOST_TEST(EnergyModel::paper_pj(8 * r.values, 8 * r.values) / 1e6 == r.uj,
                   tt::tolerance(2e-5));
    BOOST_TEST(EnergyModel::paper_pj(1000, 0) == 77392.0, tt::tolerance(1e-5));
    BOOST_TEST(EnergyModel::paper_pj(0, 1000) == 63321.0, tt::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(mode_paper_scales_with_bits_read_and_written) {
    std::mt19937_64 random(5);
    for (int i = 0; i < 100; ++i) {
        const uint64_t read = random() % (1ull << (i % 40 + 1)), written = random() % 1000000;
        // 0.33 W and 0.27 W for 4 clocks of 1066 MHz per 16 bits; in pJ.
        const double expected =
            (0.33 * static_cast<double>(read) + 0.27 * static_cast<double>(written)) * 0.25 /
            1066e-6;
        BOOST_TEST(EnergyModel::paper_pj(read, written) == expected, tt::tolerance(1e-12));
        BOOST_TEST(EnergyModel::paper_pj(read, written) ==
                       EnergyModel::paper_pj(read, 0) + EnergyModel::paper_pj(0, written),
                   tt::tolerance(1e-12));
    }
    Account account;
    account.bytes_read = 125;
    account.bytes_written = 250;
    BOOST_TEST(EnergyModel::paper_pj(account) == EnergyModel::paper_pj(1000, 2000));
}

// One read, then nothing up to 100 ns before the first refresh.
BOOST_AUTO_TEST_CASE(background_by_state) {
    const Device device = Device::find("ddr3-1600-4gb-x16");
    const EnergyModel m(device, 800);
    Player open;
    open.play({{0, 16}});
    open.core().advance(6001);
    BOOST_TEST(m.total(open.statistics()).background == 48 * 1.25 + 70.5 * 6000 * 1.25,
               tt::tolerance(1e-12));

    Setup setup;
    setup.policy.page = PagePolicy::closed;
    Player closed(setup);
    closed.play({{0, 16}});
    closed.core().advance(6001);
    // Activate at 1, read with auto precharge at 12, which begins at 18.
    BOOST_TEST(closed.statistics().active_clocks == 17);
    BOOST_TEST(
        m.total(closed.statistics()).background == 48 * 1.25 * (6001 - 17) + 70.5 * 17 * 1.25,
        tt::tolerance(1e-12));
}

// Half the clock: the same commands cost the same, background lasts twice as long.
BOOST_AUTO_TEST_CASE(clock_scales_the_background_only) {
    const Device device = Device::find("ddr3-1600-4gb-x16");
    Player player;
    player.play({{0, 100000}, {0, 100000, true}});
    const Energy fast = EnergyModel(device, 800).total(player.statistics());
    const Energy slow = EnergyModel(device, 400).total(player.statistics());
    BOOST_TEST(slow.background == 2 * fast.background, tt::tolerance(1e-12));
    BOOST_TEST(slow.total() - slow.background == fast.total() - fast.background,
               tt::tolerance(1e-12));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
