// Calibration against float PCA, and on maps that are hard to calibrate on.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/integer_basis.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

/// Heavy-tailed sources with falling energy, mixed at random: s12 values, full scale.
std::vector<int16_t> correlated_map(uint32_t vectors, uint32_t channels, std::mt19937& random) {
    std::normal_distribution<double> normal;
    std::vector<double> mix(channels * channels), x(size_t{vectors} * channels), source(channels);
    for (uint32_t k = 0; k < channels; ++k)
        for (uint32_t c = 0; c < channels; ++c)
            mix[k * channels + c] = normal(random) * std::exp(-4.0 * k / channels);
    double largest = 0;
    for (uint32_t v = 0; v < vectors; ++v) {
        for (double& s : source) s = normal(random), s *= std::abs(s);
        for (uint32_t c = 0; c < channels; ++c) {
            double sum = -0.15 * std::sqrt(channels);
            for (uint32_t k = 0; k < channels; ++k) sum += mix[k * channels + c] * source[k];
            x[size_t{v} * channels + c] = sum;
            largest = std::max(largest, std::abs(sum));
        }
    }
    std::vector<int16_t> map(x.size());
    for (size_t i = 0; i < x.size(); ++i)
        map[i] = static_cast<int16_t>(std::lround(x[i] * 2047 / largest));
    return map;
}

CalibrationMaps maps_of(const std::vector<int16_t>& map, uint32_t channels) {
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    maps.stored_scale = 0.01;
    maps.decoded_scale = 0.06;
    return maps;
}

/// Squared errors of a decoded map in steps of the s12 values, after ReLU.
double error_of(std::span<const int16_t> map, std::span<const double> decoded) {
    double sum = 0;
    for (size_t i = 0; i < map.size(); ++i)
        sum += std::pow(std::max<double>(map[i], 0) - decoded[i], 2);
    return sum;
}

struct FloatResult {
    double error = 0, step = 0;
};

/// PCA in double with one step of range / (2^bits - 2), then ReLU and rounding to steps of u8.
FloatResult float_transform(const std::vector<int16_t>& map, uint32_t channels, double bits,
                            double u8_step) {
    const std::span<const int16_t> image = map;
    const auto pca = principal_components(std::span(&image, 1), channels);
    std::vector<double> y(map.size()), decoded(map.size());
    for (size_t at = 0; at < map.size(); at += channels)
        for (uint32_t k = 0; k < channels; ++k)
            for (uint32_t c = 0; c < channels; ++c)
                y[at + k] += pca.components[k * channels + c] * (map[at + c] - pca.mean[c]);
    const auto [low, high] = std::minmax_element(y.begin(), y.end());
    FloatResult r;
    r.step = (*high - *low) / (std::exp2(bits) - 2);
    for (size_t at = 0; at < map.size(); at += channels)
        for (uint32_t c = 0; c < channels; ++c) {
            double x = pca.mean[c];
            for (uint32_t k = 0; k < channels; ++k)
                x += pca.components[k * channels + c] * r.step * std::round(y[at + k] / r.step);
            decoded[at + c] = std::clamp(std::round(x / u8_step), 0.0, 255.0) * u8_step;
        }
    r.error = error_of(map, decoded);
    return r;
}

std::vector<double> decoded_by(const Codec& codec, const std::vector<int16_t>& map,
                               uint32_t channels, double u8_step) {
    const BandShape shape{1, static_cast<uint32_t>(map.size()) / channels, channels};
    std::vector<double> result;
    for (const int16_t v : decode_band(codec, shape, encode_band(codec, shape, 4, map)))
        result.push_back(v * u8_step);
    return result;
}

double code_bits(const Codec& codec, const std::vector<int16_t>& map, uint32_t channels) {
    const BandShape shape{1, static_cast<uint32_t>(map.size()) / channels, channels};
    const auto encoder = codec.encoder(shape, 4);
    encoder->encode_row(map);
    return static_cast<double>(encoder->code_bits());
}

/// Of sign_map(), times the square root of 8: standard deviations of its components.
constexpr int amplitudes[] = {40, 28, 20, 14, 10, 7, 5, 3};

