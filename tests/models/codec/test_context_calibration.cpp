// context: what calibration makes of maps whose statistics are known.
#include <boost/test/unit_test.hpp>

#include <cmath>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/fit_predictors.h"
#include "models/codec/merge_contexts.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

CalibrationMaps maps_of(const std::vector<int16_t>& map, uint32_t channels, uint32_t width) {
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    maps.width = width;
    return maps;
}

uint64_t bits_of(const std::vector<std::vector<uint8_t>>& streams) {
    uint64_t bits = 0;
    for (const auto& s : streams) bits += 8 * s.size();
    return bits;
}

/// FNV-1a.
uint64_t hash_of(const std::vector<uint8_t>& bytes) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const uint8_t b : bytes) hash = (hash ^ b) * 0x100000001b3;
    return hash;
}

/// Rows of which each is the one above plus a little noise; the same numbers on every host.
std::vector<int16_t> falling_map(uint32_t rows, uint32_t width, uint32_t channels) {
    std::mt19937 random(101);
    std::vector<int16_t> map(size_t{rows} * width * channels);
    const size_t row = size_t{width} * channels;
    for (size_t i = 0; i < map.size(); ++i) {
        const int above = i < row ? 116 : map[i - row];
        map[i] =
            static_cast<int16_t>(std::clamp(above + static_cast<int>(random() % 7) - 3, 0, 255));
    }
    return map;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_map_that_goes_on_downwards_is_predicted_from_above) {
    auto map = falling_map(280, 40, 6);
    const auto blob = calibrate_context(maps_of(map, 6, 40), {});
    map.resize(14 * 240);
    const auto codec = make_codec(KRHN_CODEC_CONTEXT, blob, Format::u8);
    BOOST_TEST(codec->lossless());
    const BandShape shape{14, 40, 6};
    const auto streams = encode_band(*codec, shape, 1, map);
    BOOST_CHECK(decode_band(*codec, shape, streams) == map);
    // one of 7 differences
    const double least = 14 * 240 * std::log2(7.0);
    BOOST_CHECK_GT(static_cast<double>(bits_of(streams)), 0.99 * least);
    BOOST_CHECK_LT(static_cast<double>(bits_of(streams)), 1.15 * least);
}

BOOST_AUTO_TEST_CASE(weights_are_those_of_least_squares) {
    // value = (W + N) / 2 + 10, W and N independent
    std::mt19937 random(102);
    std::vector<NeighbourMoments> moments(2);
    for (int i = 0; i < 5000; ++i) {
        std::array<int32_t, 5> v{};
        for (size_t k = 0; k < 4; ++k) v[k] = 2 * static_cast<int32_t>(random() % 60);
        v[4] = (v[0] + v[1]) / 2 + 10;
        moments[0].add(v);
        v[4] = 0;  // a channel that is always zero
        moments[1].add(v);
    }
    ContextParameters p;
    fit_predictors(moments, 5000, false, p);
    BOOST_CHECK((std::vector<int8_t>(p.weights.begin(), p.weights.begin() + 4)) ==
                (std::vector<int8_t>{32, 32, 0, 0}));
    BOOST_CHECK_SMALL(p.bias[0] - 640, 30);
    BOOST_CHECK_EQUAL(p.deviation[0], 0);
    BOOST_CHECK_EQUAL(p.deviation[1], 0);
    fit_predictors(moments, 5000, true, p);
    BOOST_CHECK((p.weights == std::vector<int8_t>{16, 16, 0, 0}));  // in between
    BOOST_CHECK_EQUAL(p.bias.size(), 2u);
}

BOOST_AUTO_TEST_CASE(contexts_that_are_alike_are_merged) {
    TokenCounts counts(context_count);
    for (size_t c = 0; c < context_count; c += 2)  // every other one was never seen
        for (uint32_t t = 0; t < rans_tokens; ++t)
            counts[c][t] = (c % 3 == 0 ? t < 10 : t >= 10) ? 100 + c : 0;
    const auto merged = merge_contexts(counts, {32, 2, 1});
    BOOST_REQUIRE_EQUAL(merged.size(), 3u);
    BOOST_CHECK_EQUAL(merged[0].tables.size(), 32u);
    BOOST_REQUIRE_EQUAL(merged[1].tables.size(), 2u);
    BOOST_CHECK_EQUAL(merged[2].tables.size(), 1u);
    for (size_t c = 0; c < context_count; c += 2)
        BOOST_REQUIRE_EQUAL(merged[1].table_of[c], c % 3 == 0 ? 0 : 1);
    for (const TokenFrequencies& f : merged[1].tables) {
        uint32_t sum = 0;
        for (const uint16_t n : f) sum += n;
        BOOST_CHECK_EQUAL(sum, 2048u);
    }
    BOOST_CHECK_GE(merged[1].tables[0][0], 190);  // a tenth of what the others leave, rounded
    BOOST_CHECK_EQUAL(merged[1].tables[0][10], 1);
    BOOST_CHECK_LT(merged[1].bits, merged[2].bits);
}

