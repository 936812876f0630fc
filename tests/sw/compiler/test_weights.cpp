// Weights as integers: steps, rounding by what it does to the sums, biases.
#include <cmath>
#include <random>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "sw/compiler/compile.h"
#include "sw/compiler/default_network.h"
#include "sw/compiler/error.h"
#include "sw/compiler/round_weights.h"
#include "sw/compiler/weight_steps.h"

using namespace karhunen;

namespace {

/// Weights as trained ones are: a few channels are zeros or have one weight that sticks out.
FloatConvolution random_convolution(uint32_t seed, uint32_t bits) {
    std::mt19937 random(seed);
    const auto in = [&](uint32_t low, uint32_t high) {
        return low + static_cast<uint32_t>(random() % (high - low + 1));
    };
    FloatConvolution c;
    c.input = 1;
    c.weight_bits = bits;
    c.groups = in(1, 2);
    c.kernel_y = in(1, 3);
    c.kernel_x = in(1, 3);
    c.dilation_y = in(1, 2);
    c.dilation_x = in(1, 2);
    c.input_shape = {in(20, 29), in(20, 29), c.groups * in(2, 9)};
    c.output_shape = {c.input_shape.height, c.input_shape.width, c.groups * in(2, 6)};
    std::normal_distribution<float> normal(0, 0.1f);
    for (uint32_t i = 0; i < c.reduction() * c.output_shape.channels; ++i)
        c.weights.push_back(normal(random));
    for (uint32_t k = 0; k < c.reduction(); ++k) c.weights[k * c.output_shape.channels] = 0;
    c.weights[1] = 1;
    c.bias.assign(c.output_shape.channels, 0);
    return c;
}

QuantisedConvolution nearest(const FloatConvolution& c) {
    QuantisedConvolution q;
    q.steps = steps_of_least_error(c);
    for (double& step : q.steps) step = step > 0 ? step : 1;
    q.weights = rounded_weights(c, q.steps);
    return q;
}

/// Smooth, with channels that go together.
std::vector<int16_t> random_map(const MapShape& shape, std::mt19937& random) {
    std::vector<int16_t> map;
    const double phase = random() % 100, slope = 0.2 + random() % 10 * 0.05;
    for (uint32_t i = 0; i < shape.values(); ++i) {
        const uint32_t channel = i % shape.channels, pixel = i / shape.channels;
        const double wave = std::sin(phase + slope * (pixel % shape.width + channel % 2));
        map.push_back(static_cast<int16_t>(
            std::max(0.0, 100 + 100 * wave + static_cast<double>(random() % 40))));
    }
    return map;
}

using Matrix = std::vector<std::vector<double>>;

/// Covariance of all values in a window, from windows that lie in the map, as its definition says.
Matrix covariance_of(const FloatConvolution& c, const std::vector<std::vector<int16_t>>& maps) {
    std::vector<std::vector<double>> windows;
    const MapShape& s = c.input_shape;
    for (const auto& map : maps)
        for (uint32_t y = 0; y + (c.kernel_y - 1) * c.dilation_y < s.height; ++y)
            for (uint32_t x = 0; x + (c.kernel_x - 1) * c.dilation_x < s.width; ++x) {
                auto& window = windows.emplace_back();
                for (uint32_t ky = 0; ky < c.kernel_y; ++ky)
                    for (uint32_t kx = 0; kx < c.kernel_x; ++kx)
                        for (uint32_t i = 0; i < s.channels; ++i)
                            window.push_back(
                                map[((y + ky * c.dilation_y) * s.width + x + kx * c.dilation_x) *
                                        s.channels +
                                    i]);
            }
    const size_t n = windows[0].size();
    std::vector<double> mean(n);
    for (const auto& w : windows)
        for (size_t i = 0; i < n; ++i) mean[i] += w[i] / static_cast<double>(windows.size());
    Matrix result(n, std::vector<double>(n));
    for (const auto& w : windows)
        for (size_t i = 0; i < n; ++i)
            for (size_t j = 0; j < n; ++j)
                result[i][j] +=
                    (w[i] - mean[i]) * (w[j] - mean[j]) / static_cast<double>(windows.size());
    return result;
}

/// Mean squared error of the sums of output channel n, but for their mean.
double error_of_sums(const FloatConvolution& c, const QuantisedConvolution& q, const Matrix& h,
                     uint32_t n) {
    const uint32_t outputs = c.output_shape.channels, width = c.group_channels();
    const uint32_t first = n / (outputs / c.groups) * width;
    std::vector<double> error(h.size());
    for (uint32_t k = 0; k < c.reduction(); ++k)
        error[k / width * c.input_shape.channels + first + k % width] =
            q.weights[k * outputs + n] * q.steps[n] - c.weights[k * outputs + n];
    double sum = 0;
    for (size_t i = 0; i < h.size(); ++i)
        for (size_t j = 0; j < h.size(); ++j) sum += error[i] * h[i][j] * error[j];
    return sum;
}

void check_rounding(uint32_t seed, double& before_all, double& after_all) {
    const FloatConvolution c = random_convolution(seed, 4);
    std::mt19937 random(seed);
    std::vector<std::vector<int16_t>> maps;
    for (int i = 0; i < 6; ++i) maps.push_back(random_map(c.input_shape, random));
    const std::vector<std::span<const int16_t>> inputs(maps.begin(), maps.end());
    const QuantisedConvolution before = nearest(c);
    QuantisedConvolution after = before, alone = before;
    round_weights(c, window_covariance(c, inputs, 2), 2, after);
    round_weights(c, window_covariance(c, inputs, 1), 1, alone);
    BOOST_TEST((after.weights == alone.weights));
    const Matrix h = covariance_of(c, maps);
    double errors_before = 0, errors_after = 0;
    for (uint32_t n = 0; n < c.output_shape.channels; ++n) {
        errors_before += error_of_sums(c, before, h, n);
        errors_after += error_of_sums(c, after, h, n);
        for (size_t i = n; i < after.weights.size(); i += c.output_shape.channels) {
            BOOST_TEST(std::abs(after.weights[i]) <= 7);
            // Up or down, and clipped ones at most back.
            const double exact = c.weights[i] / before.steps[n];
            BOOST_TEST(
                (after.weights[i] == before.weights[i] || std::fabs(after.weights[i] - exact) < 1));
        }
    }
    // With a few products there is little to choose from, or nearest ones may be best.
    BOOST_TEST(errors_after <= 1.001 * errors_before);
    before_all += errors_before;
    after_all += errors_after;
}

const auto seeds = boost::unit_test::data::xrange(1u, 13u);

}  // namespace