/// All 256 sums 128 + (+-40 h_0) + (+-28 h_1) .., h the rows of the Hadamard matrix of 8:
/// covariance sum of 8 amplitude^2 u u^T, u = h / sqrt(8).
std::vector<int16_t> sign_map() {
    std::vector<int16_t> map;
    for (unsigned signs = 0; signs < 256; ++signs)
        for (unsigned c = 0; c < 8; ++c) {
            int x = 128;
            for (unsigned k = 0; k < 8; ++k) {
                const int h = __builtin_parity(k & c) ? -1 : 1;
                x += (signs >> k & 1 ? 1 : -1) * amplitudes[k] * h;
            }
            map.push_back(static_cast<int16_t>(x));
        }
    return map;
}

uint32_t components_of(const std::vector<uint8_t>& blob) {
    return blob[4] + 256u * blob[5];
}

}  // namespace

BOOST_AUTO_TEST_CASE(components_of_a_known_covariance) {
    // Points on the line (3, 4) * t around (10, -20), with less across it, along (-4, 3).
    std::vector<int16_t> points;
    for (int t = -50; t <= 50; ++t)
        for (const int across : {-1, 0, 1}) {
            points.push_back(static_cast<int16_t>(10 + 3 * t - 4 * across));
            points.push_back(static_cast<int16_t>(-20 + 4 * t + 3 * across));
        }
    const std::span<const int16_t> image = points;
    const auto pca = principal_components(std::span(&image, 1), 2);
    BOOST_CHECK_CLOSE(pca.mean[0], 10, 1e-9);
    BOOST_CHECK_CLOSE(pca.mean[1], -20, 1e-9);
    BOOST_CHECK_CLOSE(pca.variance[0], 25 * 850.0, 0.001);  // mean of t^2 is 50 * 51 / 3
    BOOST_CHECK_CLOSE(pca.variance[1], 25 * 2.0 / 3, 0.01);
    const double expected[] = {0.6, 0.8, 0.8, -0.6};
    for (int i = 0; i < 4; ++i) BOOST_CHECK_CLOSE(pca.components[i], expected[i], 0.001);
}

BOOST_AUTO_TEST_CASE(the_integer_basis_is_nearly_orthogonal) {
    std::mt19937 random(20);
    const auto map = correlated_map(2000, 64, random);
    const std::span<const int16_t> image = map;
    const auto pca = principal_components(std::span(&image, 1), 64);
    const auto basis = integer_basis(pca, 64);
    double leakage = 0, rounded = 0;
    std::vector<double> plain;
    for (int k = 0; k < 64; ++k) {
        const auto u = std::span(pca.components).subspan(k * 64, 64);
        double largest = 0;
        for (const double v : u) largest = std::max(largest, std::abs(v));
        for (const double v : u) plain.push_back(std::round(v * 127 / largest) * largest / 127);
        BOOST_CHECK_GE(basis.length[k], 126);
    }
    for (int k = 0; k < 64; ++k)
        for (int j = 0; j < k; ++j) {
            double product = 0, product_rounded = 0;
            for (int c = 0; c < 64; ++c) {
                product += basis.matrix[k * 64 + c] * basis.matrix[j * 64 + c];
                product_rounded += plain[k * 64 + c] * plain[j * 64 + c];
            }
            leakage += pca.variance[j] * std::pow(product / basis.length[k] / basis.length[j], 2);
            rounded += pca.variance[j] * std::pow(product_rounded, 2);
        }
    BOOST_CHECK_LT(leakage, rounded / 4);
}

BOOST_AUTO_TEST_CASE(integers_lose_less_than_a_tenth_of_a_decibel) {
    std::mt19937 random(21);
    for (const uint32_t channels : {16u, 64u, 128u}) {
        const auto map = correlated_map(3000, channels, random);
        const auto codec =
            make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps_of(map, channels), {8, 0.15}),
                       Format::s12);
        const double loss = 10 * std::log10(error_of(map, decoded_by(*codec, map, channels, 6)) /
                                            float_transform(map, channels, 8, 6).error);
        BOOST_TEST_MESSAGE(channels << " channels: " << loss << " dB");
        BOOST_CHECK_LT(loss, 0.1);
    }
}

