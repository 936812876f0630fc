// The sums of the array, through its registers and ports, against the definition of a convolution.
#include <boost/test/data/test_case.hpp>

#include "tests/models/compute_array/bench.h"

namespace karhunen {
namespace {

namespace data = boost::unit_test::data;

Layer random_layer(std::mt19937& random) {
    const auto pick = [&](uint32_t low, uint32_t high) {
        return static_cast<uint32_t>(low + random() % (high - low + 1));
    };
    Layer l{};
    l.kernel_y = pick(1, 7);
    l.kernel_x = pick(1, 7);
    l.stride_y = pick(1, 4);
    l.stride_x = pick(1, 4);
    l.dilation_y = pick(1, 3);
    l.dilation_x = pick(1, 3);
    l.top = pick(0, (l.kernel_y - 1) * l.dilation_y);
    l.left = pick(0, (l.kernel_x - 1) * l.dilation_x);
    l.height = pick(1, 20);
    l.width = pick(1, 20);
    l.groups = pick(0, 1) ? pick(1, 20) : 1;
    l.channels = l.groups * pick(1, l.groups > 1 ? 3 : 20);
    // The last window begins inside the map and may reach beyond it.
    l.output_height = (l.height - 1 + l.top) / l.stride_y + 1;
    l.output_width = (l.width - 1 + l.left) / l.stride_x + 1;
    l.output_channels = l.groups * pick(1, l.groups > 1 ? 3 : 40);
    l.chunk_channels = pick(1, l.output_channels);
    l.weight_bits = pick(0, 1) ? 8 : 4;
    l.fill(random);
    return l;
}

/// Any layer, cut into bands, with input, weights and sink at random times, in both orders.
BOOST_DATA_TEST_CASE_F(Simulation, any_layer_in_bands, data::xrange(1u, 41u), seed) {
    std::mt19937 random(seed);
    const Layer l = random_layer(random);
    const bool is_chunk_first = seed % 2;
    const uint32_t band = is_chunk_first ? l.output_height : 1 + random() % l.output_height;
    const uint32_t bands = (l.output_height + band - 1) / band;
    const uint32_t sequence = static_cast<uint32_t>(random());  // may wrap around
    const uint32_t region = random() % 2;
    Bench b(
        {1 + static_cast<uint32_t>(random() % 700), 1 + static_cast<uint32_t>(random() % 9), 64});
    b.sink.most_random_ns = random() % 2 ? 3000 : 0;
    b.sink.random.seed(seed);
    const bool is_early = random() % 2;

    spawn([&] {
        for (uint32_t y = 0; y < l.height; ++y) {
            if (!is_early) sc_core::wait(ns(random() % 2000));
            b.write_row(l, y, sequence, region);
        }
    });
    spawn([&] {
        for (uint32_t c = 0; c < l.chunks(); ++c) {
            if (!is_early) sc_core::wait(ns(random() % 20000));
            b.load(l.chunk(c));
        }
    });
    run_to_end([&] {
        for (uint32_t i = 0; i < bands; ++i) {
            const uint32_t row = i * band, rows = std::min(band, l.output_height - row);
            const bool is_last = i + 1 == bands;
            uint32_t flags = KRHN_ARRAY_RELEASE_SLIDING;
            if (is_chunk_first) flags |= KRHN_ARRAY_CHUNK_OUTERMOST;
            if (is_last) flags |= KRHN_ARRAY_RELEASE_ALL | KRHN_ARRAY_RELEASE_WEIGHTS;
            b.describe(l, row, rows, sequence, flags, 0, region);
            b.start();
            if (i > 0) b.wait_for_jobs(i);
        }
        b.wait_for_jobs(bands);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
    });
    b.check_sums(l, l.output_height * l.chunks());
    b.check_accounts();
    // Order of the slices.
    for (size_t i = 0; i < b.sink.taken.size(); ++i) {
        const uint32_t row = is_chunk_first ? i % l.output_height : i / l.chunks();
        const uint32_t chunk = is_chunk_first ? i / l.output_height : i % l.chunks();
        BOOST_TEST(b.sink.taken[i].row.row == row);
        BOOST_TEST(b.sink.taken[i].row.first_channel == chunk * l.chunk_channels);
    }
    BOOST_TEST(b.activation.fill() == 0u);
    BOOST_TEST(b.weights.fill() == 0u);
    for (const ArrayJobRecord& j : b.array.jobs()) BOOST_TEST(j.tag == 42u);
}

BOOST_DATA_TEST_CASE_F(Simulation, extreme_values_stay_exact, data::make({255, 254}), input) {
    Layer l = small_layer(4, 4, 512, 3, 3);  // K = 4608: sums beyond 2^24
    std::fill(l.input.begin(), l.input.end(), input);
    for (size_t i = 0; i < l.weights.size(); ++i)
        l.weights[i] = i < l.reduction() ? -128 : i < 2 * l.reduction() ? 127 : 126 + int(i % 2);
    Bench b;
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load_chunks(l);
        b.describe(l, 0, l.output_height, 0, 0);
        b.start();
        b.wait_for_jobs(1);
    });
    b.check_sums(l, 4);
}