BOOST_AUTO_TEST_SUITE(weights)

BOOST_DATA_TEST_CASE(steps, seeds* boost::unit_test::data::make({4u, 8u}), seed, bits) {
    const FloatConvolution c = random_convolution(seed, bits);
    const auto largest = steps_of_largest(c);
    auto best = steps_of_least_error(c), widest = largest;
    BOOST_TEST(largest[0] == 0);  // nothing to represent
    BOOST_TEST(best[0] == 0);
    best[0] = widest[0] = 1;
    const auto best_errors = rounding_errors(c, best), widest_errors = rounding_errors(c, widest);
    const auto weights = rounded_weights(c, best);
    const int limit = bits == 4 ? 7 : 127;
    for (size_t n = 0; n < best.size(); ++n) {
        BOOST_TEST(best_errors[n] <= widest_errors[n]);
        double error = 0, most = 0;
        for (size_t i = n; i < weights.size(); i += best.size()) {
            BOOST_TEST(std::abs(weights[i]) <= limit);
            error += std::pow(weights[i] * best[n] - c.weights[i], 2);
            most = std::max<double>(most, std::fabs(c.weights[i]));
        }
        BOOST_TEST(error == best_errors[n], boost::test_tools::tolerance(1e-9));
        if (n) BOOST_TEST(largest[n] * limit == most, boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(rounding_is_better_for_the_sums) {
    double before = 0, after = 0;
    for (uint32_t seed = 1; seed <= 12; ++seed)
        BOOST_TEST_CONTEXT("seed " << seed) check_rounding(seed, before, after);
    BOOST_TEST(after < before / 3);
}

/// What is assumed of the covariance holds for maps of noise, up to chance.
BOOST_AUTO_TEST_CASE(covariance) {
    FloatConvolution c = random_convolution(3, 4);
    c.kernel_y = c.kernel_x = 2;
    c.dilation_y = c.dilation_x = 1;
    c.input_shape = {40, 40, 3};
    std::mt19937 random(5);
    std::vector<std::vector<int16_t>> maps(4);
    for (auto& map : maps)
        for (uint32_t pixel = 0; pixel < 1600; ++pixel) {
            const int common = static_cast<int>(random() % 100);
            for (int i = 0; i < 3; ++i)
                map.push_back(static_cast<int16_t>(common * (i != 1) + random() % 50));
        }
    const std::vector<std::span<const int16_t>> inputs(maps.begin(), maps.end());
    const WindowCovariance found = window_covariance(c, inputs, 1);
    const Matrix expected = covariance_of(c, maps);
    for (size_t k = 0; k < 12; ++k)
        for (size_t l = 0; l < 12; ++l)
            BOOST_TEST(std::fabs(found.tap[k / 3 * 4 + l / 3] * found.channel[k % 3 * 3 + l % 3] -
                                 expected[k][l]) < 50);  // of 1041 on the diagonal
}

BOOST_AUTO_TEST_CASE(which_layers_have_few_bits) {
    Network network = default_network();
    set_weight_bits(network, 4);
    BOOST_TEST(network.layers.front().convolution.weight_bits == 8u);
    BOOST_TEST(network.layers.back().convolution.weight_bits == 8u);
    for (size_t l = 1; l + 1 < network.layers.size(); ++l) {
        const FloatLayer& layer = network.layers[l];
        if (layer.kind != LayerKind::convolution) continue;
        BOOST_TEST(layer.convolution.weight_bits == 4u);
        if (layer.shortcut) BOOST_TEST(layer.shortcut->weight_bits == 4u);
    }
    FloatConvolution& depthwise = network.layers[2].convolution;
    depthwise.groups = depthwise.input_shape.channels;
    depthwise.weight_bits = 8;
    set_weight_bits(network, 4);
    BOOST_TEST(depthwise.weight_bits == 8u);
}

BOOST_AUTO_TEST_CASE(other_bits_are_refused) {
    CompileOptions options;
    options.weight_bits = 5;
    const std::vector<Picture> pictures{Picture{224, 224, std::vector<uint8_t>(3 * 224 * 224)}};
    BOOST_CHECK_EXCEPTION(compile(default_network(), pictures, options), CompileError,
                          [](const CompileError& e) {
                              return e.what() == std::string("weights have 8 or 4 bits, not 5");
                          });
}

BOOST_AUTO_TEST_SUITE_END()