BOOST_AUTO_TEST_CASE(parameters_are_the_same_on_every_host) {
    std::mt19937 random(27);
    const uint32_t channels = 48;
    std::vector<int16_t> map(400 * channels);
    for (size_t at = 0; at < map.size(); at += channels) {
        const int common = static_cast<int>(random() % 2001) - 1000;
        for (uint32_t c = 0; c < channels; ++c)
            map[at + c] = static_cast<int16_t>(common * static_cast<int>(c % 7) / 7 +
                                               static_cast<int>(random() % (20 * c + 1)));
    }
    uint64_t hash = 14695981039346656037u;  // FNV-1a
    auto blob = calibrate_transform(maps_of(map, channels), {8, 0.15});
    // As version 1 of the blob was, in which the number of components was not told.
    BOOST_REQUIRE_EQUAL(blob[1], 2);
    blob[1] = 1;
    blob.erase(blob.begin() + 4, blob.begin() + 6);
    for (const uint8_t byte : blob) hash = (hash ^ byte) * 1099511628211u;
    // Found alike with AVX-512, with plain x86-64, with gcc and with clang.
    BOOST_CHECK_EQUAL(hash, 13659894692547011023u);
}

BOOST_AUTO_TEST_CASE(rates_are_near_the_entropy_and_below_those_of_vlc) {
    std::mt19937 random(22);
    const auto map = correlated_map(4000, 32, random);
    const auto n = static_cast<double>(map.size());
    const auto maps = maps_of(map, 32);
    const auto transform =
        make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps, {8, 0.15}), Format::s12);
    const auto vlc = make_codec(KRHN_CODEC_VLC, calibrate_vlc(maps, {8, 0.15}), Format::s12);
    for (const Codec* codec : {transform.get(), vlc.get()}) {
        std::vector<uint64_t> counts(2047);
        for (const int16_t s : codec->symbols(map)) ++counts[static_cast<size_t>(s)];
        const double oracle = oracle_entropy_bits(counts) / n;
        BOOST_CHECK_SMALL(codec->entropy_bits(map) / n - oracle, 0.02);
        const double code = code_bits(*codec, map, 32) / n;
        BOOST_CHECK_GE(code, oracle);
        BOOST_CHECK_LT(code, oracle + 0.1);
    }
    BOOST_CHECK_LT(transform->entropy_bits(map), 0.9 * vlc->entropy_bits(map));
}

BOOST_AUTO_TEST_CASE(half_the_step_is_six_decibels_less_error_and_one_bit_more) {
    std::mt19937 random(23);
    const auto map = samples::map(48000, samples::Values::random, random);
    auto maps = maps_of(map, 16);
    maps.decoded_scale = maps.stored_scale * 8;
    const auto run = [&](double bits) {
        const auto codec =
            make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps, {bits, 0.15}), Format::s12);
        return std::pair(10 * std::log10(error_of(map, decoded_by(*codec, map, 16, 8))),
                         codec->entropy_bits(map) / static_cast<double>(map.size()));
    };
    const auto coarse = run(6), fine = run(7);
    BOOST_CHECK_CLOSE(coarse.first - fine.first, 6.02, 5.0);
    BOOST_CHECK_CLOSE(fine.second - coarse.second, 1.0, 3.0);
}

BOOST_AUTO_TEST_CASE(vlc_is_exact_to_half_a_step) {
    std::mt19937 random(24);
    const auto map = samples::map(5000, samples::Values::random, random);
    auto maps = maps_of(map, 1);
    maps.decoded_scale = maps.stored_scale * 2048 / 255;
    const auto codec = make_codec(KRHN_CODEC_VLC, calibrate_vlc(maps, {7, 0.15}), Format::s12);
    const double step = 4095.0 / 126, u8_step = 2048.0 / 255;
    const auto decoded = decoded_by(*codec, map, 1, u8_step);
    for (size_t i = 0; i < map.size(); ++i)
        BOOST_REQUIRE_LE(std::abs(std::max<double>(map[i], 0) - decoded[i]),
                         step / 2 + u8_step / 2 + 0.1);
}

