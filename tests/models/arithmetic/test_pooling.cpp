// Pooling rows and the line buffer against a whole-map loop.
#include <optional>
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/arithmetic/pooling.h"

using namespace karhunen;

namespace {

std::vector<int16_t> random_map(const PoolShape& s, std::mt19937& random, int low, int high) {
    std::vector<int16_t> map(size_t{s.height} * s.width * s.channels);
    for (auto& v : map)
        v = static_cast<int16_t>(std::uniform_int_distribution<int>(low, high)(random));
    return map;
}

/// All values of one window that lie inside the map.
std::vector<int> window(const PoolShape& s, const std::vector<int16_t>& map, uint32_t row,
                        uint32_t column, uint32_t channel) {
    std::vector<int> values;
    for (int64_t y = int64_t{row} * s.stride - s.padding, i = 0; i < s.kernel; ++i, ++y)
        for (int64_t x = int64_t{column} * s.stride - s.padding, j = 0; j < s.kernel; ++j, ++x)
            if (y >= 0 && y < s.height && x >= 0 && x < s.width)
                values.push_back(map[(y * s.width + x) * s.channels + channel]);
    return values;
}

/// Feeds the map through PoolLines and pools every row that comes out.
template <typename Pool>
std::vector<int16_t> through_lines(PoolLines& lines, const PoolShape& s,
                                   const std::vector<int16_t>& map, Pool pool) {
    std::vector<int16_t> result(size_t{s.output_height()} * s.output_width() * s.channels);
    uint32_t next = 0;
    lines.start(s);
    const size_t pitch = size_t{s.width} * s.channels;
    for (uint32_t y = 0; y < s.height; ++y)
        lines.push({map.begin() + y * pitch, map.begin() + (y + 1) * pitch},
                   [&](uint32_t index, std::span<const int16_t* const> rows) {
                       BOOST_REQUIRE(index == next++);
                       // As soon as the window is complete, not later.
                       const int64_t last = int64_t{index} * s.stride - s.padding + s.kernel - 1;
                       BOOST_TEST(y == std::min<int64_t>(std::max<int64_t>(last, 0), s.height - 1));
                       pool(rows, &result[size_t{index} * s.output_width() * s.channels]);
                   });
    BOOST_TEST(next == s.output_height());
    return result;
}

PoolShape random_shape(std::mt19937& random) {
    PoolShape s;
    s.kernel = 1 + random() % 4;
    s.stride = 1 + random() % 4;
    s.padding = random() % s.kernel;
    s.height = s.kernel + random() % 9;
    s.width = s.kernel + random() % 9;
    s.channels = 1 + random() % 20;
    s.partial = random() % 2;
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pooling)

BOOST_AUTO_TEST_CASE(maximum) {
    std::mt19937 random(1);
    PoolLines lines;
    for (int trial = 0; trial < 200; ++trial) {
        const PoolShape s = random_shape(random);
        const auto map = random_map(s, random, -2048, 2047);
        const auto found = through_lines(
            lines, s, map, [&](auto rows, int16_t* to) { max_pool_row(s, rows, to); });
        size_t i = 0;
        for (uint32_t y = 0; y < s.output_height(); ++y)
            for (uint32_t x = 0; x < s.output_width(); ++x)
                for (uint32_t c = 0; c < s.channels; ++c) {
                    const auto values = window(s, map, y, x, c);
                    const auto most = std::max_element(values.begin(), values.end());
                    BOOST_REQUIRE(most != values.end());
                    BOOST_TEST(found[i++] == *most);
                }
    }
}

/// As the frameworks count windows (ceil_mode).
BOOST_AUTO_TEST_CASE(partial_windows) {
    const auto outputs = [](uint32_t size, uint32_t kernel, uint32_t stride, uint32_t padding,
                            bool partial) {
        return PoolShape{kernel, stride, padding, size, size, 1, partial}.output_height();
    };
    BOOST_TEST(outputs(112, 3, 2, 0, false) == 55u);
    BOOST_TEST(outputs(112, 3, 2, 0, true) == 56u);
    BOOST_TEST(outputs(55, 3, 2, 0, true) == 27u);
    BOOST_TEST(outputs(5, 2, 2, 0, true) == 3u);
    BOOST_TEST(outputs(2, 2, 3, 1, true) == 1u);  // a second would begin in the padding behind
    BOOST_TEST(outputs(4, 1, 3, 0, true) == 2u);
}

BOOST_AUTO_TEST_CASE(average) {
    std::mt19937 random(2);
    PoolLines lines;
    for (int trial = 0; trial < 200; ++trial) {
        const PoolShape s = random_shape(random);
        const auto map = random_map(s, random, 0, 255);
        const int32_t multiplier = (1 << 16) / static_cast<int32_t>(s.kernel * s.kernel);
        const Requantisation p{16, Format::u8, false, 0};
        const auto found = through_lines(lines, s, map, [&](auto rows, int16_t* to) {
            average_pool_row(s, rows, multiplier, p, to);
        });
        size_t i = 0;
        for (uint32_t y = 0; y < s.output_height(); ++y)
            for (uint32_t x = 0; x < s.output_width(); ++x)
                for (uint32_t c = 0; c < s.channels; ++c) {
                    int64_t sum = 0;
                    for (const int v : window(s, map, y, x, c)) sum += v;
                    BOOST_TEST(found[i++] == (sum * multiplier + 32768) / 65536);
                }
    }
}

BOOST_AUTO_TEST_CASE(global_average_of_the_largest_values) {
    const PoolShape s{
        .kernel = 7, .stride = 1, .padding = 0, .height = 7, .width = 7, .channels = 512};
    const std::vector<int16_t> map(7 * 7 * 512, 255);
    PoolLines lines;
    const auto found = through_lines(lines, s, map, [&](auto rows, int16_t* to) {
        average_pool_row(s, rows, (1 << 30) / 49 + 1, {30, Format::u8, false, 0}, to);
    });
    for (const int16_t v : found) BOOST_TEST(v == 255);
}

BOOST_AUTO_TEST_SUITE_END()
