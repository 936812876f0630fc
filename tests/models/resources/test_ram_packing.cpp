// Block RAMs, worked by hand from the shapes of the data sheets.
#include <boost/test/unit_test.hpp>

#include "models/resources/ram_packing.h"

using namespace karhunen::resources;

BOOST_AUTO_TEST_SUITE(ram_packing)

BOOST_AUTO_TEST_CASE(hand_worked) {
    const struct {
        uint64_t depth, width;
        double stratix_10, arria_10, bram36;
    } cases[] = {
        {512, 40, 1, 1, 1},            // two halves of 512 x 36
        {512, 72, 2, 2, 1},            // 512 x 40 twice
        {513, 40, 2, 2, 1.5},          // 1024 x 20 twice; 1024 x 18 three times
        {1024, 36, 2, 2, 1},           //
        {2048, 10, 1, 1, 1},           //
        {2048, 19, 2, 2, 1.5},         // the Huffman table; 2048 x 9 three times
        {4096, 5, 2, 1, 1},            // Stratix 10 has no 4096 x 5
        {16384, 1, 8, 1, 0.5},         //
        {32768, 1, 16, 2, 1},          //
        {114, 18432, 461, 461, 256},   // the weight buffer: 18432 / 40, / 36
        {1536, 2048, 156, 156, 85.5},  // three rows of 512 x 40; of 512 x 36
        {33, 1, 1, 1, 0.5},            //
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.depth << " x " << c.width) {
            const Memory memory{c.depth, c.width};
            BOOST_TEST(blocks_of_one(memory, Family::stratix_10) == c.stratix_10);
            BOOST_TEST(blocks_of_one(memory, Family::arria_10) == c.arria_10);
            BOOST_TEST(blocks_of_one(memory, Family::ultrascale_plus) == c.bram36);
            BOOST_TEST(blocks_of_one(memory, Family::series_7) == c.bram36);
            BOOST_TEST(blocks_of_one(memory, Family::asic) == 0);
        }
}

BOOST_AUTO_TEST_CASE(shallow_memories_are_distributed) {
    const Memory shallow{32, 21};
    BOOST_TEST(is_distributed(shallow));
    BOOST_TEST(!is_distributed(Memory{33, 21}));
    BOOST_TEST(is_distributed(Memory{32, 2048}));
    BOOST_TEST(!is_distributed(Memory{32, 2049}));
    BOOST_TEST(is_distributed(Memory{4, 100000}));
    BOOST_TEST(blocks_of_one({29, 36864}, Family::stratix_10) == 922);  // 128 KiB, 4608 lanes
    BOOST_TEST(blocks_of_one(shallow, Family::stratix_10) == 0);
    BOOST_TEST(logic_of_one(shallow, Family::stratix_10) == 20);  // two MLABs of 32 x 20
    BOOST_TEST(logic_of_one({32, 20}, Family::arria_10) == 10);
    BOOST_TEST(logic_of_one(shallow, Family::series_7) == 16);  // four RAM32M of 32 x 6
    BOOST_TEST(logic_of_one(shallow, Family::asic) == 0);
    BOOST_TEST(logic_of_one({33, 21}, Family::series_7) == 0);
}

// Never less than the bits need.
BOOST_AUTO_TEST_CASE(no_block_holds_more_than_it_has) {
    for (uint64_t depth = 33; depth < 40000; depth = depth * 7 / 5 + 1)
        for (uint64_t width = 1; width < 3000; width = width * 9 / 5 + 1) {
            const Memory memory{depth, width};
            const double bits = static_cast<double>(memory.bits());
            for (const Family family : {Family::stratix_10, Family::arria_10})
                BOOST_TEST(blocks_of_one(memory, family) * 20480 >= bits);
            BOOST_TEST(blocks_of_one(memory, Family::series_7) * 36864 >= bits);
        }
}

BOOST_AUTO_TEST_SUITE_END()