BOOST_AUTO_TEST_CASE(maps_that_hardly_vary_can_be_calibrated_on) {
    std::mt19937 random(25);
    const uint32_t channels = 6;
    std::vector<int16_t> dead = correlated_map(500, channels, random);  // two channels never vary
    for (size_t at = 0; at < dead.size(); at += channels) dead[at] = -2048, dead[at + 3] = 2047;
    const std::vector<std::vector<int16_t>> cases = {dead,
                                                     std::vector<int16_t>(60, 0),
                                                     std::vector<int16_t>(60, 2047),
                                                     std::vector<int16_t>(60, -2048),
                                                     {1, 2, 3, 4, 5, 6}};
    for (const auto& map : cases) {
        const auto maps = maps_of(map, channels);
        for (const uint32_t id : {KRHN_CODEC_VLC, KRHN_CODEC_TRANSFORM}) {
            const auto codec =
                make_codec(id,
                           id == KRHN_CODEC_VLC ? calibrate_vlc(maps, {8, 0.15})
                                                : calibrate_transform(maps, {8, 0.15}),
                           Format::s12);
            const auto decoded = decoded_by(*codec, map, channels, 1);
            for (size_t i = 0; i < map.size(); ++i) {
                const double exact = std::clamp(map[i] / 6.0, 0.0, 255.0);
                // half a step of u8, and of the 8-bit quantiser in up to six components
                BOOST_REQUIRE_SMALL(decoded[i] - exact, id == KRHN_CODEC_VLC ? 2.0 : 6.0);
            }
            // Values far beyond what was seen are coded too.
            for (const auto kind : {samples::Values::random, samples::Values::highest})
                BOOST_REQUIRE_EQUAL(
                    decoded_by(*codec, samples::map(60, kind, random), channels, 1).size(), 60);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_channel_and_the_finest_quantiser) {
    std::mt19937 random(26);
    const auto map = samples::map(3000, samples::Values::random, random);
    const auto maps = maps_of(map, 1);
    // 2047 levels: from 10.65 bits on at the cost of head-room.
    BOOST_CHECK_THROW(calibrate_transform(maps, {11.1, 0.15}), CodecError);
    BOOST_CHECK_THROW(calibrate_vlc(maps, {11.1, 0.15}), CodecError);
    const auto codec =
        make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps, {11, 0.15}), Format::s12);
    const auto decoded = decoded_by(*codec, map, 1, 1);
    for (size_t i = 0; i < map.size(); ++i)
        BOOST_REQUIRE_SMALL(decoded[i] - std::clamp(map[i] / 6.0, 0.0, 255.0), 1.0);
}

BOOST_AUTO_TEST_CASE(truncation_keeps_the_components_that_are_asked_for) {
    const auto map = sign_map();
    const auto kept = [&](uint32_t components, double energy) {
        return components_of(calibrate_transform(maps_of(map, 8), {8, 0.15, components, energy}));
    };
    for (uint32_t k = 1; k <= 8; ++k) BOOST_CHECK_EQUAL(kept(k, 1), k);
    BOOST_CHECK_EQUAL(kept(0, 1), 8);
    BOOST_CHECK_EQUAL(kept(99, 1), 8);
    // Shares of the sum so far: 0.506 0.754 0.880 0.942 0.974 0.989 0.997 1
    const std::pair<double, uint32_t> shares[] = {{1e-9, 1}, {0.5, 1},  {0.51, 2},
                                                  {0.75, 2}, {0.76, 3}, {0.95, 5},
                                                  {0.98, 6}, {0.99, 7}, {0.998, 8}};
    for (const auto& [share, k] : shares) {
        BOOST_CHECK_EQUAL(kept(0, share), k);
        BOOST_CHECK_EQUAL(kept(4, share), std::min(k, 4u));
    }
    // Nothing varies: one component will do for any share.
    const std::vector<int16_t> constant(24, 7);
    BOOST_CHECK_EQUAL(components_of(calibrate_transform(maps_of(constant, 6), {8, 0.15, 0, 0.9})),
                      1);
}

