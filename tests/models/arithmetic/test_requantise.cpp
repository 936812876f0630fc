// Requantisation against floor division in 128 bits.
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/arithmetic/requantise.h"

using namespace karhunen;

namespace {

/// saturate(floor(product / 2^shift + 1/2)), without shifts of negative numbers.
int64_t closed_form(__int128 product, uint32_t shift, int64_t low, int64_t high) {
    const __int128 two = static_cast<__int128>(1) << (shift + 1);
    const __int128 numerator = 2 * product + (shift ? two / 2 : 0);
    __int128 quotient = numerator / two;
    if (numerator % two < 0) --quotient;
    return quotient < low ? low : quotient > high ? high : static_cast<int64_t>(quotient);
}

struct Row {
    static constexpr uint32_t width = 5, n = 37, stride = 41;
    std::vector<int32_t> sums = std::vector<int32_t>(width * n), bias = std::vector<int32_t>(n),
                         multiplier = std::vector<int32_t>(n);
    std::vector<int16_t> residual = std::vector<int16_t>(width * stride);

    std::vector<int16_t> run(const Requantisation& p, bool with_residual) const {
        std::vector<int16_t> result(width * stride * 2, 12345);
        requantise_row(p, sums.data(), bias.data(), multiplier.data(), width, n,
                       with_residual ? residual.data() : nullptr, stride, result.data(), stride);
        return result;
    }
    void check(const Requantisation& p, bool with_residual) const {
        const auto result = run(p, with_residual);
        const int64_t low = p.relu ? 0 : min_of(p.format);
        for (uint32_t x = 0; x < width; ++x)
            for (uint32_t c = 0; c < stride; ++c) {
                const int16_t found = result[x * stride + c];
                if (c >= n) {
                    BOOST_TEST(found == 12345);  // other channels of the row are not touched
                    continue;
                }
                __int128 product = static_cast<__int128>(sums[x * n + c] + bias[c]) * multiplier[c];
                if (with_residual)
                    product +=
                        static_cast<__int128>(residual[x * stride + c]) * p.residual_multiplier;
                BOOST_TEST(found == closed_form(product, p.shift, low, max_of(p.format)));
            }
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(requantise)

BOOST_AUTO_TEST_CASE(rounds_half_up) {
    BOOST_TEST(scale_and_round(3, 1) == 2);    // 1.5 -> 2
    BOOST_TEST(scale_and_round(-3, 1) == -1);  // -1.5 -> -1
    BOOST_TEST(scale_and_round(-5, 2) == -1);  // -1.25 -> -1
    BOOST_TEST(scale_and_round(-6, 2) == -1);  // -1.5 -> -1
    BOOST_TEST(scale_and_round(-7, 2) == -2);  // -1.75 -> -2
    BOOST_TEST(scale_and_round(-7, 0) == -7);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_closed_form) {
    std::mt19937_64 random(1);
    for (const uint32_t shift : {0u, 1u, 7u, 20u, 31u, 32u, 45u, 61u, 62u})
        for (const Format format : {Format::u8, Format::s8, Format::s12})
            for (const bool relu : {false, true})
                for (const bool residual : {false, true}) {
                    Row row;
                    // Products of about the size that the shift brings into range.
                    const uint32_t bits = std::min(62u, shift + 10);
                    for (auto& v : row.sums)
                        v = static_cast<int32_t>(random()) >> (31 - std::min(30u, bits / 2));
                    for (auto& v : row.bias) v = static_cast<int32_t>(random() % 2001) - 1000;
                    for (auto& v : row.multiplier)
                        v = static_cast<int32_t>((random() & 0x7FFFFFFF) >> (31 - bits / 2));
                    for (auto& v : row.residual) v = static_cast<int16_t>(random() % 4096 - 2048);
                    const Requantisation p{shift, format, relu,
                                           static_cast<int32_t>(random() & 0x7FFFFFFF)};
                    row.check(p, residual);
                }
}

BOOST_AUTO_TEST_CASE(extremes) {
    Row row;
    for (size_t i = 0; i < row.sums.size(); ++i)
        row.sums[i] = i % 3 == 0 ? INT32_MIN : i % 3 == 1 ? INT32_MAX : 0;
    for (auto& v : row.multiplier) v = INT32_MAX;
    for (auto& v : row.residual) v = INT16_MIN;
    for (const uint32_t shift : {0u, 31u, 62u})
        for (const Format format : {Format::u8, Format::s8, Format::s12})
            for (const bool residual : {false, true})
                row.check({shift, format, false, INT32_MAX}, residual);
}

BOOST_AUTO_TEST_CASE(ties_of_every_channel) {
    Row row;
    for (size_t i = 0; i < row.sums.size(); ++i) row.sums[i] = static_cast<int32_t>(i) * 2 - 185;
    for (auto& v : row.multiplier) v = 1 << 10;
    row.check({11, Format::s8, false, 0}, false);  // odd sums / 2: a tie each
    row.check({11, Format::s8, true, 0}, false);
}

BOOST_AUTO_TEST_CASE(logits_are_sums_plus_bias) {
    Row row;
    std::mt19937 random(4);
    for (auto& v : row.sums) v = static_cast<int32_t>(random()) / 2;
    for (auto& v : row.bias) v = static_cast<int32_t>(random()) / 2;
    std::vector<int16_t> result(row.width * row.n * 2);
    requantise_row({0, Format::s32, false, 0}, row.sums.data(), row.bias.data(),
                   row.multiplier.data(), row.width, row.n, nullptr, 0, result.data(), row.n * 2);
    for (size_t i = 0; i < row.sums.size(); ++i) {
        const uint32_t low = static_cast<uint16_t>(result[2 * i]);
        const uint32_t high = static_cast<uint16_t>(result[2 * i + 1]);
        BOOST_TEST(static_cast<int32_t>(high << 16 | low) == row.sums[i] + row.bias[i % row.n]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
