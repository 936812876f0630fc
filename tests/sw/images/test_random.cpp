#include "sw/images/random.h"

#include <cmath>
#include <numbers>

#include <boost/test/unit_test.hpp>

using namespace karhunen::drawing;

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(angles_are_those_of_the_library) {
    for (double t = -3; t < 3; t += 0.0137) {
        BOOST_TEST(std::abs(sine(t) - std::sin(2 * std::numbers::pi * t)) < 1e-4);
        BOOST_TEST(std::abs(cosine(t) - std::cos(2 * std::numbers::pi * t)) < 1e-4);
        const double turns = t - std::floor(t + 0.5);
        for (const double r : {1e-3, 0.7, 20.0}) {
            const double found = angle(r * std::cos(2 * std::numbers::pi * t),
                                       r * std::sin(2 * std::numbers::pi * t));
            const double error = found - turns;
            BOOST_TEST(std::abs(error - std::round(error)) < 1e-3);
        }
    }
    BOOST_TEST(angle(0, 0) == 0);
}

BOOST_AUTO_TEST_CASE(numbers_are_uniform_and_streams_differ) {
    constexpr int count = 20000;
    Random random(3, 4), other(3, 5);
    double sum = 0, squares = 0, product = 0;
    for (int i = 0; i < count; ++i) {
        const double x = random(), y = other();
        BOOST_REQUIRE((x >= 0 && x < 1));
        sum += x;
        squares += x * x;
        product += (x - 0.5) * (y - 0.5);
    }
    // Four deviations of each mean: variances 1/12, 4/45 and 1/144.
    BOOST_TEST(std::abs(sum / count - 0.5) < 4 * std::sqrt(1.0 / 12 / count));
    BOOST_TEST(std::abs(squares / count - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / count));
    BOOST_TEST(std::abs(product / count) < 4 * std::sqrt(1.0 / 144 / count));
    for (int i = 0; i < 1000; ++i) {
        const int n = random.integer(-2, 3);
        BOOST_TEST((n >= -2 && n <= 3));
    }
}

BOOST_AUTO_TEST_CASE(noise_has_no_seams) {
    for (double x = -5; x <= 5; x += 0.5)
        for (const double y : {-2.0, 0.3, 7.0}) {
            BOOST_TEST(std::abs(noise(9, x - 1e-7, y) - noise(9, x + 1e-7, y)) < 1e-5);
            BOOST_TEST(std::abs(noise(9, y, x - 1e-7) - noise(9, y, x + 1e-7)) < 1e-5);
            BOOST_TEST(std::abs(noise(9, x, y)) <= 1);
        }
    BOOST_TEST(floor_of(-0.25) == -1);
    BOOST_TEST(floor_of(-2.0) == -2);
    BOOST_TEST(floor_of(3.75) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
