// Whole machines.
#include <algorithm>

#include <karhunen/loadable.h>
#include <boost/test/unit_test.hpp>

#include "models/resources/machine.h"
#include "models/resources/paper_preset.h"

using namespace karhunen::resources;
namespace tt = boost::test_tools;

namespace {

const Device& stratix() {
    return find_device("stratix10");
}

Machine machine_with(std::vector<uint32_t> codecs) {
    Machine machine;
    machine.codecs = std::move(codecs);
    return machine;
}

uint64_t count_of(const Estimate& e, const std::string& part) {
    return static_cast<uint64_t>(
        std::count_if(e.blocks.begin(), e.blocks.end(), [&](auto& b) { return b.part == part; }));
}

const Usage& usage_of_part(const Estimate& e, const std::string& block, const std::string& part) {
    for (const BlockUsage& b : e.blocks)
        if (b.block == block && b.part == part) return b.usage;
    throw std::runtime_error("no " + block + " " + part);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(machine_estimate)

BOOST_AUTO_TEST_CASE(total_is_the_sum) {
    const Estimate e = estimate(machine_with({KRHN_CODEC_TRANSFORM, KRHN_CODEC_EBPC}), stratix());
    Usage sum;
    for (const BlockUsage& b : e.blocks) sum += b.usage;
    BOOST_TEST(sum.logic == e.total.logic);
    BOOST_TEST(sum.dsp == e.total.dsp);
    BOOST_TEST(sum.ram_blocks == e.total.ram_blocks);
    BOOST_TEST(sum.memory_bits == e.total.memory_bits);
    BOOST_TEST(sum.kge == e.total.kge, tt::tolerance(1e-9));
}

BOOST_AUTO_TEST_CASE(one_encoder_and_two_decoders) {
    const Estimate e = estimate(machine_with({KRHN_CODEC_TRANSFORM}), stratix());
    BOOST_TEST(count_of(e, "PCA unit") == 1u);
    BOOST_TEST(count_of(e, "inverse PCA unit") == 2u);
    BOOST_TEST(count_of(e, "Huffman coders") == 3u);
    BOOST_TEST(count_of(e, "table memory") == 3u);
}

BOOST_AUTO_TEST_CASE(codecs_share_what_they_can) {
    const Estimate both = estimate(machine_with({KRHN_CODEC_TRANSFORM, KRHN_CODEC_VLC}), stratix());
    BOOST_TEST(count_of(both, "Huffman coders") == 3u);
    BOOST_TEST(count_of(both, "raw path") == 3u);
    const Estimate raw = estimate(machine_with({KRHN_CODEC_RAW}), stratix());
    BOOST_TEST(count_of(raw, "table memory") == 0u);
    BOOST_TEST(raw.total.logic < both.total.logic);
    // Two substreams a coder, so twice the FIFOs.
    const Estimate ebpc = estimate(machine_with({KRHN_CODEC_EBPC}), stratix());
    BOOST_TEST(usage_of_part(ebpc, "encoder", "stream FIFOs").memory_bits ==
               2 * usage_of_part(raw, "encoder", "stream FIFOs").memory_bits);
}

BOOST_AUTO_TEST_CASE(the_table_memory_feeds_all_multipliers) {
    const auto table = [](uint32_t codec) {
        return usage_of_part(estimate(machine_with({codec}), stratix()), "encoder", "table memory");
    };
    BOOST_TEST(table(KRHN_CODEC_TRANSFORM).memory_bits == 384u * 8192);
    BOOST_TEST(table(KRHN_CODEC_TRANSFORM).ram_blocks == 156);  // 1536 x 2048
    BOOST_TEST(table(KRHN_CODEC_VLC).memory_bits == 384u * 8192);
    BOOST_TEST(table(KRHN_CODEC_VLC).ram_blocks == 192);  // 98304 x 32: 48 x 4 of 2048 x 10
}

BOOST_AUTO_TEST_CASE(buffers_grow_with_their_size) {
    double before = 0;
    for (const uint32_t kib : {64, 128, 256, 300, 1024}) {
        Machine machine = machine_with({KRHN_CODEC_RAW});
        machine.buffers.output_kib = kib;
        const double blocks =
            usage_of_part(estimate(machine, stratix()), "buffer", "output").ram_blocks;
        BOOST_TEST(blocks > before);
        before = blocks;
    }
}

BOOST_AUTO_TEST_CASE(more_lanes_fit_less) {
    Machine machine = machine_with({KRHN_CODEC_TRANSFORM});
    BOOST_TEST(fits(estimate(machine, stratix()).total, stratix()));
    BOOST_TEST(!fits(estimate(machine, find_device("artix7")).total, find_device("artix7")));
    machine.array.output_lanes = 32;  // 18432 multipliers
    BOOST_TEST(!fits(estimate(machine, stratix()).total, stratix()));
    machine.array.output_lanes = 4096;
    machine.array.reduction_lanes = 65536;  // as much as a configuration may ask for
    const Usage most = estimate(machine, stratix()).total;
    BOOST_TEST(most.dsp > uint64_t{65536} * 4096 / 2);
}

BOOST_AUTO_TEST_CASE(preset_paper_replaces_array_and_pca) {
    Machine machine = machine_with({KRHN_CODEC_TRANSFORM});
    machine.array.reduction_lanes = 4608;
    machine.array.output_lanes = 1;
    const Estimate e = estimate(machine, stratix(), Preset::paper);
    BOOST_TEST(usage_of_part(e, "compute array", "").dsp == 9600u);
    BOOST_TEST(static_cast<double>(usage_of_part(e, "compute array", "").logic) == 181588,
               tt::tolerance(1e-5));
    const double pca = static_cast<double>(usage_of_part(e, "encoder", "PCA unit").dsp);
    BOOST_TEST(9600 + pca == 10051, tt::tolerance(0.007));
    BOOST_TEST(!e.kge_known);
    BOOST_TEST(!fits(e.total, stratix()));
    // Clean, the same array needs 2304.
    BOOST_TEST(usage_of_part(estimate(machine, stratix()), "compute array", "").dsp == 2304u);
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense) {
    const Machine machine = machine_with({KRHN_CODEC_TRANSFORM});
    BOOST_CHECK_THROW(estimate(machine, find_device("zu9eg"), Preset::paper),
                      std::invalid_argument);
    BOOST_CHECK_THROW(estimate(machine, find_device("asic65"), Preset::paper),
                      std::invalid_argument);
    Machine narrow = machine;
    narrow.array.reduction_lanes = 144;
    BOOST_CHECK_THROW(estimate(narrow, stratix(), Preset::paper), std::invalid_argument);
    BOOST_CHECK_NO_THROW(estimate(narrow, stratix()));
    Machine ebpc = machine_with({KRHN_CODEC_EBPC});
    ebpc.codec_unit.streams = 7;
    BOOST_CHECK_THROW(estimate(ebpc, stratix()), std::invalid_argument);
    ebpc.codec_unit.streams = 6;
    BOOST_CHECK_NO_THROW(estimate(ebpc, stratix()));
}

BOOST_AUTO_TEST_SUITE_END()