BOOST_AUTO_TEST_CASE(components_weaker_than_a_part_of_a_step_are_left_out) {
    const auto map = sign_map();  // each component is two values, a deviation up or down
    const auto kept = [&](double bits, double least) {
        return components_of(calibrate_transform(
            maps_of(map, 8), {.bits = bits, .headroom = 0, .least_deviation = least}));
    };
    for (const double bits : {2.0, 3.0, 5.0, 8.0})
        for (const double least : {0.3, 0.55, 0.8, 1.6}) {
            const double step = 2.0 * amplitudes[0] / (std::exp2(bits) - 2);
            const auto enough = [&](int a) { return a >= least * step; };
            const auto expected =
                std::count_if(std::begin(amplitudes), std::end(amplitudes), enough);
            BOOST_TEST_CONTEXT(bits << " bits, " << least)
            BOOST_CHECK_EQUAL(kept(bits, least), std::max<ptrdiff_t>(expected, 1));
        }
    BOOST_CHECK_EQUAL(kept(2, 0), 8);
}

BOOST_AUTO_TEST_CASE(all_components_are_all) {
    std::mt19937 random(28);
    const auto map = correlated_map(500, 24, random);
    const auto all = calibrate_transform(maps_of(map, 24), {8, 0.15});
    BOOST_CHECK(all == calibrate_transform(maps_of(map, 24), {8, 0.15, 24}));
    // Fewer have the first rows of the same matrix.
    const auto some = calibrate_transform(maps_of(map, 24), {8, 0.15, 7});
    const auto rows = [](const std::vector<uint8_t>& blob, uint32_t components) {
        const auto first = blob.begin() + 18 + 8 * components + 4 * 24 + 2 * 24;
        return std::vector<uint8_t>(first, first + 7 * 24);
    };
    BOOST_CHECK(rows(some, 7) == rows(all, 24));
}

BOOST_AUTO_TEST_CASE(the_error_of_truncation_is_the_variance_of_what_is_left_out) {
    const auto map = sign_map();
    auto maps = maps_of(map, 8);
    maps.decoded_scale = maps.stored_scale;
    double left_out = 0;
    for (uint32_t k = 8; k >= 1; --k) {
        const auto codec =
            make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps, {9, 0.15, k}), Format::s12);
        const double error = error_of(map, decoded_by(*codec, map, 8, 1)) / 256;
        const double rounding = 8 / 12.0;  // of eight values to whole numbers
        BOOST_CHECK_LE(std::abs(error - left_out), 0.01 * left_out + rounding);
        left_out += 8.0 * amplitudes[k - 1] * amplitudes[k - 1];
    }
}

BOOST_AUTO_TEST_CASE(calibration_refuses_what_makes_no_sense) {
    const std::vector<int16_t> map(12, 5), wide(12, 2048);
    const auto refused = [&](const CalibrationMaps& maps, QuantiserOptions options) {
        BOOST_CHECK_THROW(calibrate_transform(maps, options), CodecError);
        BOOST_CHECK_THROW(calibrate_vlc(maps, options), CodecError);
    };
    refused({}, {});
    refused(maps_of({}, 4), {});
    refused(maps_of(map, 5), {});  // not whole vectors
    refused(maps_of(map, 0), {});
    refused(maps_of(wide, 4), {});
    refused(maps_of(map, 4), {.bits = 1, .headroom = 0.15});
    refused(maps_of(map, 4), {.bits = 8, .headroom = -1});
    for (const double share : {0.0, -0.5, 1.01, std::nan("")})
        refused(maps_of(map, 4), {.bits = 8, .headroom = 0, .components = 0, .energy = share});
    for (const double least : {-0.1, 17.0, std::nan("")})
        refused(maps_of(map, 4), {.bits = 8, .least_deviation = least});
    auto scaleless = maps_of(map, 4);
    scaleless.decoded_scale = 0;
    refused(scaleless, {});
    const std::vector<int16_t> many(1024, 1);
    BOOST_CHECK_THROW(calibrate_transform(maps_of(many, 1024), {}), CodecError);
}
