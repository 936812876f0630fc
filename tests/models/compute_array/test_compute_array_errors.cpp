// Parameters and data that the array refuses; it reports them and works again after a reset.
#include <boost/test/data/test_case.hpp>

#include "tests/models/compute_array/bench.h"

namespace karhunen {
namespace {

void check_error_and_recovery(Bench& b, uint32_t cause) {
    BOOST_TEST(b.cpu.read32(KRHN_ERROR) == cause);
    BOOST_TEST((b.cpu.read32(KRHN_IRQ_STATUS) & KRHN_IRQ_ERROR) != 0u);
    BOOST_TEST(b.irq.read());
    BOOST_TEST(b.cpu.read32(KRHN_JOBS_DONE) == 0u);
    BOOST_TEST(b.cpu.read32(KRHN_STATUS) == 0u);
    b.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
    b.cpu.write32(KRHN_IRQ_STATUS, ~0u);
    BOOST_TEST(b.cpu.read32(KRHN_STATUS) == 0u);
    BOOST_TEST(!b.irq.read());
    b.sink.taken.clear();
    const Layer l = small_layer();
    b.write_rows(l, 1000);
    b.load(l.chunk(0));
    const uint32_t sequence = b.weights.peek(1) ? 1 : 0;
    b.describe(l, 0, l.output_height, 1000, 0, sequence);
    b.start();
    b.wait_for_jobs(1);
    BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
    b.check_sums(l, l.output_height);
}

struct Wrong {
    const char* what;
    uint32_t offset, value;
};
std::ostream& operator<<(std::ostream& out, const Wrong& w) {
    return out << w.what;
}
const Wrong wrongs[] = {
    {"unknown kind", KRHN_ARRAY_KIND, 2},
    {"unknown region", KRHN_ARRAY_REGION, KRHN_BUFFER_REGIONS},
    {"unknown flag", KRHN_ARRAY_FLAGS, 0x20},
    {"weights of fewer bits", KRHN_ARRAY_FLAGS, KRHN_ARRAY_WEIGHTS_4_BIT},
    {"no rows", KRHN_ARRAY_OUTPUT_ROWS, 0},
    {"no columns", KRHN_ARRAY_OUTPUT_WIDTH, 0},
    {"no channels", KRHN_ARRAY_OUTPUT_CHANNELS, 0},
    {"no input rows", KRHN_ARRAY_INPUT_HEIGHT, 0},
    {"no input columns", KRHN_ARRAY_INPUT_WIDTH, 0},
    {"no input channels", KRHN_ARRAY_INPUT_CHANNELS, 0},
    {"very many rows", KRHN_ARRAY_OUTPUT_ROWS, ~0u},
    {"a very late row", KRHN_ARRAY_OUTPUT_ROW, ~0u},
    {"very many columns", KRHN_ARRAY_OUTPUT_WIDTH, ~0u},
    {"a very wide map", KRHN_ARRAY_INPUT_WIDTH, ~0u},
    {"a very high map", KRHN_ARRAY_INPUT_HEIGHT, ~0u},
    {"very many channels", KRHN_ARRAY_INPUT_CHANNELS, ~0u},
    {"very many output channels", KRHN_ARRAY_OUTPUT_CHANNELS, ~0u},
    {"no kernel", KRHN_ARRAY_KERNEL, 0},
    {"a kernel without columns", KRHN_ARRAY_KERNEL, 0x300},
    {"no stride", KRHN_ARRAY_STRIDE, 0},
    {"a window all in the padding", KRHN_ARRAY_PADDING, 0x301},
    {"columns all in the padding", KRHN_ARRAY_PADDING, 0x103},
    {"no dilation", KRHN_ARRAY_DILATION, 0},
    {"a dilation without columns", KRHN_ARRAY_DILATION, 0x100},
    {"weights of one group", KRHN_ARRAY_GROUPS, 2},
    {"no groups", KRHN_ARRAY_GROUPS, 0},
    {"groups that do not divide the channels", KRHN_ARRAY_GROUPS, 3},
    {"more groups than input channels", KRHN_ARRAY_GROUPS, 8},
    {"very many groups", KRHN_ARRAY_GROUPS, ~0u},
    {"rows below the map", KRHN_ARRAY_OUTPUT_ROW, 2},
    {"columns beside the map", KRHN_ARRAY_OUTPUT_WIDTH, 7},
    {"no chunks", KRHN_ARRAY_WEIGHT_CHUNKS, 0},
    {"too few chunks", KRHN_ARRAY_OUTPUT_CHANNELS, 9},
    {"too many chunks", KRHN_ARRAY_WEIGHT_CHUNKS, 2},
    {"no channels in a chunk", KRHN_ARRAY_CHUNK_CHANNELS, 0},
    {"a map of another width", KRHN_ARRAY_INPUT_WIDTH, 6},
    {"a map of other channels", KRHN_ARRAY_INPUT_CHANNELS, 3},
    {"weights of another kernel", KRHN_ARRAY_KERNEL, 0x302},
    {"weights of fewer channels", KRHN_ARRAY_OUTPUT_CHANNELS, 7},
};

BOOST_DATA_TEST_CASE_F(Simulation, wrong_parameter, boost::unit_test::data::make(wrongs), wrong) {
    Bench b;
    const Layer l = small_layer();
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load(l.chunk(0));
        b.describe(l, 0, l.output_height, 0, 0);
        b.cpu.write32(wrong.offset, wrong.value);
        b.start();
        b.wait_for_jobs(1);
        check_error_and_recovery(b, KRHN_ERROR_PARAMETER);
    });
    b.check_accounts();
}

