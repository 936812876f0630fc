#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr/address_mapping.h"
#include "models/ddr/constraints.h"

namespace karhunen::ddr {

namespace {
const Device device = Device::find("ddr3-1600-4gb-x16");
}

BOOST_AUTO_TEST_SUITE(address_mapping)

BOOST_AUTO_TEST_CASE(row_bank_column) {
    const AddressMapping m(device, "row-bank-column");
    BOOST_TEST(m.run_bytes() == 2048u);
    BOOST_TEST((m.locate(0) == Location{0, 0, 0}));
    BOOST_TEST((m.locate(16) == Location{0, 0, 8}));
    BOOST_TEST((m.locate(2048) == Location{1, 0, 0}));
    BOOST_TEST((m.locate(16384) == Location{0, 1, 0}));
    BOOST_TEST((m.locate(device.bytes() - 1) == Location{7, 32767, 1023}));
}

BOOST_AUTO_TEST_CASE(row_column_bank) {
    const AddressMapping m(device, "row-column-bank");
    BOOST_TEST(m.run_bytes() == 16u);
    BOOST_TEST((m.locate(16) == Location{1, 0, 0}));
    BOOST_TEST((m.locate(128) == Location{0, 0, 8}));
    BOOST_TEST((m.locate(16384) == Location{0, 1, 0}));
}

// Bursts go round the groups, in one row of each; the group is in the lowest bits of the bank.
BOOST_AUTO_TEST_CASE(row_bank_column_group) {
    const Device ddr4 = Device::find("ddr4-2400-8gb-x16");
    const AddressMapping m(ddr4, "row-bank-column-group");
    BOOST_TEST(m.run_bytes() == 16u);
    BOOST_TEST((m.locate(0) == Location{0, 0, 0}));
    BOOST_TEST((m.locate(16) == Location{1, 0, 0}));
    BOOST_TEST((m.locate(32) == Location{0, 0, 8}));
    BOOST_TEST((m.locate(4096) == Location{2, 0, 0}));
    BOOST_TEST((m.locate(4096 + 16) == Location{3, 0, 0}));
    BOOST_TEST((m.locate(16384) == Location{0, 1, 0}));
    BOOST_TEST((m.locate(ddr4.bytes() - 1) == Location{7, 65535, 1023}));
    for (uint64_t address = 0; address < 1 << 16; address += 16) {
        BOOST_REQUIRE(m.address_of(m.locate(address)) == address);
        BOOST_REQUIRE(group_of(m.locate(address).bank, 2) !=
                      group_of(m.locate(address + 16).bank, 2));
    }
    // Without groups it is row-bank-column.
    const AddressMapping one_group(device, "row-bank-column-group");
    const AddressMapping plain(device, "row-bank-column");
    for (uint64_t address = 0; address < device.bytes(); address += 99'991)
        BOOST_REQUIRE(one_group.locate(address) == plain.locate(address));
    BOOST_TEST(one_group.run_bytes() == plain.run_bytes());
}

BOOST_AUTO_TEST_CASE(every_list_of_bits_is_one_to_one) {
    const unsigned seed = 20240607;
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
        // Any permutation of the 25 bits above byte and burst.
        std::vector<uint8_t> order;
        for (uint8_t bit = 4; bit < 29; ++bit) order.push_back(bit);
        std::shuffle(order.begin(), order.end(), random);
        AddressBits bits;
        for (uint8_t bit = 1; bit < 4; ++bit) bits.column.push_back(bit);
        for (int i = 0; i < 7; ++i) bits.column.push_back(order[i]);
        bits.bank.assign(order.begin() + 7, order.begin() + 10);
        bits.row.assign(order.begin() + 10, order.end());
        const AddressMapping m(device, bits);
        for (int i = 0; i < 100; ++i) {
            const uint64_t address = random() % device.bytes() & ~uint64_t{1};
            const Location at = m.locate(address);
            BOOST_REQUIRE_MESSAGE(m.address_of(at) == address, "seed " << seed);
            for (unsigned b = 0; b < bits.row.size(); ++b)
                BOOST_REQUIRE((at.row >> b & 1) == (address >> bits.row[b] & 1));
            const uint64_t next = address + device.burst_bytes();
            if (address / m.run_bytes() == next / m.run_bytes())
                BOOST_REQUIRE((m.locate(next) == Location{at.bank, at.row, at.column + 8}));
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_lists_are_refused) {
    BOOST_CHECK_THROW(AddressMapping(device, "bank-row-column"), std::invalid_argument);
    AddressBits bits{{11, 12, 13},
                     {14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28},
                     {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
    BOOST_CHECK_NO_THROW(AddressMapping(device, bits));
    AddressBits twice = bits;
    twice.bank[0] = 12;
    BOOST_CHECK_THROW(AddressMapping(device, twice), std::invalid_argument);
    AddressBits short_row = bits;
    short_row.row.pop_back();
    BOOST_CHECK_THROW(AddressMapping(device, short_row), std::invalid_argument);
    AddressBits torn_burst = bits;
    std::swap(torn_burst.column[1], torn_burst.bank[0]);
    BOOST_CHECK_THROW(AddressMapping(device, torn_burst), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
