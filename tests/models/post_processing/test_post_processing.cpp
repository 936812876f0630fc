// The values that post-processing makes, through its registers and ports, against their definition.
#include <boost/test/data/test_case.hpp>

#include "tests/models/post_processing/bench.h"

namespace karhunen {
namespace {

namespace data = boost::unit_test::data;

Work random_work(std::mt19937& random) {
    const auto pick = [&](uint32_t low, uint32_t high) {
        return static_cast<uint32_t>(low + random() % (high - low + 1));
    };
    Work w;
    w.height = pick(1, 12);
    w.width = pick(1, 12);
    w.channels = pick(1, 20);
    w.chunk_channels = pick(1, w.channels);
    w.format = static_cast<Format>(random() % 3);
    if (random() % 2) w.flags |= KRHN_POST_RELU;
    if (random() % 2) w.flags |= KRHN_POST_CHUNKED_ROWS;
    w.fill(random, false);
    if (random() % 2) {
        w.residual_format = random() % 2 ? Format::u8 : Format::s12;
        w.fill_residual(random);
        if (random() % 2) w.flags |= KRHN_POST_RELEASE_RESIDUAL;
    }
    if (random() % 2) {
        w.flags |= KRHN_POST_MAX_POOL;
        w.padding = pick(0, 2);
        w.kernel = pick(w.padding + 1, w.padding + 3);
        w.stride = pick(1, 4);
        w.height = std::max(w.height, w.kernel);
        w.width = std::max(w.width, w.kernel);
        w.fill(random, false);
        if (w.has(KRHN_POST_RESIDUAL)) w.fill_residual(random);
    }
    return w;
}

/// Any map in any bands, everything at random times, through buffers that are hardly large enough.
BOOST_DATA_TEST_CASE_F(Simulation, any_map_in_bands, data::xrange(1u, 81u), seed) {
    std::mt19937 random(seed);
    const Work w = random_work(random);
    const uint32_t band = w.has(KRHN_POST_CHUNKED_ROWS) ? w.height : 1 + random() % w.height;
    const uint32_t bands = (w.height + band - 1) / band;
    const uint32_t residual_sequence = static_cast<uint32_t>(random());
    const uint32_t output_sequence = static_cast<uint32_t>(random());
    const uint32_t row_bytes = w.output_size(w.width) * w.channels * bytes_of(w.format);
    Bench b(w.has(KRHN_POST_CHUNKED_ROWS) ? 1 << 20 : 2 * row_bytes);
    const auto pause = [&] { sc_core::wait(ns(random() % 300)); };

    spawn([&] {
        for (uint32_t y = 0; y < w.height && !w.residual.empty(); ++y) {
            pause();
            b.write_residual(w, y, residual_sequence);
        }
    });
    spawn([&] {
        for (uint32_t i = 0; i < bands; ++i)
            b.push(w, i * band, std::min(band, w.height - i * band), pause);
    });
    spawn([&] { b.check_results(w, output_sequence, b.output); });
    run_to_end([&] {
        for (uint32_t i = 0; i < bands; ++i) {
            b.describe(w, i * band, std::min(band, w.height - i * band), residual_sequence,
                       output_sequence);
            b.start();
            if (i > 0) b.wait_for_jobs(i);
        }
        b.wait_for_jobs(bands);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == 0u);
    });
    BOOST_TEST(b.output.fill() == 0u);
    const bool keeps_residual = !w.residual.empty() && !w.has(KRHN_POST_RELEASE_RESIDUAL);
    BOOST_TEST((b.residual.fill() != 0) == keeps_residual);
    b.check_accounts();
}

void run_whole(Simulation& simulation, Bench& b, const Work& w) {
    simulation.spawn([&] { b.push(w); });
    simulation.run_to_end([&] {
        b.describe(w, 0, w.height, 0, 0);
        b.start();
        b.wait_for_jobs(1);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
        b.check_results(w, 0, b.output);
    });
    b.check_accounts();
}

BOOST_DATA_TEST_CASE_F(Simulation, pass_jobs,
                       data::make({0u, 1u, 77777u}) *
                           data::make({0u, KRHN_POST_RELU, KRHN_POST_MAX_POOL,
                                       KRHN_POST_MAX_POOL | KRHN_POST_RELU}) *
                           data::make({0u, 1u, 2u}),
                       multiplier, flags, format) {
    std::mt19937 random(multiplier + flags + format);
    Work w;
    w.height = 6;
    w.flags = flags;
    w.format = static_cast<Format>(format);
    w.pass_multiplier = multiplier;
    w.shift = multiplier > 1 ? 16 : 0;
    if (flags & KRHN_POST_MAX_POOL) w.kernel = 2, w.stride = 2;
    w.fill(random, true);
    Bench b;
    run_whole(*this, b, w);
}

/// ResNet's: the mean of a 7 x 7 map, one rounding.
BOOST_DATA_TEST_CASE_F(Simulation, average_pooling, data::make({7u, 3u, 2u}) * data::make({0u, 1u}),
                       kernel, padding) {
    std::mt19937 random(8);
    Work w;
    w.height = w.width = 7;
    w.channels = w.chunk_channels = 20;
    w.flags = KRHN_POST_AVERAGE_POOL;
    w.kernel = kernel;
    w.stride = kernel == 2 ? 2 : 1;
    w.padding = padding;
    w.shift = 24;
    w.pass_multiplier = (1 << 24) / (kernel * kernel);
    w.fill(random, true);
    Bench b;
    run_whole(*this, b, w);
}

BOOST_DATA_TEST_CASE_F(Simulation, logits_stay_sums, data::make({0u, KRHN_POST_RELU}), flags) {
    std::mt19937 random(9);
    Work w;
    w.height = w.width = 1;
    w.channels = 100;
    w.chunk_channels = 16;
    w.format = Format::s32;
    w.flags = flags;
    w.fill(random, false);

    Bench b;
    run_whole(*this, b, w);
}

/// A shortcut convolution fills the residual buffer; the operation after it adds it.
BOOST_FIXTURE_TEST_CASE(shortcut_then_sum, Simulation) {
    std::mt19937 random(10);
    Work shortcut, sum;
    for (Work* w : {&shortcut, &sum}) {
        w->height = 9;
        w->chunk_channels = 4;
        w->fill(random, false);
    }
    shortcut.format = Format::s12;
    shortcut.flags = KRHN_POST_TO_RESIDUAL;
    sum.residual_format = Format::s12;
    sum.fill_residual(random);
    sum.flags |= KRHN_POST_RELEASE_RESIDUAL | KRHN_POST_RELU;
    for (uint32_t y = 0; y < 9; ++y)
        for (uint32_t x = 0; x < shortcut.width; ++x)
            for (uint32_t c = 0; c < shortcut.channels; ++c)
                sum.residual[sum.at(y, x, c)] = static_cast<int16_t>(shortcut.value(y, x, c));
    const uint32_t band_bytes = 3 * shortcut.width * shortcut.channels * 2;
    Bench b(1 << 20, band_bytes);  // one band of the shortcut
    spawn([&] {
        for (uint32_t row = 0; row < 9; row += 3) {
            b.push(shortcut, row, 3, [] {});
            b.push(sum, row, 3, [] {});
        }
    });
    run_to_end([&] {
        uint32_t jobs = 0;
        for (uint32_t row = 0; row < 9; row += 3)
            for (const Work* w : {&shortcut, &sum}) {
                b.describe(*w, row, 3, 500, w == &sum ? 40 : 500);
                b.start();
                if (jobs > 0) b.wait_for_jobs(jobs);
                ++jobs;
            }
        b.wait_for_jobs(jobs);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
        b.check_results(sum, 40, b.output);
    });
    BOOST_TEST(b.residual.fill() == 0u);
    BOOST_TEST(b.residual.peak() == band_bytes);
}

/// relu(c + relu(b + a)): the inner sum goes to a region of the residual buffer, the outer one to a
/// region of the activation buffer, band by band.
BOOST_FIXTURE_TEST_CASE(a_sum_of_three_maps, Simulation) {
    std::mt19937 random(11);
    Work inner, outer;
    for (Work* w : {&inner, &outer}) {
        w->height = 8;
        w->shift = 20;
        w->pass_multiplier = 3 << 18;
        w->fill(random, true);
        for (int32_t& v : w->sums) v -= 128;
        w->residual_format = Format::s12;
        w->fill_residual(random);
        w->residual_multiplier = 5 << 17;
        w->flags |= KRHN_POST_RELEASE_RESIDUAL | KRHN_POST_RELU;
    }
    inner.format = Format::s12;
    inner.flags |= KRHN_POST_TO_RESIDUAL;
    inner.result_region = outer.residual_region = 3;
    outer.flags |= KRHN_POST_TO_INPUT;
    outer.result_region = 2;
    for (uint32_t y = 0; y < inner.height; ++y)
        for (uint32_t x = 0; x < inner.width; ++x)
            for (uint32_t c = 0; c < inner.channels; ++c)
                outer.residual[outer.at(y, x, c)] = static_cast<int16_t>(inner.value(y, x, c));
    const uint32_t row_bytes = inner.width * inner.channels * 2;
    Bench b(1 << 20, 5 * row_bytes);  // a row of `a`, and a band of the inner sum
    spawn([&] {
        for (uint32_t y = 0; y < inner.height; ++y) b.write_residual(inner, y, 70, row_bytes);
    });
    spawn([&] {
        for (uint32_t row = 0; row < 8; row += 4)
            for (const Work* w : {&inner, &outer}) b.push(*w, row, 4, [] {});
    });
    run_to_end([&] {
        uint32_t jobs = 0;
        for (uint32_t row = 0; row < 8; row += 4)
            for (const Work* w : {&inner, &outer}) {
                b.describe(*w, row, 4, 70, w == &outer ? 40 : 70);
                b.start();
                if (jobs > 0) b.wait_for_jobs(jobs);
                ++jobs;
            }
        b.wait_for_jobs(jobs);
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
        b.check_results(outer, 40, b.activation);
    });
    BOOST_TEST(b.residual.fill() == 0u);
    BOOST_TEST(b.output.peak() == 0u);
    b.check_accounts();
}

}  // namespace
/// Two jobs make the same rows together, one after the other or band by band.
BOOST_DATA_TEST_CASE_F(Simulation, rows_made_by_two_jobs,
                       data::make({4u, 2u, 1u}) * data::make({false, true}), band, pools) {
    std::mt19937 random(8);
    Work parts[2];
    parts[0].channels = parts[0].chunk_channels = 6;
    parts[1].channels = 5, parts[1].chunk_channels = 3;
    for (Work& w : parts) {
        w.fill(random, false);
        if (pools) w.kernel = 2, w.flags |= KRHN_POST_MAX_POOL;
    }
    const uint32_t height = parts[0].output_size(4), width = parts[0].output_size(3);
    Bench b;
    run_to_end([&] {
        uint32_t jobs = 0;
        for (uint32_t row = 0; row < parts[0].height; row += band)
            for (uint32_t p = 0; p < 2; ++p) {
                b.describe(parts[p], row, band, 0, 70);
                b.cpu.write32(KRHN_POST_ROW_CHANNELS, 11);
                b.cpu.write32(KRHN_POST_FIRST_CHANNEL, p == 0 ? 0 : 6);
                b.start();
                b.push(parts[p], row, band, [] {});
                b.wait_for_jobs(++jobs);
                const uint32_t made = parts[0].rows_done(row + band);  // and not whole before
                for (uint32_t y = 0; y < height; ++y)
                    BOOST_TEST((b.output.peek(0, 70 + y) != nullptr) ==
                               (y < (p == 0 ? parts[0].rows_done(row) : made)));
            }
        BOOST_TEST(b.cpu.read32(KRHN_ERROR) == 0u);
    });
    unsigned wrong = 0;
    for (uint32_t y = 0; y < height; ++y) {
        const Row* row = b.output.peek(0, 70 + y);
        BOOST_TEST_REQUIRE(row != nullptr);
        BOOST_TEST(row->channels == 11u);
        BOOST_TEST(row->width == width);
        for (uint32_t x = 0; x < width; ++x)
            for (uint32_t c = 0; c < 11; ++c)
                wrong += row->values[x * 11 + c] !=
                         (c < 6 ? parts[0].result(y, x, c) : parts[1].result(y, x, c - 6));
    }
    BOOST_TEST(wrong == 0u);
}

}  // namespace karhunen