BOOST_FIXTURE_TEST_CASE(bad_chunks, Simulation) {
    const Layer l = small_layer();
    const std::vector<uint8_t> good = l.chunk(0);
    std::vector<uint8_t> too_short = good, too_long = good, negative = good;
    too_short.resize(8 * (8 + l.reduction()) - 1);
    too_long.resize(good.size() + 64);
    negative[4 * 8 + 3] = 0x80;  // the first multiplier has 32 bits
    for (const auto& chunk : {too_short, too_long, negative}) {
        Simulation fresh;
        Bench b;
        fresh.run_to_end([&] {
            b.write_rows(l, 0);
            b.load(chunk);
            b.describe(l, 0, l.output_height, 0, 0);
            b.start();
            b.wait_for_jobs(1);
            check_error_and_recovery(b, KRHN_ERROR_PARAMETER);
        });
    }
}

BOOST_FIXTURE_TEST_CASE(failed_load, Simulation) {
    Bench b;
    const Layer l = small_layer();
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load(l.chunk(0), true);
        b.describe(l, 0, l.output_height, 0, KRHN_ARRAY_CHUNK_OUTERMOST);
        b.start();
        b.wait_for_jobs(1);
        check_error_and_recovery(b, KRHN_ERROR_BUS);
    });
}

/// A chunk that a good job has used does not fit a job of other sizes.
BOOST_DATA_TEST_CASE_F(Simulation, known_chunk_in_a_wrong_job,
                       boost::unit_test::data::make({0, 1, 2}), changed) {
    Bench b;
    Layer l = small_layer();
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load(l.chunk(0));
        b.describe(l, 0, l.output_height, 0, 0);
        b.start();
        b.wait_for_jobs(1);
        if (changed == 2)
            b.cpu.write32(KRHN_ARRAY_FLAGS, KRHN_ARRAY_WEIGHTS_4_BIT);
        else if (changed)
            b.cpu.write32(KRHN_ARRAY_OUTPUT_CHANNELS, 4),
                b.cpu.write32(KRHN_ARRAY_CHUNK_CHANNELS, 4);
        else
            b.cpu.write32(KRHN_ARRAY_KERNEL, 0x102);
        b.start();
        b.wait_for_jobs(2);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == KRHN_ERROR_PARAMETER);
        BOOST_TEST(b.cpu.read32(KRHN_JOBS_DONE) == 1u);
    });
}

BOOST_FIXTURE_TEST_CASE(pass_beyond_the_map, Simulation) {
    Bench b;
    const Layer l = small_layer();
    run_to_end([&] {
        b.write_rows(l, 0);
        b.describe(l, 1, l.height, 0, 0);
        b.cpu.write32(KRHN_ARRAY_KIND, KRHN_ARRAY_PASS);
        b.start();
        b.wait_for_jobs(1);
        check_error_and_recovery(b, KRHN_ERROR_PARAMETER);
    });
}

BOOST_FIXTURE_TEST_CASE(logits_are_no_input, Simulation) {
    Bench b;
    const Layer l = small_layer();
    run_to_end([&] {
        b.load(l.chunk(0));
        for (uint32_t y = 0; y < l.height; ++y) {
            b.activation.open(0, UINT32_MAX, y, l.width, l.channels, Format::s32);
            b.activation.commit(0, y, l.channels);
        }
        b.describe(l, 0, l.output_height, 0, 0);
        b.start();
        b.wait_for_jobs(1);
        check_error_and_recovery(b, KRHN_ERROR_PARAMETER);
    });
}

BOOST_FIXTURE_TEST_CASE(start_when_full, Simulation) {
    Bench b;
    const Layer l = small_layer();
    run_to_end([&] {
        b.describe(l, 0, l.output_height, 0, 0);
        b.start();
        b.start();
        b.start();  // one waits for its rows, one is in the shadow
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == KRHN_ERROR_START_WHEN_FULL);
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
        b.write_rows(l, 0);
        b.load(l.chunk(0));
        wait(ns(100'000));
        BOOST_TEST(b.cpu.read32(KRHN_JOBS_DONE) == 0u);  // in error nothing finishes
    });
}

BOOST_FIXTURE_TEST_CASE(wrong_accesses, Simulation) {
    Bench b;
    run_to_end([&] {
        uint32_t word = 0;
        BOOST_TEST(b.cpu.write(KRHN_JOBS_DONE, &word, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(b.cpu.read(0x90, &word, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(b.cpu.read32(KRHN_ID) == block_id(4));
    });
}

}  // namespace
}  // namespace karhunen