BOOST_AUTO_TEST_CASE(lossy_context_rounds_to_its_step) {
    std::mt19937 random(103);
    const BandShape shape{10, 20, 5};
    const auto map = samples::map(shape.values(), samples::Values::random, random);
    auto maps = maps_of(map, 5, 20);
    maps.stored_scale = 0.01;
    maps.decoded_scale = 0.06;  // values up to 341 steps: some saturate
    uint64_t finer = UINT64_MAX;
    for (const double bits : {7.5, 6.0, 4.3, 2.0}) {
        const auto codec =
            make_codec(KRHN_CODEC_CONTEXT, calibrate_context(maps, {bits, 0}), Format::s12);
        BOOST_TEST(!codec->lossless());
        BOOST_CHECK(codec->stored_format() == Format::s12);
        const auto streams = encode_band(*codec, shape, 4, map);
        const auto decoded = decode_band(*codec, shape, streams);
        const double step = std::exp2(8 - bits);
        for (size_t i = 0; i < map.size(); ++i)
            BOOST_REQUIRE_SMALL(decoded[i] - std::clamp(map[i] / 6.0, 0.0, 255.0),
                                step / 2 + 0.5001);
        BOOST_TEST(bits_of(streams) < finer);
        finer = bits_of(streams);
    }
}

BOOST_AUTO_TEST_CASE(degenerate_maps_calibrate_context) {
    const std::vector<int16_t> zero(120), one = {7}, high(64 * 9, 2047);
    const auto check = [](const std::vector<int16_t>& map, uint32_t channels, uint32_t width) {
        for (const double bits : {8.0, 5.0}) {
            const auto codec = make_codec(
                KRHN_CODEC_CONTEXT, calibrate_context(maps_of(map, channels, width), {bits, 0}),
                bits < 8 ? Format::s12 : Format::u8);
            const auto pixels = static_cast<uint32_t>(map.size() / channels);
            const BandShape shape{width ? pixels / width : 1, width ? width : pixels, channels};
            for (const int16_t v : decode_band(*codec, shape, encode_band(*codec, shape, 3, map)))
                BOOST_REQUIRE_SMALL(v - std::min(map[0] + 0.0, 255.0), bits < 8 ? 5.0 : 0.1);
        }
    };
    check(zero, 3, 10);
    check(zero, 1, 0);
    check(one, 1, 1);
    check(high, 64, 3);
    check(std::vector<int16_t>(2048 * 2, 9), 2048, 2);
}

BOOST_AUTO_TEST_CASE(context_parameters_are_the_same_on_every_host) {
    const auto map = falling_map(30, 17, 9);
    const auto maps = maps_of(map, 9, 17);
    BOOST_CHECK_EQUAL(hash_of(calibrate_context(maps, {})), 15877615456736051137u);
    BOOST_CHECK_EQUAL(hash_of(calibrate_context(maps, {6, 0})), 6070192396161351551u);
    BOOST_CHECK(calibrate_context(maps, {}) == calibrate_context(maps, {}));
    BOOST_CHECK(calibrate_context(maps, {}) ==
                calibrate_codec({KRHN_CODEC_CONTEXT, QuantiserOptions{}}, maps));
}

BOOST_AUTO_TEST_CASE(calibration_of_context_refuses_what_makes_no_sense) {
    const std::vector<int16_t> map(12, 5), wide(12, 2048), many(2049);
    const auto refused = [&](const CalibrationMaps& maps, QuantiserOptions options) {
        BOOST_CHECK_THROW(calibrate_context(maps, options), CodecError);
    };
    refused({}, {});
    refused(maps_of({}, 4, 1), {});
    refused(maps_of(map, 5, 0), {});  // not whole vectors
    refused(maps_of(map, 4, 2), {});  // not whole rows
    refused(maps_of(map, 0, 1), {});
    refused(maps_of(wide, 4, 1), {});
    refused(maps_of(many, 2049, 1), {});
    refused(maps_of(map, 4, 1), {.bits = 1.9, .headroom = 0});
    refused(maps_of(map, 4, 1), {.bits = 8.1, .headroom = 0});
    refused(maps_of(map, 4, 1), {.bits = NAN, .headroom = 0});
    auto scaleless = maps_of(map, 4, 1);
    scaleless.decoded_scale = 0;
    refused(scaleless, {});
}
