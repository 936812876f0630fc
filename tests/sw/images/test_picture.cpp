#include "sw/images/picture.h"

#include <zlib.h>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include <boost/test/unit_test.hpp>

using namespace karhunen;

namespace {

double difference(const Picture& a, const Picture& b) {
    BOOST_REQUIRE(a.rgb.size() == b.rgb.size());
    double sum = 0;
    for (size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
    return sum / static_cast<double>(a.rgb.size());
}

std::array<double, 3> mean_colour(const Picture& p) {
    std::array<double, 3> mean{};
    for (size_t i = 0; i < p.rgb.size(); ++i) mean[i % 3] += p.rgb[i];
    for (double& m : mean) m /= static_cast<double>(p.rgb.size()) / 3;
    return mean;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(drawn)

BOOST_AUTO_TEST_CASE(classes_are_balanced) {
    const auto names = drawn_classes();
    BOOST_TEST(names.size() >= 16u);
    BOOST_TEST((std::set(names.begin(), names.end()).size() == names.size()));
    for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{77}, UINT64_MAX})
        for (const uint64_t first : {0, 13, 1000003}) {
            std::set<uint32_t> seen;
            for (size_t i = 0; i < names.size(); ++i) seen.insert(drawn_class(seed, first + i));
            BOOST_TEST(seen.size() == names.size());
            BOOST_TEST(*seen.rbegin() == names.size() - 1);
        }
}

/// All hosts must draw the same bits: the checksum was taken with GCC and Clang, with vectors of
/// AVX-512 and without optimisation.
BOOST_AUTO_TEST_CASE(pictures_are_the_same_everywhere) {
    uLong sum = 0;
    for (uint64_t i = 0; i < drawn_classes().size(); ++i) {
        const Picture picture = drawn_picture(1, i, 96);
        sum = crc32_z(sum, picture.rgb.data(), picture.rgb.size());
    }
    BOOST_TEST(sum == 1240336699u);
}

BOOST_AUTO_TEST_CASE(a_picture_depends_on_its_number_alone) {
    const auto some = drawn_pictures(5, 30, 7, 48, 3);
    for (uint32_t i = 0; i < some.size(); ++i)
        BOOST_TEST((some[i].rgb == drawn_picture(5, 30 + i, 48).rgb));
    BOOST_TEST((drawn_picture(6, 30, 48).rgb != some[0].rgb));
    BOOST_TEST((drawn_picture(5, 50, 48).rgb != some[0].rgb));  // of the same class
}

BOOST_AUTO_TEST_CASE(other_sizes_show_the_same_scene) {
    for (uint64_t i = 0; i < 2 * drawn_classes().size(); ++i) {
        const Picture small = drawn_picture(2, i, 56);
        const Picture large = resize(drawn_picture(2, i, 224), 56, 56);
        const Picture next = drawn_picture(2, i + 1, 56);
        const double error = difference(small, large), other = difference(small, next);
        BOOST_TEST(error < 20, "picture " << i << ": " << error);
        BOOST_TEST(error < 0.6 * other, "picture " << i << ": " << error << " and " << other);
    }
}

/// As in photographs, neighbours are alike and few values are at the ends of the scale.
BOOST_AUTO_TEST_CASE(pictures_look_natural) {
    double ends = 0, values = 0, product = 0, square = 0;
    for (uint64_t i = 0; i < 60; ++i) {
        const Picture p = drawn_picture(3, i, 112);
        const auto mean = mean_colour(p);
        for (size_t at = 3; at < p.rgb.size(); ++at) {
            ends += p.rgb[at] == 0 || p.rgb[at] == 255;
            const double here = p.rgb[at] - mean[at % 3], before = p.rgb[at - 3] - mean[at % 3];
            product += here * before;
            square += here * here;
            ++values;
        }
    }
    BOOST_TEST(ends / values < 0.1);
    BOOST_TEST(product / square > 0.85);
    BOOST_TEST(product / square < 0.99);
    BOOST_TEST(std::sqrt(square / values) > 25);  // contrast
}

/// The nearest class by mean colour is hardly better than a guess, 5 %: shapes have to be learnt.
BOOST_AUTO_TEST_CASE(colour_does_not_tell_the_class) {
    constexpr uint32_t size = 24, pictures = 800;
    const size_t classes = drawn_classes().size();
    std::vector<std::array<double, 3>> means(classes);
    for (uint64_t i = 0; i < pictures; ++i) {
        const auto mean = mean_colour(drawn_picture(8, i, size));
        for (int c = 0; c < 3; ++c)
            means[drawn_class(8, i)][c] += mean[c] * static_cast<double>(classes) / pictures;
    }
    int good = 0;
    for (uint64_t i = 0; i < pictures; ++i) {
        const auto mean = mean_colour(drawn_picture(9, i, size));
        double nearest = std::numeric_limits<double>::max();
        size_t guess = 0;
        for (size_t k = 0; k < classes; ++k) {
            double far = 0;
            for (int c = 0; c < 3; ++c) far += (mean[c] - means[k][c]) * (mean[c] - means[k][c]);
            if (far < nearest) nearest = far, guess = k;
        }
        good += guess == drawn_class(9, i);
    }
    BOOST_TEST(good < 0.15 * pictures);
}

BOOST_AUTO_TEST_CASE(impossible_sizes_are_refused) {
    for (const uint32_t size : {0u, 7u, 1025u})
        BOOST_CHECK_THROW(drawn_picture(1, 0, size), std::invalid_argument);
    for (const uint32_t size : {8u, 33u})
        BOOST_TEST(drawn_picture(1, 0, size).rgb.size() == size_t{3} * size * size);
    BOOST_TEST(drawn_picture(UINT64_MAX, UINT64_MAX, 16).width == 16u);
}

BOOST_AUTO_TEST_SUITE_END()
