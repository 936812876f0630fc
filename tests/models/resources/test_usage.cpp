// DSP blocks, gates, and what fits.
#include <boost/test/unit_test.hpp>

#include "models/resources/coefficients.h"
#include "models/resources/usage.h"

using namespace karhunen::resources;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(usage)

BOOST_AUTO_TEST_CASE(dsp_of_a_multiplier) {
    const struct {
        uint32_t a, b;
        double intel, ultrascale, series_7;
    } cases[] = {{8, 8, 0.5, 1, 1}, {18, 19, 0.5, 1, 1}, {19, 18, 0.5, 1, 1},
                 {27, 27, 1, 2, 4}, {18, 25, 1, 1, 1},   {18, 27, 1, 1, 2},
                 {12, 32, 1, 2, 2}, {32, 32, 2, 4, 4},   {16, 16, 0.5, 1, 1}};
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.a << " x " << c.b) {
            BOOST_TEST(dsp_of_one(c.a, c.b, Family::stratix_10) == c.intel);
            BOOST_TEST(dsp_of_one(c.a, c.b, Family::arria_10) == c.intel);
            BOOST_TEST(dsp_of_one(c.a, c.b, Family::ultrascale_plus) == c.ultrascale);
            BOOST_TEST(dsp_of_one(c.a, c.b, Family::series_7) == c.series_7);
            BOOST_TEST(dsp_of_one(c.a, c.b, Family::asic) == 0);
        }
}

// LUT2 that yosys 0.23 puts behind the slices of a product.
BOOST_AUTO_TEST_CASE(slices_are_joined_by_adders) {
    const struct {
        uint32_t a, b;
        double lut;
    } cases[] = {{8, 8, 0}, {18, 27, 0}, {12, 32, 27}, {18, 32, 33}, {32, 32, 110}, {32, 12, 27}};
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.a << " x " << c.b) {
            BOOST_TEST(joining_adders({c.a, c.b, 1}, Family::ultrascale_plus) == c.lut);
            BOOST_TEST(joining_adders({c.a, c.b, 3}, Family::ultrascale_plus) == 3 * c.lut);
        }
    BOOST_TEST(joining_adders({27, 32, 1}, Family::ultrascale_plus) == 95, tt::tolerance(0.06));
    const double alone = static_cast<double>(usage_of(adder(500), find_device("zu9eg")).logic);
    const Inventory both = adder(500) + multiplier(32, 32);
    BOOST_TEST(static_cast<double>(usage_of(both, find_device("zu9eg")).logic) == alone + 110);
    BOOST_TEST(usage_of(both, find_device("stratix10")).logic == 250u);
}

BOOST_AUTO_TEST_CASE(two_multipliers_share_a_block) {
    BOOST_TEST(usage_of(multiplier(8, 8, 5), find_device("stratix10")).dsp == 3u);
    BOOST_TEST(usage_of(multiplier(8, 8, 5), find_device("zu9eg")).dsp == 5u);
}

// A DSP block with two multipliers adds their products.
BOOST_AUTO_TEST_CASE(sums_of_pairs_are_free_on_intel) {
    const Inventory pair = adder_tree(2, 16, true);
    BOOST_TEST(usage_of(pair, find_device("zu9eg")).logic == 17u);
    BOOST_TEST(usage_of(pair, find_device("stratix10")).logic == 5u);  // 17 registers, 4 an ALM
    BOOST_TEST(usage_of(adder_tree(2, 16, false), find_device("stratix10")).logic == 9u);
}

BOOST_AUTO_TEST_CASE(registers_count_where_there_is_little_logic) {
    BOOST_TEST(usage_of(registers(101), find_device("artix7")).logic == 51u);
    BOOST_TEST(usage_of(registers(101), find_device("arria10")).logic == 26u);
    BOOST_TEST(usage_of(registers(101), find_device("arria10")).registers == 101u);
    BOOST_TEST(usage_of(registers(100) + adder(200), find_device("artix7")).logic == 200u);
}

// Cavigelli et al.: encoder and decoder of EBPC, 5.8 kGE, are "less than seven" 8-bit multiply-add
// units of the same throughput in size.
BOOST_AUTO_TEST_CASE(a_multiply_add_is_a_seventh_of_an_ebpc_codec) {
    const Inventory unit = multiplier(8, 8) + counter(32);
    const double kge = usage_of(unit, find_device("asic65")).kge;
    BOOST_TEST(kge == 5.8 / 7, tt::tolerance(0.3));
    BOOST_TEST(7 * kge > 5.8);
}

BOOST_AUTO_TEST_CASE(gates_leave_out_deep_memories) {
    const Device& asic = find_device("asic65");
    BOOST_TEST(usage_of(memory(2048, 19), asic).kge == 0);
    BOOST_TEST(usage_of(memory(2048, 19), asic).memory_bits == 2048u * 19);
    BOOST_TEST(usage_of(memory(4, 10), asic).kge ==
                   40 * (gate_costs.register_bit + gate_costs.mux_bit) / 1000,
               tt::tolerance(1e-9));
    BOOST_TEST(usage_of(memory(4, 10), asic).logic == 0u);
}

BOOST_AUTO_TEST_CASE(what_fits) {
    const Device& device = find_device("artix7");
    Usage usage;
    usage.logic = device.logic;
    usage.dsp = device.dsp;
    usage.ram_blocks = static_cast<double>(device.ram_blocks);
    BOOST_TEST(fits(usage, device));
    BOOST_TEST(largest_share(usage, device) == 1);
    for (int i = 0; i < 3; ++i) {
        Usage more = usage;
        if (i == 0) ++more.logic;
        if (i == 1) ++more.dsp;
        if (i == 2) more.ram_blocks += 0.5;
        BOOST_TEST(!fits(more, device));
    }
    usage.dsp = 1000000;
    BOOST_TEST(fits(usage, find_device("asic65")));
}

BOOST_AUTO_TEST_CASE(devices_by_name) {
    const Device& stratix = find_device("stratix10");
    BOOST_TEST(stratix.logic == 933120u);
    BOOST_TEST(stratix.dsp == 5760u);
    BOOST_TEST(stratix.ram_blocks == 11721u);
    BOOST_TEST(stratix.logic_unit() == std::string("ALM"));
    BOOST_TEST(find_device("zu9eg").ram_unit() == std::string("BRAM36"));
    BOOST_CHECK_EXCEPTION(find_device("virtex"), std::invalid_argument, [](const auto& e) {
        const std::string text = e.what();
        return text.find("'virtex'") != text.npos && text.find("artix7") != text.npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
