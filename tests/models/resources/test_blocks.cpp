// Blocks against figures that are not ours, the EBPC publication, and a count by hand.
#include <boost/test/unit_test.hpp>

#include "models/resources/array_blocks.h"
#include "models/resources/ebpc_coder.h"
#include "models/resources/huffman_coder.h"
#include "models/resources/memory_path.h"
#include "models/resources/model_coders.h"
#include "models/resources/pca_unit.h"
#include "models/resources/usage.h"

using namespace karhunen::resources;
namespace tt = boost::test_tools;

namespace {

uint64_t multipliers_of(const Inventory& inventory) {
    uint64_t count = 0;
    for (const Multipliers& m : inventory.multipliers) count += m.count;
    return count;
}

uint64_t memory_bits_of(const Inventory& inventory) {
    uint64_t bits = 0;
    for (const Memory& m : inventory.memories) bits += m.bits();
    return bits;
}

double kge_of(const Inventory& inventory) {
    return usage_of(inventory, find_device("asic65")).kge;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(blocks)

// 65 nm, 600 MHz, one word per clock.
BOOST_AUTO_TEST_CASE(ebpc_as_published) {
    BOOST_TEST(kge_of(ebpc_encoder({})) == 2.8, tt::tolerance(0.2));
    BOOST_TEST(kge_of(ebpc_decoder({})) == 3.0, tt::tolerance(0.2));
}

// A block of the encoder is held twice: 8 differences of 9 bits, and base and 9 planes of 7 bits.
BOOST_AUTO_TEST_CASE(ebpc_holds_two_blocks) {
    const double words_8 = ebpc_encoder({}).register_bits;
    const double words_16 = ebpc_encoder({.block_words = 16}).register_bits;
    BOOST_TEST(words_8 > 8 * 9 + 7 * 9 + 8);
    BOOST_TEST(words_16 - words_8 >= 2 * 8 * 9);
}

// The same blocks in RTL, synthesised: tests/rtl.
BOOST_AUTO_TEST_CASE(huffman_tables_in_block_ram) {
    // 2048 codes of 15 bits with a length of 4: three RAMB18 a stream.
    BOOST_TEST(usage_of(huffman_encoder({.streams = 1}), find_device("artix7")).ram_blocks == 1.5);
    BOOST_TEST(usage_of(huffman_encoder({}), find_device("artix7")).ram_blocks == 6);
}

BOOST_AUTO_TEST_CASE(huffman_decoder_compares_with_each_length) {
    const double fifteen = huffman_decoder({.streams = 1}).adder_bits;
    const double twelve = huffman_decoder({.code_bits = 12, .streams = 1}).adder_bits;
    BOOST_TEST(fifteen - twelve == 15 * 15 - 12 * 12);
}

// models/codec/README.md, counted by hand: four substreams both ways, about 8,000 LUT and 60
// multipliers.
BOOST_AUTO_TEST_CASE(context_as_counted_by_hand) {
    const Inventory both = context_encoder({}) + context_decoder({});
    const double lut = static_cast<double>(usage_of(both, find_device("zu9eg")).logic);
    BOOST_TEST(lut == 8000, tt::tolerance(0.45));
    BOOST_TEST(static_cast<double>(multipliers_of(both)) == 60, tt::tolerance(0.25));
}

BOOST_AUTO_TEST_CASE(pca_has_a_multiplier_per_weight_and_clock) {
    BOOST_TEST(multipliers_of(pca_unit({.multipliers = 300})) == 300u);
    BOOST_TEST(multipliers_of(inverse_pca_unit({.multipliers = 300})) == 300u);
    // 512 x 512 bytes, 256 of them a clock.
    const Memory matrix = pca_matrix({});
    BOOST_TEST(matrix.depth == 1024u);
    BOOST_TEST(matrix.width_bits == 2048u);
    // Two vectors of 512 values, and a mean for each channel.
    BOOST_TEST(memory_bits_of(pca_unit({})) == 2u * 512 * 12 + 512 * 12);
}

BOOST_AUTO_TEST_CASE(dct_mask_has_a_multiplier_per_coefficient) {
    BOOST_TEST(multipliers_of(dct_mask_encoder({.streams = 1})) == 8u + 1);
    BOOST_TEST(multipliers_of(dct_mask_encoder({.streams = 1, .length = 16})) == 16u + 1);
}

// Nine multipliers per channel, two to a block.
BOOST_AUTO_TEST_CASE(clean_array_takes_four_and_a_half_dsp_per_channel) {
    for (const uint32_t channels : {64, 128, 256, 512}) {
        const Inventory array = compute_array({.reduction_lanes = 9 * channels, .output_lanes = 1});
        BOOST_TEST(static_cast<double>(usage_of(array, find_device("stratix10")).dsp) ==
                   4.5 * channels);
        BOOST_TEST(usage_of(array, find_device("zu9eg")).dsp == 9u * channels);
    }
}

BOOST_AUTO_TEST_CASE(outputs_share_the_window) {
    const double one = compute_array({.reduction_lanes = 100, .output_lanes = 1}).register_bits;
    const double two = compute_array({.reduction_lanes = 100, .output_lanes = 2}).register_bits;
    const double three = compute_array({.reduction_lanes = 100, .output_lanes = 3}).register_bits;
    BOOST_TEST(three - two == two - one);
    BOOST_TEST(two < 2 * one);
}

BOOST_AUTO_TEST_CASE(dma_stores_what_is_in_flight) {
    const uint64_t four = memory_bits_of(dma({})), eight = memory_bits_of(dma({.outstanding = 8}));
    BOOST_TEST(eight - four == 8u * 8 * 4 * 2048);
}

BOOST_AUTO_TEST_CASE(controller_buffers_writes) {
    const uint64_t some = memory_bits_of(ddr_front_end({})),
                   more = memory_bits_of(ddr_front_end({.write_bursts = 128}));
    BOOST_TEST(more - some == 8u * 2 * 64 * 16);
}

BOOST_AUTO_TEST_SUITE_END()
