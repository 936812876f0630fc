// The clocks of the array: closed forms, and where the time goes when something is late.
#include <boost/test/data/test_case.hpp>

#include "tests/models/compute_array/bench.h"

namespace karhunen {
namespace {

using sc_core::sc_time_stamp;

struct Convolution {
    uint32_t count, output, channels, reduction;
};
// ResNet-18 at 224 x 224: the 17 convolutions of the main path, and the three shortcuts.
constexpr Convolution main_path[] = {
    {1, 112, 64, 3 * 49},  {4, 56, 64, 64 * 9},   {1, 28, 128, 64 * 9}, {3, 28, 128, 128 * 9},
    {1, 14, 256, 128 * 9}, {3, 14, 256, 256 * 9}, {1, 7, 512, 256 * 9}, {3, 7, 512, 512 * 9}};
constexpr Convolution shortcuts[] = {{1, 28, 128, 64}, {1, 14, 256, 128}, {1, 7, 512, 256}};

uint64_t clocks(const ArrayTiming& timing, std::span<const Convolution> layers) {
    uint64_t sum = 0;
    for (const Convolution& c : layers)
        sum += c.count * c.output * timing.convolution_clocks(c.output, c.channels, c.reduction);
    return sum;
}

BOOST_AUTO_TEST_CASE(array_of_the_paper_makes_one_value_per_clock) {
    const ArrayTiming paper{4608, 1, 64};
    BOOST_TEST(clocks(paper, main_path) == 2'308'096u);
    BOOST_TEST(clocks(paper, shortcuts) == 175'616u);
}

BOOST_AUTO_TEST_CASE(default_array) {
    // 576 x 4: passes of the main path are 1, 1, 1, 2, 2, 4, 4, 8 of four outputs each.
    const uint64_t expected = 112 * 112 * 16 + 4 * 56 * 56 * 16 + 28 * 28 * 32 +
                              3 * 28 * 28 * 32 * 2 + 14 * 14 * 64 * 2 + 3 * 14 * 14 * 64 * 4 +
                              7 * 7 * 128 * 4 + 3 * 7 * 7 * 128 * 8;
    BOOST_TEST(clocks({}, main_path) == expected);
    // Nothing is shared between passes: one product too many costs a whole pass.
    BOOST_TEST(ArrayTiming().convolution_clocks(1, 1, 576) == 1u);
    BOOST_TEST(ArrayTiming().convolution_clocks(1, 1, 577) == 2u);
    BOOST_TEST(ArrayTiming().convolution_clocks(7, 5, 1) == 14u);
    BOOST_TEST(ArrayTiming().pass_clocks(65) == 2u);
}

/// A depthwise row of 5 columns and 12 channels: 9 products a sum, one pass, 4 outputs at once.
BOOST_FIXTURE_TEST_CASE(depthwise_layers_use_few_lanes, Simulation) {
    Layer l = small_layer(6, 5, 12, 12, 8);
    l.groups = 12;
    Bench b;
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load_chunks(l);
        b.describe(l, 0, 6, 0, 0);
        b.start();
        b.wait_for_jobs(1);
    });
    b.check_sums(l, 2 * 6);
    BOOST_TEST(b.array.jobs().at(0).compute == ns(Bench::period_ns * 6 * 5 * (2 + 1)));
}

/// With everything there, a job takes its computing time and nothing else, and each slice leaves at
/// its own time although many are computed at once.
BOOST_DATA_TEST_CASE_F(Simulation, slices_leave_at_their_own_times,
                       boost::unit_test::data::make({0u, KRHN_ARRAY_CHUNK_OUTERMOST}), order) {
    const Layer l = small_layer(24, 5, 4, 10, 4);  // slices of 4, 4, 2 channels
    Bench b({10, 3, 64});                          // K = 36: 4 passes; 2, 2, 1 groups of outputs
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load_chunks(l);
        b.describe(l, 0, 24, 0, order);
        b.start();
        b.wait_for_jobs(1);
    });
    const ArrayJobRecord& job = b.array.jobs().at(0);
    sc_core::sc_time time = job.begin;
    for (const SlowSink::Taken& t : b.sink.taken) {
        time += ns(Bench::period_ns * 5 * 4 * (t.row.channels == 4 ? 2 : 1));
        BOOST_TEST(t.offered == time);
    }
    BOOST_TEST(job.end == time);
    BOOST_TEST(job.compute == ns(Bench::period_ns * 24 * 5 * 4 * 5));
    BOOST_TEST(job.end - job.begin == job.compute);
    b.check_sums(l, 72);
    b.check_accounts();
}

BOOST_FIXTURE_TEST_CASE(waits_are_told_apart, Simulation) {
    const Layer l = small_layer(2, 5, 4, 8, 4);
    Bench b({36, 4, 64});  // 5 clocks a slice, 4 slices
    b.sink.pause = ns(7);
    sc_core::sc_time begin;
    spawn([&] {
        b.load(l.chunk(0));
        b.write_row(l, 0, 0);
        wait(ns(10'000));
        b.write_row(l, 1, 0);  // output row 0 needs it
        wait(ns(10'000));
        b.load(l.chunk(1));
    });
    run_to_end([&] {
        b.describe(l, 0, 2, 0, 0);
        wait(ns(5'000) - sc_time_stamp());
        begin = sc_time_stamp() + ns(Bench::period_ns);  // the access to CONTROL takes a clock
        b.start();
        b.wait_for_jobs(1);
    });
    const ArrayJobRecord& job = b.array.jobs().at(0);
    BOOST_TEST(job.compute == ns(4 * 50));
    BOOST_TEST(job.wait_output == ns(4 * 7));
    BOOST_TEST(job.wait_input == ns(10'000) - job.begin);
    BOOST_TEST(job.wait_weights == ns(20'000 - 10'000 - 50 - 7));
    BOOST_TEST(job.begin <= begin);
    BOOST_TEST(job.end == ns(20'000 + 3 * (50 + 7)));
    b.check_accounts();
    Activity& activity = b.array.activity();
    BOOST_TEST(activity.time_in(State::busy) == job.compute);
    BOOST_TEST(activity.time_in(State::wait_input) == job.wait_input);
    BOOST_TEST(activity.time_in(State::wait_weights) == job.wait_weights);
    BOOST_TEST(activity.time_in(State::wait_output) == job.wait_output);
}

/// A shadow job begins when the running one ends, without a gap.
BOOST_FIXTURE_TEST_CASE(shadow_job_follows_without_a_gap, Simulation) {
    const Layer l = small_layer(40, 8, 4);
    Bench b;
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load_chunks(l);
        b.cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_READY);
        b.describe(l, 0, 20, 0, 0);
        b.start();
        while (!b.irq.read()) wait(b.irq.value_changed_event());
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == KRHN_STATUS_BUSY);
        b.describe(l, 20, 20, 0, 0);  // while the first runs: it has captured its parameters
        b.start();
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
        b.wait_for_jobs(2);
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == 0u);
    });
    b.check_sums(l, 40);
    BOOST_TEST(b.array.jobs().at(1).begin == b.array.jobs().at(0).end);
}

}  // namespace
}  // namespace karhunen