/// Fully connected: a 1 x 1 map.
BOOST_FIXTURE_TEST_CASE(fully_connected, Simulation) {
    Layer l{1, 1, 512, 1, 1, 1, 1, 0, 0, 1, 1, 1000, 64, {}, {}, {}, {}, 1, 1, 1};
    std::mt19937 random(3);
    l.fill(random);
    Bench b;
    run_to_end([&] {
        b.write_rows(l, 9);
        b.load_chunks(l);
        b.describe(l, 0, 1, 9, KRHN_ARRAY_RELEASE_ALL | KRHN_ARRAY_RELEASE_WEIGHTS);
        b.start();
        b.wait_for_jobs(1);
    });
    b.check_sums(l, 16);
    // 512 products fit one pass; 4 outputs a clock.
    BOOST_TEST(b.array.jobs().at(0).compute == ns(Bench::period_ns * 250));
}

BOOST_FIXTURE_TEST_CASE(pass_hands_rows_through, Simulation) {
    const Layer l = small_layer(5, 7, 3);
    Bench b({576, 4, 4});
    run_to_end([&] {
        b.write_rows(l, 100);
        b.describe(l, 0, 3, 100, KRHN_ARRAY_RELEASE_SLIDING);
        b.cpu.write32(KRHN_ARRAY_KIND, KRHN_ARRAY_PASS);
        b.start();
        b.wait_for_jobs(1);
        BOOST_TEST(b.activation.fill() == 2u * 7 * 3);
        b.cpu.write32(KRHN_ARRAY_OUTPUT_ROW, 3);
        b.cpu.write32(KRHN_ARRAY_OUTPUT_ROWS, 2);
        b.cpu.write32(KRHN_ARRAY_FLAGS, KRHN_ARRAY_RELEASE_ALL);
        b.start();
        b.wait_for_jobs(2);
    });
    BOOST_TEST(b.activation.fill() == 0u);
    BOOST_TEST(b.sink.taken.size() == 5u);
    for (uint32_t y = 0; y < b.sink.taken.size(); ++y) {
        const SumRow& row = b.sink.taken[y].row;
        BOOST_TEST(row.row == y);
        BOOST_TEST(row.channels == 3u);
        BOOST_TEST(!row.parameters);
        BOOST_TEST(std::equal(row.sums.begin(), row.sums.end(), l.input.begin() + y * 21));
    }
    BOOST_TEST(b.array.jobs().at(0).compute == ns(Bench::period_ns * 3 * 6));  // ceil(21 / 4)
    b.check_accounts();
}

/// The sliding window needs room for kernel + stride - 1 rows only: here the buffer has no more.
BOOST_DATA_TEST_CASE_F(Simulation, sliding_release_makes_room, data::make({1u, 2u, 3u}), stride) {
    Layer l = small_layer(20, 4, 2);
    l.stride_y = l.stride_x = stride;
    l.output_height = 19 / stride + 1;
    l.output_width = 3 / stride + 1;
    Bench b({}, (3 + stride - 1) * 8);
    spawn([&] { b.write_rows(l, 0xFFFFFFF0); });
    run_to_end([&] {
        b.load_chunks(l);
        b.describe(l, 0, l.output_height, 0xFFFFFFF0,
                   KRHN_ARRAY_RELEASE_SLIDING | KRHN_ARRAY_RELEASE_ALL);
        b.start();
        b.wait_for_jobs(1);
    });
    b.check_sums(l, l.output_height);
    BOOST_TEST(b.activation.fill() == 0u);
}

BOOST_FIXTURE_TEST_CASE(rows_and_weights_stay_without_release, Simulation) {
    const Layer l = small_layer(6, 5, 4, 8, 3);
    Bench b;
    run_to_end([&] {
        b.write_rows(l, 0);
        b.load_chunks(l);
        for (uint32_t job = 1; job <= 3; ++job) {  // the second operation reads the same map again
            const uint32_t flags = job == 2   ? KRHN_ARRAY_CHUNK_OUTERMOST
                                   : job == 3 ? KRHN_ARRAY_RELEASE_WEIGHTS
                                              : 0;
            b.describe(l, 0, l.output_height, 0, flags);
            b.start();
            b.wait_for_jobs(job);
            BOOST_TEST(b.activation.fill() == 6u * 5 * 4);
            BOOST_TEST((b.weights.fill() != 0) == (job < 3));
        }
    });
    b.check_sums(l, 3 * 3 * l.output_height);
}

}  // namespace
}  // namespace karhunen
