// More of anything never takes less, on any device.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <random>

#include "models/resources/array_blocks.h"
#include "models/resources/bit_packing.h"
#include "models/resources/ebpc_coder.h"
#include "models/resources/huffman_coder.h"
#include "models/resources/memory_path.h"
#include "models/resources/model_coders.h"
#include "models/resources/pca_unit.h"
#include "models/resources/small_coders.h"
#include "models/resources/usage.h"

using namespace karhunen::resources;

namespace {

using Block = std::function<Inventory(const std::vector<uint32_t>&)>;
using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;

void check_grows(const Usage& less, const Usage& more) {
    BOOST_TEST(less.logic <= more.logic);
    BOOST_TEST(less.dsp <= more.dsp);
    BOOST_TEST(less.registers <= more.registers);
    BOOST_TEST(less.kge <= more.kge + 1e-9);
}

/// Raises one parameter of some within its range.
void check(const char* name, const Block& block, const Ranges& ranges) {
    const unsigned seed = std::random_device{}();
    std::mt19937 random(seed);
    const auto between = [&](uint32_t low, uint32_t high) {
        return std::uniform_int_distribution<uint32_t>(low, high)(random);
    };
    for (int i = 0; i < 100; ++i) {
        std::vector<uint32_t> p;
        for (const auto& [low, high] : ranges) p.push_back(between(low, high));
        const size_t raised = between(0, static_cast<uint32_t>(ranges.size()) - 1);
        std::vector<uint32_t> q = p;
        q[raised] = between(p[raised], ranges[raised].second);
        BOOST_TEST_CONTEXT(name << ", seed " << seed << ", parameter " << raised << " from "
                                << p[raised] << " to " << q[raised])
        for (const Device& device : devices())
            check_grows(usage_of(block(p), device), usage_of(block(q), device));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(monotony)

BOOST_AUTO_TEST_CASE(array) {
    check("array",
          [](auto& p) {
              return compute_array({p[0], p[1], p[2], p[3], p[4]});
          },
          {{1, 5000}, {1, 64}, {1, 16}, {1, 16}, {8, 48}});
    check("post-processing", [](auto& p) { return post_processing({.output_lanes = p[0]}, p[1]); },
          {{1, 64}, {1, 256}});
}

BOOST_AUTO_TEST_CASE(coders) {
    check("packer", [](auto& p) { return bit_packer(p[0], p[1]); }, {{1, 15}, {16, 64}});
    check("unpacker", [](auto& p) { return bit_unpacker(p[0], p[1]); }, {{1, 15}, {16, 64}});
    // Above 32 words the table leaves the LUTs for block RAM.
    const Ranges huffman = {{6, 12}, {2, 15}, {16, 32}, {1, 12}};
    check(
        "Huffman encoder",
        [](auto& p) {
            return huffman_encoder({p[0], p[1], p[2], p[3]});
        },
        huffman);
    check(
        "Huffman decoder",
        [](auto& p) {
            return huffman_decoder({p[0], p[1], p[2], p[3]});
        },
        huffman);
    const Ranges ebpc = {{4, 32}, {4, 32}, {1, 8}};
    check(
        "EBPC encoder",
        [](auto& p) {
            return ebpc_encoder({p[0], p[1], p[2]});
        },
        ebpc);
    check(
        "EBPC decoder",
        [](auto& p) {
            return ebpc_decoder({p[0], p[1], p[2]});
        },
        ebpc);
    for (const auto coder : {zvc_encoder, zvc_decoder, zrle_encoder, zrle_decoder, raw_path})
        check("small coder", [coder](auto& p) { return coder(p[0]); }, {{1, 12}});
    const Ranges dct = {{1, 12}, {2, 32}, {6, 11}};
    check(
        "DCT encoder",
        [](auto& p) {
            return dct_mask_encoder({p[0], p[1], p[2]});
        },
        dct);
    check(
        "DCT decoder",
        [](auto& p) {
            return dct_mask_decoder({p[0], p[1], p[2]});
        },
        dct);
}

BOOST_AUTO_TEST_CASE(pca) {
    const Ranges ranges = {{8, 16}, {4, 12}, {1, 2048}, {64, 64}, {16, 40}};
    const auto of = [](auto& p) { return PcaUnit{p[0], p[1], p[2], p[3], p[4]}; };
    check(
        "PCA", [&](auto& p) { return pca_unit(of(p)); }, ranges);
    check(
        "inverse PCA", [&](auto& p) { return inverse_pca_unit(of(p)); }, ranges);
}

BOOST_AUTO_TEST_CASE(memory_path) {
    check("DMA", [](auto& p) { return dma({p[0], p[1] * 64, 4, 256}); }, {{1, 16}, {17, 64}});
    check("DDR",
          [](auto& p) {
              return ddr_front_end({p[0], p[1], p[2], 64, 16, 256});
          },
          {{1, 32}, {1, 32}, {8, 32}});
}

BOOST_AUTO_TEST_SUITE_END()
