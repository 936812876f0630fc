// Parameters and data that post-processing refuses; it works again after a reset.
#include <boost/test/data/test_case.hpp>

#include "tests/models/post_processing/bench.h"

namespace karhunen {
namespace {

Work some_work() {
    std::mt19937 random(2);
    Work w;
    w.fill(random, false);
    return w;
}

void check_error_and_recovery(Bench& b) {
    BOOST_TEST(b.cpu.read32(KRHN_ERROR) == KRHN_ERROR_PARAMETER);
    BOOST_TEST((b.cpu.read32(KRHN_IRQ_STATUS) & KRHN_IRQ_ERROR) != 0u);
    BOOST_TEST(b.cpu.read32(KRHN_JOBS_DONE) == 0u);
    // What the array still makes is swallowed: it can end its job.
    const Work w = some_work();
    const sc_core::sc_time before = sc_core::sc_time_stamp();
    for (int i = 0; i < 3; ++i) b.push(w);
    BOOST_TEST(sc_core::sc_time_stamp() == before);
    b.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
    sc_core::wait(ns(100));
    BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
    b.describe(w, 0, w.height, 0, 8000);
    b.start();
    b.push(w);
    b.wait_for_jobs(1);
    BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
    b.check_results(w, 8000, b.output);
}

struct Wrong {
    const char* what;
    uint32_t flags;  ///< in addition
    std::vector<std::pair<uint32_t, uint32_t>> writes;
};
std::ostream& operator<<(std::ostream& out, const Wrong& w) {
    return out << w.what;
}
const std::vector<Wrong> wrongs{
    {"unknown flag", 0x100, {}},
    {"unknown format", 0, {{KRHN_POST_FORMAT, 4}}},
    {"no columns", 0, {{KRHN_POST_WIDTH, 0}}},
    {"no rows", 0, {{KRHN_POST_ROWS, 0}}},
    {"no channels", 0, {{KRHN_POST_CHANNELS, 0}}},
    {"very many columns", 0, {{KRHN_POST_WIDTH, ~0u}}},
    {"very many rows", 0, {{KRHN_POST_ROWS, ~0u}, {KRHN_POST_OUTPUT_ROWS, ~0u}}},
    {"very many channels", 0, {{KRHN_POST_CHANNELS, ~0u}}},
    {"a shift of 63", 0, {{KRHN_POST_SHIFT, 63}}},
    {"a multiplier of 32 bits", 0, {{KRHN_POST_MULTIPLIER, 1u << 31}}},
    {"a residual multiplier of 32 bits", 0, {{KRHN_POST_RESIDUAL_MULTIPLIER, 1u << 31}}},
    {"more result rows than rows", 0, {{KRHN_POST_OUTPUT_ROWS, 5}}},
    {"residual of logits", KRHN_POST_RESIDUAL, {{KRHN_POST_FORMAT, 3}}},
    {"residual into itself", KRHN_POST_RESIDUAL | KRHN_POST_TO_RESIDUAL, {}},
    {"results to two buffers", KRHN_POST_TO_INPUT | KRHN_POST_TO_RESIDUAL, {}},
    {"a residual region too many", 0, {{KRHN_POST_RESIDUAL_REGION, KRHN_BUFFER_REGIONS}}},
    {"a region too many", KRHN_POST_TO_INPUT, {{KRHN_POST_RESULT_REGION, KRHN_BUFFER_REGIONS}}},
    {"a region of the output buffer", 0, {{KRHN_POST_RESULT_REGION, 1}}},
    {"a row of fewer channels", 0, {{KRHN_POST_ROW_CHANNELS, 5}}},
    {"channels behind the row", 0, {{KRHN_POST_FIRST_CHANNEL, 1}}},
    {"channels far behind the row", 0, {{KRHN_POST_FIRST_CHANNEL, ~0u}}},
    {"a very long row", 0, {{KRHN_POST_ROW_CHANNELS, ~0u}}},
    {"a residual of a part of a row", KRHN_POST_RESIDUAL, {{KRHN_POST_ROW_CHANNELS, 7}}},
    {"unknown bits of the window", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0x02010100}}},
    {"two poolings", KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL, {}},
    {"no pooling window", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0x000100}}},
    {"no pooling stride", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0x010000}}},
    {"pooling of padding only", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0x020102}}},
    {"a huge window", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0xFFFF0100}}},
    {"a window wider than the map", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL, 0x040100}}},
    {"a map of no rows", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL_HEIGHT, 0}}},
    {"rows beyond the map", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL_HEIGHT, 3}}},
    {"a row beyond the map", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL_ROW, ~0u}}},
    {"a very high map", KRHN_POST_MAX_POOL, {{KRHN_POST_POOL_HEIGHT, ~0u}}},
    {"maximum of logits", KRHN_POST_MAX_POOL, {{KRHN_POST_FORMAT, 3}}},
    {"pooling that begins in the middle",
     KRHN_POST_MAX_POOL,
     {{KRHN_POST_POOL_HEIGHT, 8}, {KRHN_POST_POOL_ROW, 4}}},
    {"average of sums with parameters", KRHN_POST_AVERAGE_POOL, {{KRHN_POST_MULTIPLIER, 1}}},
    {"rows of another width", 0, {{KRHN_POST_WIDTH, 4}}},
    {"rows of fewer channels", 0, {{KRHN_POST_CHANNELS, 5}}},
};

