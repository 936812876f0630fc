// What bank groups cost, and the address mapping that avoids it.
#include <boost/test/unit_test.hpp>

#include "tests/models/ddr/player.h"

namespace tt = boost::test_tools;

namespace karhunen::ddr {

namespace {

/// Share of the pin rate of a sequential read of 1 MiB in requests of so many bytes.
double share_of_pin_rate(const std::string& device, const std::string& mapping, uint64_t bytes) {
    Setup setup;
    setup.device = Device::find(device);
    setup.mapping = mapping;
    std::vector<Access> accesses;
    for (uint64_t at = 0; at < 1 << 20; at += bytes) accesses.push_back({at, bytes});
    Player player(setup);
    player.play(accesses);
    BOOST_TEST(player.check() == "", player.check());
    const Statistics s = player.statistics();
    BOOST_TEST(s.total().bytes_read == 1u << 20);
    return static_cast<double>(s.data_clocks) / static_cast<double>(s.last_data_clock);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bank_groups)

BOOST_AUTO_TEST_CASE(going_round_the_groups_reaches_the_pin_rate) {
    for (const uint64_t bytes : {16u, 64u, 4096u, 1u << 20}) {
        const double share = share_of_pin_rate("ddr4-2400-8gb-x16", "row-bank-column-group", bytes);
        BOOST_TEST_MESSAGE(bytes << " bytes, round the groups: " << share);
        BOOST_TEST(share >= 0.90, bytes << " bytes: " << share);
        BOOST_TEST(share <= 1.0);
    }
}

// Bursts of one row are in one bank group, tCCD_L apart; a twentieth is left for refresh.
BOOST_AUTO_TEST_CASE(staying_in_a_group_is_bound_by_t_ccd_l) {
    const Device d = Device::find("ddr4-2400-8gb-x16");
    const double bound = static_cast<double>(d.burst_clocks()) / d.t_ccd_l;
    const double share = share_of_pin_rate(d.name, "row-bank-column", 1 << 20);
    BOOST_TEST_MESSAGE("within a group: " << share << ", bound " << bound);
    BOOST_TEST(share <= bound);
    BOOST_TEST(share >= 0.94 * bound);
}

BOOST_AUTO_TEST_CASE(devices_without_groups_need_no_such_mapping) {
    for (const char* device : {"ddr3-1066-4gb-x16", "ddr3-1600-4gb-x32", "ddr3-1600-4gb-x64"}) {
        const double rows = share_of_pin_rate(device, "row-bank-column", 4096);
        BOOST_TEST(rows > 0.94, device << ": " << rows);
        BOOST_TEST(share_of_pin_rate(device, "row-bank-column-group", 4096) == rows);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
