// The fast convolution against the naive loop, and the naive loop against worked sums.
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/arithmetic/convolution.h"

using namespace karhunen;

namespace {

struct Problem {
    ConvolutionShape shape;
    uint32_t height = 1, padding_top = 0, output_rows = 1, n = 1, first = 0;
    std::vector<int16_t> map;
    std::vector<int8_t> weights;

    template <typename Input, typename Weight>
    void fill(Input input, Weight weight) {
        map.resize(size_t{height} * shape.width * shape.channels);
        weights.resize(size_t{shape.reduction()} * n);
        for (int16_t& v : map) v = static_cast<int16_t>(input());
        for (int8_t& v : weights) v = static_cast<int8_t>(weight());
    }
    std::vector<const int16_t*> rows() const {
        std::vector<const int16_t*> result((output_rows - 1) * shape.stride_y +
                                           shape.window_rows());
        for (size_t i = 0; i < result.size(); ++i) {
            const int64_t y = static_cast<int64_t>(i) - padding_top;
            if (y >= 0 && y < height) result[i] = &map[y * shape.width * shape.channels];
        }
        return result;
    }
    std::vector<int32_t> naive() const {
        std::vector<int32_t> sums(size_t{output_rows} * shape.output_width * n, -1);
        convolve_naive(shape, rows(), output_rows, weights.data(), n, sums.data(), first);
        return sums;
    }
    std::vector<int32_t> fast(Patches& patches) const {
        std::vector<int32_t> sums(size_t{output_rows} * shape.output_width * n, -2);
        patches.gather(shape, rows(), output_rows);
        BOOST_TEST(patches.rows() == output_rows * shape.output_width);
        BOOST_TEST(patches.reduction() == shape.reduction());
        const PreparedWeights prepared(weights.data(), shape, first, n);
        BOOST_TEST(prepared.fit(shape, first, n));
        multiply(patches, prepared, sums.data());
        return sums;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(convolution)

BOOST_AUTO_TEST_CASE(worked_example) {
    Problem p;  // 3x3 ones over 1 2 / 3 4 with padding 1: every window holds the whole map
    p.shape = {.width = 2,
               .channels = 1,
               .kernel_y = 3,
               .kernel_x = 3,
               .padding_left = 1,
               .output_width = 2};
    p.height = 2, p.padding_top = 1, p.output_rows = 2;
    p.map = {1, 2, 3, 4};
    p.weights = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    // By hand: 1*5+2*6+3*8+4*9, 1*4+2*5+3*7+4*8, 1*2+2*3+3*5+4*6, 1*1+2*2+3*4+4*5
    const std::vector<int32_t> expected{77, 67, 47, 37};
    Patches patches;
    BOOST_TEST(p.naive() == expected, boost::test_tools::per_element());
    BOOST_TEST(p.fast(patches) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(random_shapes) {
    std::mt19937 random(1);
    const auto in = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    Patches patches;  // one object for all: what it kept must not leak into the next
    for (int trial = 0; trial < 300; ++trial) {
        Problem p;
        ConvolutionShape& s = p.shape;
        s.kernel_y = in(1, 5), s.kernel_x = in(1, 7);
        s.stride_y = in(1, 3), s.stride_x = in(1, 3);
        s.width = in(1, 20), s.channels = in(1, 40);
        s.padding_left = in(0, s.kernel_x - 1);
        p.height = in(1, 12), p.padding_top = in(0, s.kernel_y - 1);
        s.output_width = in(1, (s.width + s.padding_left + s.kernel_x) / s.stride_x + 1);
        p.output_rows = in(1, 6), p.n = in(1, 150);
        p.fill([&] { return in(-128, 255); }, [&] { return in(-128, 127); });
        BOOST_TEST_CONTEXT("trial " << trial) {
            BOOST_TEST((p.fast(patches) == p.naive()));
        }
    }
}

/// Groups of any size, all or some of the output channels, taps apart.
BOOST_AUTO_TEST_CASE(random_groups_and_dilations) {
    std::mt19937 random(7);
    const auto in = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    Patches patches;
    int depthwise = 0;
    for (int trial = 0; trial < 400; ++trial) {
        Problem p;
        ConvolutionShape& s = p.shape;
        s.kernel_y = in(1, 4), s.kernel_x = in(1, 4);
        s.stride_y = in(1, 3), s.stride_x = in(1, 3);
        s.dilation_y = in(1, 3), s.dilation_x = in(1, 3);
        s.groups = in(1, 40);
        s.channels = s.groups * (trial % 2 ? 1 : in(1, 5));
        s.output_channels = s.groups * (trial % 2 ? 1 : in(1, 5));
        s.width = in(1, 20);
        s.padding_left = in(0, s.window_columns() - 1);
        p.height = in(1, 12), p.padding_top = in(0, s.window_rows() - 1);
        s.output_width = in(1, (s.width + s.padding_left + s.kernel_x) / s.stride_x + 1);
        p.output_rows = in(1, 6), p.n = in(1, s.output_channels);
        p.first = in(0, s.output_channels - p.n);
        depthwise += s.is_depthwise();
        p.fill([&] { return in(-128, 255); }, [&] { return in(-128, 127); });
        BOOST_TEST_CONTEXT("trial " << trial) {
            BOOST_TEST((p.fast(patches) == p.naive()));
        }
    }
    BOOST_TEST(depthwise > 150);
}

/// Two groups, each output channel its own: a convolution of each half of the channels alone.
BOOST_AUTO_TEST_CASE(groups_are_convolutions_of_their_own) {
    Problem p;
    p.shape = {.width = 3,
               .channels = 4,
               .kernel_x = 2,
               .output_width = 1,
               .dilation_x = 2,
               .groups = 2,
               .output_channels = 2};
    p.n = 2;
    p.map = {1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8};
    p.weights = {1, 10, 2, 20, 3, 30, 4, 40};  // [column][channel of the group][output]
    // 1*1 + 2*2 + 5*3 + 6*4 and 3*10 + 4*20 + 7*30 + 8*40
    const std::vector<int32_t> expected{44, 640};
    Patches patches;
    BOOST_TEST(p.naive() == expected, boost::test_tools::per_element());
    BOOST_TEST(p.fast(patches) == expected, boost::test_tools::per_element());
}

// Sums beyond 2^24, all of one sign: an implementation in floats without a split reduction, or one
// whose pair sums saturate at 16 bits, loses bits here and only here.
BOOST_AUTO_TEST_CASE(extremes) {
    std::mt19937 random(2);
    const auto one_of = [&](int a, int b) { return random() % 2 ? a : b; };
    const std::pair<int, int> inputs[] = {
        {254, 255}, {126, 127}, {-127, -128}, {2046, 2047}, {-2047, -2048}};
    const std::pair<int, int> weights[] = {{126, 127}, {-127, -128}, {-128, -128}};
    Patches patches;
    for (const auto& [a, b] : inputs)
        for (const auto& [c, d] : weights) {
            Problem p;
            p.shape = {.width = 3,
                       .channels = 512,
                       .kernel_y = 3,
                       .kernel_x = 3,
                       .padding_left = 0,
                       .output_width = 1};
            p.height = 3, p.n = 33;
            p.fill([&] { return one_of(a, b); }, [&] { return one_of(c, d); });
            // The closed form, in 64 bits.
            int64_t first = 0;
            for (size_t k = 0; k < 4608; ++k) first += int64_t{p.map[k]} * p.weights[k * p.n];
            const auto fast = p.fast(patches);
            BOOST_TEST(fast[0] == first);
            BOOST_TEST(std::abs(fast[0]) > 1 << 24);
            BOOST_TEST((fast == p.naive()));
        }
}

BOOST_AUTO_TEST_CASE(one_gather_serves_many_chunks) {
    std::mt19937 random(3);
    Problem p;
    p.shape = {.width = 7,
               .channels = 64,
               .kernel_y = 3,
               .kernel_x = 3,
               .padding_left = 1,
               .output_width = 7};
    p.height = 7, p.padding_top = 1, p.output_rows = 7;
    Patches patches;
    for (const uint32_t n : {1u, 16u, 17u, 28u, 48u, 64u, 65u, 128u}) {
        p.n = n;
        std::mt19937 same(4);  // the same map every time
        p.fill([&] { return same() % 256; },
               [&] { return static_cast<int>(random() % 256) - 128; });
        if (n == 1) patches.gather(p.shape, p.rows(), p.output_rows);
        std::vector<int32_t> sums(49 * n);
        multiply(patches, PreparedWeights(p.weights.data(), p.shape.reduction(), n), sums.data());
        BOOST_TEST((sums == p.naive()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