BOOST_DATA_TEST_CASE_F(Simulation, wrong_parameter, boost::unit_test::data::make(wrongs), wrong) {
    Bench b;
    Work w = some_work();
    w.flags |= wrong.flags;
    run_to_end([&] {
        b.describe(w, 0, w.height, 0, 0);
        for (const auto& [offset, value] : wrong.writes) b.cpu.write32(offset, value);
        b.start();
        b.push(w);
        b.wait_for_jobs(1);
        check_error_and_recovery(b);
    });
    b.check_accounts();
}

/// The lines of pooling hold the rows before: a job cannot leave some out.
BOOST_FIXTURE_TEST_CASE(pooling_must_go_on_where_it_stopped, Simulation) {
    Work w = some_work();
    w.height = 12;
    w.flags |= KRHN_POST_MAX_POOL;
    w.kernel = w.stride = 2;
    w.width = 4;
    std::mt19937 random(1);
    w.fill(random, false);
    Bench b;
    run_to_end([&] {
        b.describe(w, 0, 4, 0, 0);
        b.start();
        b.push(w, 0, 4, [] {});
        b.wait_for_jobs(1);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
        b.describe(w, 6, 4, 0, 0);
        b.start();
        b.wait_for_jobs(2);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == KRHN_ERROR_PARAMETER);
    });
}

BOOST_FIXTURE_TEST_CASE(slices_must_come_in_order, Simulation) {
    Work w = some_work();
    w.chunk_channels = 2;
    std::vector<SumRow> wrong;
    wrong.push_back(w.slice(0, 2));  // not the first
    wrong.push_back(w.slice(0, 0));
    wrong.back().channels = 7;  // more than the row has
    wrong.push_back(w.slice(0, 0));
    wrong.back().channels = 0;
    wrong.push_back(w.slice(0, 0));
    wrong.back().sums.pop_back();
    wrong.push_back(w.slice(0, 0));
    wrong.back().parameters = std::make_shared<const std::vector<int32_t>>(3);
    for (const SumRow& slice : wrong) {
        Simulation fresh;
        Bench b;
        fresh.run_to_end([&] {
            b.describe(w, 0, w.height, 0, 0);
            b.start();
            b.post.sums->push(slice);
            b.wait_for_jobs(1);
            check_error_and_recovery(b);
        });
    }
}

BOOST_FIXTURE_TEST_CASE(chunks_must_be_equal_for_all_rows, Simulation) {
    Work w = some_work();
    w.flags |= KRHN_POST_CHUNKED_ROWS;
    Bench b;
    run_to_end([&] {
        b.describe(w, 0, w.height, 0, 0);
        b.start();
        w.chunk_channels = 2;
        b.post.sums->push(w.slice(0, 0));
        w.chunk_channels = 3;
        b.post.sums->push(w.slice(1, 0));
        b.wait_for_jobs(1);
        check_error_and_recovery(b);
    });
}

BOOST_FIXTURE_TEST_CASE(residual_must_have_the_same_shape, Simulation) {
    Work w = some_work();
    std::mt19937 random(1);
    w.fill_residual(random);
    Work narrow = w;
    narrow.width = 2;
    Bench b;
    run_to_end([&] {
        b.write_residual(narrow, 0, 0);
        b.describe(w, 0, w.height, 0, 0);
        b.start();
        b.push(w);
        b.wait_for_jobs(1);
        check_error_and_recovery(b);
    });
}

BOOST_FIXTURE_TEST_CASE(row_larger_than_the_buffer, Simulation) {
    Work w = some_work();
    w.width = 30;
    std::mt19937 random(1);
    w.fill(random, false);
    Bench b(100);
    run_to_end([&] {
        b.describe(w, 0, w.height, 0, 0);
        b.start();
        b.push(w);
        b.wait_for_jobs(1);
        check_error_and_recovery(b);
    });
}

BOOST_FIXTURE_TEST_CASE(wrong_accesses, Simulation) {
    Bench b;
    run_to_end([&] {
        uint32_t word = 0;
        BOOST_TEST(b.cpu.write(KRHN_STATUS, &word, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(b.cpu.read(0x8C, &word, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(b.cpu.read32(KRHN_ID) == block_id(5));
        for (int i = 0; i < 3; ++i) b.start();  // one runs (into an error), one waits
        BOOST_TEST((b.cpu.read32(KRHN_ERROR) & KRHN_ERROR_PARAMETER) != 0u);
    });
}

}  // namespace
}  // namespace karhunen
