// Weights of 4 bits, two to a byte.
#include <random>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "models/arithmetic/packed_weights.h"

using namespace karhunen;

BOOST_AUTO_TEST_SUITE(packed_weights)

BOOST_AUTO_TEST_CASE(by_hand) {
    const int8_t weights[] = {1, -2, 7, -8, -1};
    uint8_t bytes[] = {0xAA, 0xAA, 0xAA, 0xAA};
    pack_four_bits(weights, bytes);
    BOOST_TEST(bytes[0] == 0xE1);
    BOOST_TEST(bytes[1] == 0x87);
    BOOST_TEST(bytes[2] == 0x0F);  // an odd one leaves zeros
    BOOST_TEST(bytes[3] == 0xAA);
}

BOOST_AUTO_TEST_CASE(bytes_of_weights) {
    BOOST_TEST(weight_bytes(0, 4) == 0u);
    BOOST_TEST(weight_bytes(1, 4) == 1u);
    BOOST_TEST(weight_bytes(2, 4) == 1u);
    BOOST_TEST(weight_bytes(3, 4) == 2u);
    BOOST_TEST(weight_bytes(3, 8) == 3u);
    BOOST_TEST(weight_bytes(uint64_t{1} << 40, 4) == uint64_t{1} << 39);
}

/// Bit by bit, as the format is described.
BOOST_DATA_TEST_CASE(as_described, boost::unit_test::data::xrange(0, 40), count) {
    std::mt19937 random(static_cast<unsigned>(count));
    std::vector<int8_t> weights(static_cast<size_t>(count));
    for (int8_t& w : weights) w = static_cast<int8_t>(static_cast<int>(random() % 16) - 8);
    std::vector<uint8_t> bytes(weight_bytes(weights.size(), 4), 0xFF);
    pack_four_bits(weights, bytes.data());
    for (size_t i = 0; i < weights.size(); ++i) {
        int value = 0;
        for (size_t bit = 0; bit < 4; ++bit) {
            const size_t at = 4 * i + bit;
            value += (bytes[at / 8] >> at % 8 & 1) * (bit == 3 ? -8 : 1 << bit);
        }
        BOOST_TEST(value == weights[i]);
    }
    BOOST_TEST(unpack_four_bits(bytes.data(), weights.size()) == weights,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
