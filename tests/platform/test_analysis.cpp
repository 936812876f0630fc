// Maps of which the answer is known.
#include <cmath>
#include <random>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "platform/block_analysis.h"
#include "platform/energy_analysis.h"

using namespace karhunen;

namespace {

RateTensor tensor(const std::string& name, const BandShape& shape,
                  std::vector<std::vector<int16_t>> images) {
    RateTensor t;
    t.name = name;
    t.shape = shape;
    t.format = Format::s12;
    t.images = std::move(images);
    return t;
}

/// All sums of `sources` rows of the Hadamard matrix of 16, each times 20 or -20: so many
/// independent sources of variance 400 * 16 in 16 channels, each of variance 400 * sources.
RateTensor hadamard(uint32_t sources) {
    std::vector<int16_t> map;
    for (unsigned signs = 0; signs < 1u << sources; ++signs)
        for (unsigned c = 0; c < 16; ++c) {
            int x = 100 + 7 * static_cast<int>(c);
            for (unsigned k = 0; k < sources; ++k)
                x += ((signs >> k & 1) != 0 ? 20 : -20) * (__builtin_parity(k & c) ? -1 : 1);
            map.push_back(static_cast<int16_t>(x));
        }
    return tensor(std::to_string(sources), {1, 1u << sources, 16}, {map});
}

/// Gaussian values; alike: all of these many rows, columns and channels that follow each other.
RateTensor noise(const BandShape& shape, const BandShape& alike, double deviation, int images = 4) {
    std::mt19937 random(31);
    std::normal_distribution<double> normal(-100, deviation);
    std::vector<std::vector<int16_t>> all;
    for (int i = 0; i < images; ++i) {
        std::vector<int16_t>& map = all.emplace_back(shape.values());
        const auto at = [&](uint32_t y, uint32_t x, uint32_t c) -> int16_t& {
            return map[(size_t{y} * shape.width + x) * shape.channels + c];
        };
        for (uint32_t y = 0; y < shape.rows; ++y)
            for (uint32_t x = 0; x < shape.width; ++x)
                for (uint32_t c = 0; c < shape.channels; ++c) {
                    const uint32_t y0 = y - y % alike.rows, x0 = x - x % alike.width,
                                   c0 = c - c % alike.channels;
                    at(y, x, c) = y == y0 && x == x0 && c == c0
                                      ? static_cast<int16_t>(
                                            std::clamp(std::lround(normal(random)), -2048l, 2047l))
                                      : at(y0, x0, c0);
                }
    }
    return tensor("noise", shape, std::move(all));
}

std::vector<BlockForm> forms(const std::vector<std::string>& texts) {
    std::vector<BlockForm> result;
    for (const std::string& text : texts) result.push_back(parse_block(text));
    return result;
}

std::vector<BlockCurve> curves_of(const RateTensor& t, const std::vector<std::string>& texts) {
    return block_curves({t}, forms(texts), 2, {});
}

template <typename Print, typename Curves, typename... Arguments>
std::string printed(Print print, const Curves& curves, Arguments... arguments) {
    std::ostringstream out;
    print(curves, arguments..., out);
    return out.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(analysis)

BOOST_AUTO_TEST_CASE(independent_sources_are_the_components) {
    for (const uint32_t sources : {1u, 5u, 8u}) {
        const auto curves = energy_curves({hadamard(sources)}, 1, {});
        BOOST_TEST_REQUIRE(curves.size() == 1u);
        const EnergyCurve& c = curves[0];
        BOOST_TEST(c.vectors == 1u << sources);
        BOOST_TEST_REQUIRE(c.energy.size() == 16u);
        for (uint32_t k = 0; k < 16; ++k) {
            BOOST_TEST(std::abs(c.energy[k] - std::min(1.0, (k + 1.0) / sources)) < 1e-9);
            BOOST_TEST(std::abs(c.variance[k] - (k < sources ? 6400 : 0)) < 1e-6);
        }
        const double share = sources / 16.0;
        BOOST_TEST(mean_component_share(curves, 0.999) == share);
        BOOST_TEST(mean_component_share(curves, 0.5) == std::ceil(sources / 2.0) / 16);
        BOOST_TEST(std::abs(c.bound - share * std::log2(12 * 6400.0) / 2) < 1e-6);
        BOOST_TEST(std::abs(c.bound_without - std::log2(12 * 400.0 * sources) / 2) < 1e-6);
    }
}

// Variances are told in 8-bit steps, whatever those of the maps are; shares do not change.
BOOST_AUTO_TEST_CASE(energy_in_8_bit_steps) {
    RateTensor t = hadamard(4);
    t.scale = 0.25;
    t.decoded_scale = 1;
    const EnergyCurve curve = energy_curves({t}, 1, {})[0];
    BOOST_TEST(std::abs(curve.variance[0] - 400) < 1e-6);
    BOOST_TEST(std::abs(curve.energy[1] - 0.5) < 1e-9);
    BOOST_TEST(std::abs(curve.bound_without - std::log2(12 * 100.0) / 2) < 1e-6);
}

BOOST_AUTO_TEST_CASE(averages_of_energy_are_over_tensors) {
    const auto curves = energy_curves({hadamard(2), hadamard(6)}, 2, {});
    BOOST_TEST(mean_component_share(curves, 0.999) == (2 + 6) / 2 / 16.0);
    const std::string csv = printed(print_energy_csv, curves);
    BOOST_TEST(csv.find("\n2,16,4,1,0.062500,0.500000,6400.000000\n") != std::string::npos);
    BOOST_TEST(csv.find("\naverage,,,,0.250000,0.999000,\n") != std::string::npos);
    const std::string text = printed(print_energy, curves);
    BOOST_TEST(text.find("2 (12.5 %)") != std::string::npos);
    BOOST_TEST(text.find("fewer than ten pixels") != std::string::npos);  // 4 and 64 of 16 channels
}

// White noise has nothing to gain in any shape. At fine steps its entropy is h - log2(step), h =
// log2(2 pi e variance) / 2, and its error step^2 / 12.
BOOST_AUTO_TEST_CASE(white_noise_is_coded_alike_in_all_shapes) {
    const double deviation = 200;
    const auto curves = curves_of(noise({24, 24, 16}, {1, 1, 1}, deviation, 8),
                                  {"1x1xC", "1x2xC/2", "2x2xC/4", "4x4x1"});
    BOOST_TEST_REQUIRE(curves.size() == 4u);
    for (const BlockCurve& c : curves) {
        BOOST_TEST(c.block_values == 16u);
        BOOST_TEST(c.values == 8u * 24 * 24 * 16);
        BOOST_TEST_REQUIRE(c.points.size() == 17u);
        for (const BlockPoint& p : c.points) {
            if (p.step > deviation / 1.9) continue;  // too coarse for the formulae
            const double entropy =
                std::log2(2 * M_PI * M_E) / 2 + std::log2(deviation) - std::log2(p.step);
            BOOST_TEST(std::abs(p.rate - entropy) < 0.02);
            BOOST_TEST(std::abs(p.rms_error / p.step - 1 / std::sqrt(12.0)) < 0.004);
            BOOST_TEST(std::abs(p.snr_db - 20 * std::log10(deviation / p.rms_error)) < 0.05);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_alike_belongs_in_one_block) {
    const std::vector<std::string> shapes = {"1x1xC", "2x2xC/4", "4x4xC/16"};
    const auto rates = [&](const BandShape& alike) {
        std::vector<double> result;
        for (const BlockCurve& c : curves_of(noise({24, 24, 16}, alike, 200), shapes)) {
            const auto rate = rate_at(c, 20);
            BOOST_TEST_REQUIRE(rate.has_value());
            result.push_back(*rate);
        }
        return result;
    };
    const auto space = rates({4, 4, 1}), channels = rates({1, 1, 16}), both = rates({2, 2, 4});
    // One coefficient of 16 has all; of 2 x 2 in space and 4 channels at random, four of 16.
    BOOST_TEST(space[2] < 0.2 * space[0]);
    BOOST_TEST(space[2] < 0.5 * space[1]);
    BOOST_TEST(space[1] < 0.5 * space[0]);
    BOOST_TEST(channels[0] < 0.2 * channels[2]);
    BOOST_TEST(channels[0] < 0.5 * channels[1]);
    BOOST_TEST(both[1] < 0.4 * both[0]);
    BOOST_TEST(both[1] < 0.4 * both[2]);
}

BOOST_AUTO_TEST_CASE(a_transform_of_other_maps_is_worse) {
    RateTensor t = noise({8, 8, 16}, {1, 1, 4}, 200);
    const auto own = curves_of(t, {"1x1xC"});
    t.calibration = noise({8, 8, 16}, {1, 1, 1}, 200).images;
    const auto other = curves_of(t, {"1x1xC"});
    BOOST_TEST(*rate_at(own[0], 20) < 0.6 * *rate_at(other[0], 20));
}

BOOST_AUTO_TEST_CASE(blocks_that_do_not_fit_are_left_out) {
    const RateTensor t = noise({5, 7, 12}, {1, 1, 1}, 50, 3);
    const auto curves = curves_of(t, {"2x2xC/4", "1x1xC/5", "6x1x1", "1x1x7", "2x3x4"});
    BOOST_TEST_REQUIRE(curves.size() == 2u);
    BOOST_TEST(curves[0].values == 3u * 4 * 6 * 12);
    BOOST_TEST(curves[1].block == "2x3x4");
    BOOST_TEST(curves[1].values == 3u * 4 * 6 * 12);
    const BandShape large{64, 64, 512};
    BOOST_TEST(parse_block("2x2xC").channels_in(large).value_or(0) == 512u);
    BOOST_TEST(!parse_block("2x4xC").channels_in(large).has_value());  // 4096 values
    // Averages: of tensors that have all shapes.
    RateTensor more = noise({8, 8, 12}, {1, 1, 1}, 50, 3);
    more.name = "more";
    const auto both = block_curves({t, more}, forms({"1x1xC", "6x1x1"}), 2, {});
    BOOST_TEST_REQUIRE(both.size() == 3u);
    BOOST_TEST(std::abs(*mean_rate_at(both, "1x1xC", 20) - *rate_at(both[1], 20)) < 1e-9);
    BOOST_TEST(printed(print_blocks, both, 20.0).find("over the 1 of 2 tensors") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(maps_that_do_not_vary) {
    const RateTensor t =
        tensor("constant", {4, 4, 8}, {std::vector<int16_t>(128, 5), std::vector<int16_t>(128, 5)});
    const auto curves = curves_of(t, {"1x1xC", "2x2x2"});
    BOOST_TEST_REQUIRE(curves.size() == 2u);
    BOOST_TEST(curves[0].points.empty());
    BOOST_TEST(printed(print_blocks, curves, 20.0).find("constant") != std::string::npos);
    const auto energy = energy_curves({t}, 1, {});
    BOOST_TEST(mean_component_share(energy, 0.9) == 1 / 8.0);
    BOOST_TEST(energy[0].bound == 0);
}

BOOST_AUTO_TEST_CASE(output_depends_on_nothing_but_the_maps) {
    const std::vector<RateTensor> tensors = {noise({8, 8, 16}, {1, 1, 2}, 90), hadamard(5)};
    std::vector<std::string> csv, json;
    for (const unsigned threads : {1u, 3u}) {
        const auto curves = block_curves(tensors, forms({"1x1xC", "1x2xC/2"}), threads, {});
        csv.push_back(printed(print_blocks_csv, curves));
        json.push_back(printed(print_blocks_json, curves) +
                       printed(print_energy_json, energy_curves(tensors, threads, {})));
    }
    BOOST_TEST(csv[0] == csv[1]);
    BOOST_TEST(json[0] == json[1]);
}

BOOST_AUTO_TEST_CASE(forms_of_blocks_as_text) {
    const BlockForm form = parse_block("2x4xC/8");
    BOOST_TEST(
        (form.rows == 2 && form.columns == 4 && form.divisor == 8 && form.name == "2x4xC/8"));
    BOOST_TEST(form.channels_in({8, 8, 64}).value() == 8u);
    BOOST_TEST(parse_block("8x8x1").channels_in({8, 8, 64}).value() == 1u);
    for (const std::string text : {"", "8", "8x8", "0x1xC", "1x0xC", "1x1x0", "1x1xC/0", "1x1xD",
                                   "1x1xC/", "-1x1xC", "1x1xC/2x", "1 x1xC", "9999x1x1"})
        BOOST_CHECK_EXCEPTION(
            parse_block(text), std::runtime_error, [&](const std::runtime_error& error) {
                return std::string(error.what()).find("block '" + text + "'") == 0;
            });
}

BOOST_AUTO_TEST_SUITE_END()
