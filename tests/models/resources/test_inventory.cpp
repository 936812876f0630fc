// Primitives, worked by hand.
#include <boost/test/unit_test.hpp>

#include "models/resources/inventory.h"

using namespace karhunen::resources;

BOOST_AUTO_TEST_SUITE(inventory)

BOOST_AUTO_TEST_CASE(index_of_n_things) {
    const uint64_t n[] = {0, 1, 2, 3, 4, 5, 8, 9, uint64_t{1} << 40};
    const uint32_t bits[] = {0, 0, 1, 2, 2, 3, 3, 4, 40};
    for (size_t i = 0; i < std::size(n); ++i) BOOST_TEST(index_bits(n[i]) == bits[i]);
}

// 5 words of 16 bits: 2 adders of 17 (3 words are left), 1 of 18 (2), 1 of 19 (1).
BOOST_AUTO_TEST_CASE(tree_of_five) {
    const Inventory words = adder_tree(5, 16, false);
    BOOST_TEST(words.adder_bits == 2 * 17 + 18 + 19);
    BOOST_TEST(words.pair_adder_bits == 0);
    BOOST_TEST(words.register_bits == 3 * 17 + 2 * 18 + 19);
    const Inventory products = adder_tree(5, 16, true);
    BOOST_TEST(products.pair_adder_bits == 2 * 17);
    BOOST_TEST(products.adder_bits == 18 + 19);
    BOOST_TEST(adder_tree(1, 16, true).register_bits == 0);
}

// n words need n - 1 adders, whatever the shape of the tree.
BOOST_AUTO_TEST_CASE(trees_have_one_adder_less_than_words) {
    for (const uint64_t n : {2, 3, 7, 9, 64, 100, 576, 4608}) {
        const Inventory narrow = adder_tree(n, 8, false), wide = adder_tree(n, 9, false);
        BOOST_TEST(wide.adder_bits - narrow.adder_bits == static_cast<double>(n - 1));
    }
}

BOOST_AUTO_TEST_CASE(multiplexers_and_shifters) {
    BOOST_TEST(mux(1, 8).mux_bits == 0);
    BOOST_TEST(mux(9, 7).mux_bits == 56);
    BOOST_TEST(shifter(16, 16).mux_bits == 64);
    BOOST_TEST(shifter(16, 9).mux_bits == 64);
    BOOST_TEST(shifter(16, 1).mux_bits == 0);
}

BOOST_AUTO_TEST_CASE(copies) {
    const Inventory one = counter(4) + multiplier(8, 8, 3) + memory(512, 40) + gates(5) + mux(2, 6);
    const Inventory three = one * 3;
    BOOST_TEST(three.adder_bits == 12);
    BOOST_TEST(three.register_bits == 12);
    BOOST_TEST(three.gates == 15);
    BOOST_TEST(three.mux_bits == 18);
    BOOST_TEST(three.multipliers[0].count == 9u);
    BOOST_TEST(three.memories[0].count == 3u);
    BOOST_TEST(three.memories[0].bits() == 3u * 512 * 40);
}

BOOST_AUTO_TEST_CASE(words_of_a_capacity) {
    BOOST_TEST(Memory::of_bytes(1024, 64).depth == 128u);
    BOOST_TEST(Memory::of_bytes(256 * 1024, 18432).depth == 114u);  // 113.8
    BOOST_TEST(Memory::of_bytes(1, 64).depth == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
