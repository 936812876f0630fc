// The DCT in fixed point against its definition in floating point.
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "models/codec/dct.h"

using namespace karhunen;

namespace {

/// Orthonormal DCT-II.
double exact_factor(uint32_t length, uint32_t k, uint32_t i) {
    const double angle = std::numbers::pi * (2 * i + 1) * k / (2.0 * length);
    return std::sqrt((k == 0 ? 1.0 : 2.0) / length) * std::cos(angle);
}

std::vector<double> exact_forward(uint32_t length, const int16_t* x) {
    std::vector<double> y(length);
    for (uint32_t k = 0; k < length; ++k)
        for (uint32_t i = 0; i < length; ++i) y[k] += exact_factor(length, k, i) * x[i];
    return y;
}

constexpr double unit = 1.0 / (1 << dct_fraction_bits);

double bound(uint32_t length) {
    return length * 255 / 65536.0 + unit / 2;
}

/// Groups of values that a DCT takes: random ones and the extremes of each coefficient.
std::vector<int16_t> groups_of(uint32_t length, std::mt19937& random) {
    std::vector<int16_t> x;
    for (uint32_t k = 0; k < length; ++k)
        for (const bool positive : {true, false})
            for (uint32_t i = 0; i < length; ++i)
                x.push_back((exact_factor(length, k, i) > 0) == positive ? 255 : 0);
    for (int group = 0; group < 1000; ++group) {
        const uint32_t limit = 1 + random() % 256;
        for (uint32_t i = 0; i < length; ++i) x.push_back(static_cast<int16_t>(random() % limit));
    }
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dct)

BOOST_AUTO_TEST_CASE(the_matrix_is_the_rounded_definition) {
    for (const uint32_t length : {8u, 16u})
        for (uint32_t k = 0; k < length; ++k)
            for (uint32_t i = 0; i < length; ++i)
                BOOST_TEST(dct_factor(length, k, i) ==
                           std::lround(32768 * exact_factor(length, k, i)));
}

BOOST_AUTO_TEST_CASE(worked_by_hand) {
    // Eight times 100: y[0] = 8 * 11585 * 100 = 9,268,000; + 1024 >> 11 = 4525, that is 282.8.
    const std::vector<int16_t> flat(8, 100);
    std::vector<int16_t> y(8), back(8);
    dct_forward(8, flat.data(), 1, y.data());
    BOOST_TEST(y == (std::vector<int16_t>{4525, 0, 0, 0, 0, 0, 0, 0}));
    // 11585 * 4525 = 52,422,125; + 262,144 >> 19 = 100.
    dct_inverse(8, y.data(), 1, back.data());
    BOOST_TEST(back == flat);
    // One value 10 in front: 10 * {11585, 16069, 15137, 13623, 11585, 9102, 6270, 3196} / 2^11.
    const std::vector<int16_t> peak = {10, 0, 0, 0, 0, 0, 0, 0};
    dct_forward(8, peak.data(), 1, y.data());
    BOOST_TEST(y == (std::vector<int16_t>{57, 78, 74, 67, 57, 44, 31, 16}));
}

BOOST_AUTO_TEST_CASE(forward_is_within_its_bound) {
    std::mt19937 random(41);
    for (const uint32_t length : {8u, 16u}) {
        const auto x = groups_of(length, random);
        std::vector<int16_t> y(x.size());
        dct_forward(length, x.data(), x.size() / length, y.data());
        double worst = 0;
        for (size_t g = 0; g < x.size(); g += length) {
            const auto exact = exact_forward(length, &x[g]);
            for (uint32_t k = 0; k < length; ++k)
                worst = std::max(worst, std::abs(y[g + k] * unit - exact[k]));
        }
        BOOST_TEST(worst < bound(length));
        BOOST_TEST(worst > unit / 4);  // the bound is of the right size
    }
}

BOOST_AUTO_TEST_CASE(there_and_back_is_the_same) {
    // Coefficients that are off by less than 0.1 each make values of 8 or 16 off by less than half.
    std::mt19937 random(42);
    for (const uint32_t length : {8u, 16u}) {
        const auto x = groups_of(length, random);
        std::vector<int16_t> y(x.size()), back(x.size());
        dct_forward(length, x.data(), x.size() / length, y.data());
        dct_inverse(length, y.data(), x.size() / length, back.data());
        BOOST_TEST(x == back, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(inverse_of_the_largest_coefficients_does_not_overflow) {
    for (const uint32_t length : {8u, 16u})
        for (uint32_t i = 0; i < length; ++i) {
            std::vector<int16_t> y(length), x(length);
            double exact = 0;
            for (uint32_t k = 0; k < length; ++k) {
                const int largest = (k == 0 ? 1056 : 576) << dct_fraction_bits;
                const bool positive = exact_factor(length, k, i) > 0;
                y[k] = static_cast<int16_t>(positive || k == 0 ? largest : -largest);
                exact += exact_factor(length, k, i) * y[k] * unit;
            }
            dct_inverse(length, y.data(), 1, x.data());
            BOOST_TEST(std::abs(x[i] - exact) < 0.7);
        }
}

BOOST_AUTO_TEST_CASE(any_number_of_groups_in_place) {
    std::mt19937 random(43);
    for (const uint32_t length : {8u, 16u}) {
        const auto x = groups_of(length, random);
        std::vector<int16_t> all(x.size());
        dct_forward(length, x.data(), x.size() / length, all.data());
        for (size_t groups = 0; groups <= 70; ++groups) {
            std::vector<int16_t> y(x.begin(), x.begin() + static_cast<ptrdiff_t>(groups * length));
            y.push_back(1234);  // must stay
            dct_forward(length, y.data(), groups, y.data());
            BOOST_TEST(std::equal(y.begin(), y.end() - 1, all.begin()));
            BOOST_TEST(y.back() == 1234);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
