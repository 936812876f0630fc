// When results appear, and who waits for whom.
#include "tests/models/post_processing/bench.h"

namespace karhunen {
namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

Work some_work(uint32_t height) {
    std::mt19937 random(2);
    Work w;
    w.height = height;
    w.fill(random, false);
    return w;
}

/// A result is there 8 clocks after its sums, and the array is not held up by that.
BOOST_FIXTURE_TEST_CASE(latency_does_not_cost_throughput, Simulation) {
    const Work w = some_work(20);
    Bench b;
    std::vector<sc_time> pushed, seen;
    run_to_end([&] {
        b.describe(w, 0, 20, 0, 0);
        b.start();
        spawn([&] {
            for (uint32_t y = 0; y < 20; ++y) {
                wait(ns(Bench::period_ns));  // a row per clock
                const sc_time before = sc_time_stamp();
                b.push(w, y, 1, [] {});
                BOOST_TEST(sc_time_stamp() == before);
                pushed.push_back(before);
            }
        });
        for (uint32_t y = 0; y < 20; ++y) {
            b.output.wait_for(0, y);
            seen.push_back(sc_time_stamp());
        }
        b.wait_for_jobs(1);
    });
    BOOST_TEST(seen.size() == 20u);
    for (uint32_t y = 0; y < 20; ++y) BOOST_TEST(seen[y] == pushed[y] + ns(8 * Bench::period_ns));
    BOOST_TEST(b.post.activity().time_in(State::busy) == ns(8 * Bench::period_ns));
    b.check_accounts();
}

/// With the output buffer full, one row is in work and two wait in the FIFO; the array blocks.
BOOST_FIXTURE_TEST_CASE(full_buffer_holds_up_the_array, Simulation) {
    const Work w = some_work(10);
    const uint32_t row_bytes = w.width * w.channels;
    Bench b(3 * row_bytes);
    uint32_t pushed = 0;
    spawn([&] {
        for (uint32_t y = 0; y < 10; ++y) {
            b.push(w, y, 1, [] {});
            ++pushed;
        }
    });
    run_to_end([&] {
        b.describe(w, 0, 10, 0, 0);
        b.start();
        wait(ns(10'000));
        BOOST_TEST(b.output.fill() == 3 * row_bytes);
        BOOST_TEST(pushed == 3u + 1 + 2);
        BOOST_TEST((b.post.activity().state() == State::wait_output));
        const sc_time blocked = b.post.activity().time_in(State::wait_output);
        BOOST_TEST(blocked > ns(9'000));
        b.output.release_before(0, 1);
        wait(ns(1000));
        BOOST_TEST(pushed == 3u + 1 + 2 + 1);
        b.output.release_before(0, 3);
        wait(ns(1000));
        BOOST_TEST(pushed == 9u);
        b.output.release_before(0, 9);  // rows 3 to 5; 6 to 8 follow
        wait(ns(1000));
        b.output.release_before(0, 9);
        b.wait_for_jobs(1);
    });
    b.check_accounts();
}

BOOST_FIXTURE_TEST_CASE(residual_is_waited_for, Simulation) {
    Work w = some_work(2);
    std::mt19937 random(3);
    w.fill_residual(random);
    Bench b;
    spawn([&] { b.push(w); });
    run_to_end([&] {
        b.describe(w, 0, 2, 70, 0);
        b.start();
        b.write_residual(w, 0, 70);
        wait(ns(5'000) - sc_time_stamp());
        BOOST_TEST(b.output.peek(0, 0));
        BOOST_TEST(!b.output.peek(0, 1));
        BOOST_TEST((b.post.activity().state() == State::wait_input));
        b.write_residual(w, 1, 70);
        b.output.wait_for(0, 1);
        BOOST_TEST(sc_time_stamp() == ns(5'000 + 8 * Bench::period_ns));
        b.check_results(w, 0, b.output);
    });
}

/// Chunk by chunk, a row is complete with its last chunk and not before.
BOOST_FIXTURE_TEST_CASE(chunked_rows_complete_with_the_last_chunk, Simulation) {
    Work w = some_work(3);
    w.chunk_channels = 2;
    w.flags |= KRHN_POST_CHUNKED_ROWS;
    Bench b;
    run_to_end([&] {
        b.describe(w, 0, 3, 0, 0);
        b.start();
        for (uint32_t c = 0; c < 6; c += 2)
            for (uint32_t y = 0; y < 3; ++y) {
                b.post.sums->push(w.slice(y, c));
                wait(ns(1000));
                for (uint32_t other = 0; other < 3; ++other)
                    BOOST_TEST((b.output.peek(0, other) != nullptr) == (c == 4 && other <= y));
            }
        b.check_results(w, 0, b.output);
    });
}

}  // namespace
}  // namespace karhunen
