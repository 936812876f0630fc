// Array and post-processing through the C API, against loops over whole maps.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "models/arithmetic/requantise.h"
#include "models/arithmetic/transform.h"
#include "tests/models/golden/handles.h"

using namespace karhunen;
namespace tt = boost::test_tools;

namespace {

std::vector<int32_t> random_values(size_t count, int32_t low, int32_t high, std::mt19937& random) {
    std::uniform_int_distribution<int32_t> value(low, high);
    std::vector<int32_t> values(count);
    for (int32_t& v : values) v = value(random);
    return values;
}

std::vector<int32_t> convolved(const karhunen_convolution& c, const std::vector<int32_t>& input,
                               const std::vector<int8_t>& weights) {
    std::vector<int32_t> sums;
    const uint32_t per_group = c.channels / c.groups, of_group = c.output_channels / c.groups;
    for (uint32_t y = 0; y < c.output_rows; ++y)
        for (uint32_t x = 0; x < c.output_columns; ++x)
            for (uint32_t o = 0; o < c.output_channels; ++o) {
                uint32_t sum = 0;
                for (uint32_t ky = 0; ky < c.kernel_y; ++ky)
                    for (uint32_t kx = 0; kx < c.kernel_x; ++kx)
                        for (uint32_t i = 0; i < per_group; ++i) {
                            const int64_t iy = int64_t{y} * c.stride_y + ky * c.dilation_y -
                                               int64_t{c.padding_top};
                            const int64_t ix = int64_t{x} * c.stride_x + kx * c.dilation_x -
                                               int64_t{c.padding_left};
                            if (iy < 0 || iy >= c.rows || ix < 0 || ix >= c.columns) continue;
                            const auto from = static_cast<size_t>(
                                (iy * c.columns + ix) * c.channels + o / of_group * per_group + i);
                            const size_t w = ((size_t{ky} * c.kernel_x + kx) * per_group + i) *
                                                 c.output_channels +
                                             o;
                            sum += static_cast<uint32_t>(input[from] * weights[w]);
                        }
                sums.push_back(static_cast<int32_t>(sum));
            }
    return sums;
}

struct PoolCase {
    karhunen_pooling shape;
    uint32_t rows, columns;  ///< expected of the result
};
const PoolCase pools[] = {{{6, 6, 3, 2, 2, 0, 0}, 3, 3},
                          {{7, 9, 2, 3, 2, 1, 0}, 4, 5},
                          {{7, 7, 5, 3, 2, 0, 1}, 3, 3},
                          {{6, 8, 2, 3, 2, 0, 1}, 3, 4},
                          {{4, 4, 8, 4, 4, 0, 0}, 1, 1}};

/// Calls use(values of the window inside the map) for each result in order.
template <typename Use>
void for_each_window(const PoolCase& c, const std::vector<int32_t>& map, Use&& use) {
    const karhunen_pooling& p = c.shape;
    for (uint32_t y = 0; y < c.rows; ++y)
        for (uint32_t x = 0; x < c.columns; ++x)
            for (uint32_t channel = 0; channel < p.channels; ++channel) {
                std::vector<int32_t> window;
                for (uint32_t ky = 0; ky < p.kernel; ++ky)
                    for (uint32_t kx = 0; kx < p.kernel; ++kx) {
                        const int64_t iy = int64_t{y} * p.stride + ky - p.padding;
                        const int64_t ix = int64_t{x} * p.stride + kx - p.padding;
                        if (iy >= 0 && iy < p.rows && ix >= 0 && ix < p.columns)
                            window.push_back(map[static_cast<size_t>(
                                (iy * p.columns + ix) * p.channels + channel)]);
                    }
                use(window);
            }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_arithmetic)

BOOST_AUTO_TEST_CASE(convolution) {
    std::mt19937 random(11);
    const Golden golden;
    const karhunen_convolution shapes[] = {
        {5, 6, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, 5, 6, 5},     // same size
        {9, 7, 3, 7, 5, 2, 2, 1, 1, 3, 2, 1, 5, 4, 17},    // as the first layer
        {8, 8, 6, 3, 3, 1, 2, 2, 1, 2, 1, 2, 8, 4, 4},     // dilated, two groups
        {6, 6, 16, 3, 3, 1, 1, 1, 1, 1, 1, 16, 6, 6, 16},  // depthwise
        {1, 1, 40, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 10},   // fully connected
        {4, 4, 2, 3, 3, 1, 1, 1, 1, 5, 5, 1, 9, 9, 2},     // windows all in the padding
    };
    for (const karhunen_convolution& c : shapes) {
        const auto input =
            random_values(size_t{c.rows} * c.columns * c.channels, -2048, 2047, random);
        std::vector<int8_t> weights(size_t{c.kernel_y} * c.kernel_x * (c.channels / c.groups) *
                                    c.output_channels);
        for (int8_t& w : weights) w = static_cast<int8_t>(random());
        std::vector<int32_t> sums(size_t{c.output_rows} * c.output_columns * c.output_channels);
        BOOST_TEST(karhunen_convolve(golden.c(), &c, input.data(), weights.data(), sums.data()) ==
                       KARHUNEN_OK,
                   golden.message());
        BOOST_TEST(sums == convolved(c, input, weights), tt::per_element());
    }
}

BOOST_AUTO_TEST_CASE(requantisation) {
    std::mt19937 random(12);
    const Golden golden;
    constexpr size_t pixels = 9;
    constexpr uint32_t channels = 5;
    for (const uint32_t format : {KARHUNEN_U8, KARHUNEN_S8, KARHUNEN_S12, KARHUNEN_S32})
        for (const uint32_t shift : {0u, 1u, 20u, 40u, 62u})
            for (const uint32_t relu_and_residual : {0u, 1u, 2u, 3u}) {
                const uint32_t relu = relu_and_residual % 2;
                const bool residual = relu_and_residual > 1;
                if (residual && format == KARHUNEN_S32) continue;
                const karhunen_requantisation how{format, relu, shift, 1234567};
                const auto sums = random_values(pixels * channels, -(1 << 28), 1 << 28, random);
                const auto bias = random_values(channels, -(1 << 20), 1 << 20, random);
                const auto multiplier = random_values(channels, 0, INT32_MAX, random);
                const auto added = random_values(pixels * channels, -2048, 2047, random);
                std::vector<int32_t> result(pixels * channels);
                BOOST_TEST(karhunen_requantise(golden.c(), &how, pixels, channels, sums.data(),
                                               bias.data(), multiplier.data(),
                                               residual ? added.data() : nullptr,
                                               result.data()) == KARHUNEN_OK);
                const auto f = static_cast<Format>(format);
                for (size_t i = 0; i < result.size(); ++i) {
                    const size_t c = i % channels;
                    const __int128 half = shift ? __int128{1} << (shift - 1) : 0;
                    const __int128 exact = __int128{sums[i] + bias[c]} * multiplier[c] +
                                           (residual ? __int128{added[i]} * 1234567 : 0) + half;
                    const auto scaled = static_cast<int64_t>(
                        f == Format::s32 ? __int128{sums[i] + bias[c]} : exact >> shift);
                    const int64_t low = how.relu ? 0 : min_of(f);
                    BOOST_TEST(result[i] == std::clamp(scaled, low, max_of(f)));
                }
            }
}

BOOST_AUTO_TEST_CASE(sum_of_maps) {
    std::mt19937 random(13);
    const Golden golden;
    const karhunen_requantisation how{KARHUNEN_U8, 1, 9, 300};
    const auto a = random_values(100, 0, 255, random), b = random_values(100, -128, 127, random);
    std::vector<int32_t> result(100);
    BOOST_TEST(karhunen_add(golden.c(), &how, 100, a.data(), 700, b.data(), result.data()) ==
               KARHUNEN_OK);
    for (size_t i = 0; i < 100; ++i)
        BOOST_TEST(result[i] == std::clamp((a[i] * 700 + b[i] * 300 + 256) >> 9, 0, 255));
}

BOOST_AUTO_TEST_CASE(pooling) {
    std::mt19937 random(14);
    const Golden golden;
    for (const PoolCase& c : pools) {
        const karhunen_pooling& p = c.shape;
        uint32_t rows = 0, columns = 0;
        BOOST_TEST(karhunen_pooled_size(golden.c(), &p, &rows, &columns) == KARHUNEN_OK);
        BOOST_TEST(rows == c.rows);
        BOOST_TEST(columns == c.columns);
        const auto map = random_values(size_t{p.rows} * p.columns * p.channels, -128, 127, random);
        std::vector<int32_t> result(size_t{rows} * columns * p.channels);
        BOOST_TEST(karhunen_max_pool(golden.c(), &p, map.data(), result.data()) == KARHUNEN_OK);
        size_t i = 0;
        for_each_window(c, map, [&](const std::vector<int32_t>& window) {
            BOOST_TEST(result[i++] == *std::max_element(window.begin(), window.end()));
        });
        const karhunen_requantisation how{KARHUNEN_S8, 0, 12, 0};
        BOOST_TEST(karhunen_average_pool(golden.c(), &p, &how, 455, map.data(), result.data()) ==
                   KARHUNEN_OK);
        i = 0;
        for_each_window(c, map, [&](const std::vector<int32_t>& window) {
            int32_t sum = 0;
            for (const int32_t v : window) sum += v;
            BOOST_TEST(result[i++] == std::clamp((sum * 455 + 2048) >> 12, -128, 127));
        });
    }
}

// Parameters of one's own, no codec around them, against the naive transform.
BOOST_AUTO_TEST_CASE(transform) {
    std::mt19937 random(15);
    const Golden golden;
    TransformParameters p;
    p.channels = 7;
    p.components = 4;
    for (int i = 0; i < 28; ++i) p.matrix.push_back(static_cast<int8_t>(random()));
    for (const int32_t m : random_values(7, -300, 300, random))
        p.mean.push_back(static_cast<int16_t>(m));
    p.forward = random_values(4, 0, 1 << 20, random);
    p.inverse = random_values(4, 0, 1 << 20, random);
    p.offset = random_values(7, -(1 << 20), 1 << 20, random);
    p.forward_shift = 24;
    p.inverse_shift = 12;
    p.low = -500;
    p.high = 600;
    p.out_multiplier = 77777;
    p.out_shift = 30;
    const karhunen_transform t{7,
                               4,
                               p.matrix.data(),
                               p.mean.data(),
                               p.forward.data(),
                               p.inverse.data(),
                               p.offset.data(),
                               -500,
                               600,
                               77777,
                               24,
                               12,
                               30};
    const auto x = random_values(7 * 50, -2048, 2047, random);
    std::vector<int32_t> q(4 * 50), back(7 * 50);
    BOOST_TEST(karhunen_transform_forward(golden.c(), &t, x.data(), 50, q.data()) == KARHUNEN_OK);
    BOOST_TEST(karhunen_transform_inverse(golden.c(), &t, q.data(), 50, back.data()) ==
               KARHUNEN_OK);
    for (size_t v = 0; v < 50; ++v) {
        const std::vector<int16_t> vector(x.begin() + 7 * static_cast<ptrdiff_t>(v),
                                          x.begin() + 7 * static_cast<ptrdiff_t>(v + 1));
        int16_t symbols[4], values[7];
        transform_forward_naive(p, vector.data(), symbols);
        transform_inverse_naive(p, symbols, values);
        for (size_t k = 0; k < 4; ++k) BOOST_TEST(q[4 * v + k] == symbols[k]);
        for (size_t c = 0; c < 7; ++c) BOOST_TEST(back[7 * v + c] == values[c]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
