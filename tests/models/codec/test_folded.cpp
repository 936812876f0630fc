// The transform as a part of the convolution before it.
#include <algorithm>
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/transform_codec.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

/// 3000 vectors, each channel with something of the one before it.
std::vector<int16_t> correlated_map(uint32_t channels, std::mt19937& random) {
    std::normal_distribution<double> normal(0, 200);
    std::vector<int16_t> map;
    for (int i = 0; i < 3000; ++i) {
        double value = 0;
        for (uint32_t c = 0; c < channels; ++c) {
            value = 0.8 * value + normal(random);
            map.push_back(static_cast<int16_t>(std::clamp(value + 100, -2048.0, 2047.0)));
        }
    }
    return map;
}

std::vector<int16_t> decoded_by(const Codec& codec, const std::vector<int16_t>& map,
                                uint32_t channels) {
    const BandShape shape{1, static_cast<uint32_t>(map.size()) / channels, channels};
    return decode_band(codec, shape, encode_band(codec, shape, 4, map));
}

/// The symbols of a convolution that the transform is part of, in doubles.
std::vector<int16_t> folded_symbols(const FoldedTransform& t, std::span<const int16_t> map) {
    const size_t channels = t.mean.size();
    std::vector<int16_t> symbols;
    for (size_t at = 0; at < map.size(); at += channels)
        for (size_t k = 0; k < channels; ++k) {
            double y = 0;
            for (size_t c = 0; c < channels; ++c)
                y += t.rows[k * channels + c] * (map[at + c] - t.mean[c]);
            symbols.push_back(static_cast<int16_t>(std::lround(y / t.step)));
        }
    return symbols;
}

}  // namespace

BOOST_AUTO_TEST_CASE(folded_into_a_convolution_it_decodes_to_the_same) {
    std::mt19937 random(31);
    const uint32_t channels = 32;
    const std::vector<int16_t> map = correlated_map(channels, random);
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    maps.decoded_scale = 6;
    const auto unit =
        make_codec(KRHN_CODEC_TRANSFORM, calibrate_transform(maps, {8, 0.15}), Format::s12);
    const auto expected = decoded_by(*unit, map, channels);
    for (const Format decoded : {Format::u8, Format::s12}) {
        const FoldedTransform t = calibrate_folded(maps, {8, 0.15}, decoded);
        const std::vector<int16_t> symbols = folded_symbols(t, map);
        const std::vector<std::span<const int16_t>> all{symbols};
        const auto blob = t.table(all);
        const auto codec = make_codec(KRHN_CODEC_TRANSFORM, blob, Format::s12);
        BOOST_CHECK(codec->decoded_format() == decoded);
        const auto found = decoded_by(*codec, symbols, channels);
        // Rounding of the unit's multipliers may give the next symbol, rarely.
        size_t different = 0;
        for (size_t i = 0; i < found.size(); ++i)
            different += std::abs(std::clamp<int>(found[i], 0, 255) - expected[i]) > 1;
        BOOST_CHECK_LT(different, found.size() / 200);
        BOOST_CHECK(decoded == Format::u8 || *std::min_element(found.begin(), found.end()) < -20);
        BOOST_CHECK_CLOSE(codec->entropy_bits(symbols), unit->entropy_bits(map), 1.0);

        // Its first bytes are all that an encoder needs; the unit's clocks are gone.
        const size_t bytes = folded_encoder_bytes(blob);
        BOOST_CHECK_LT(bytes, 600u);
        const auto encoder =
            make_codec(KRHN_CODEC_TRANSFORM, std::span(blob).first(bytes), Format::s12);
        const BandShape shape{1, 3000, channels};
        BOOST_CHECK(encode_band(*encoder, shape, 4, symbols) ==
                    encode_band(*codec, shape, 4, symbols));
        BOOST_CHECK_THROW(encoder->decoder(shape, 4), CodecError);
        BOOST_CHECK_EQUAL(encoder->encode_timing({1, 10, channels}, 4, {1, 32}).clocks, 10u * 8);
        BOOST_CHECK_EQUAL(codec->decode_timing({1, 10, channels}, 4, {1, 32}).clocks, 10u * 1024);
    }
    BOOST_CHECK_EQUAL(folded_encoder_bytes(calibrate_transform(maps, {8, 0.15})), 0u);
    BOOST_CHECK_THROW(calibrate_folded(maps, {8, 0.15, 5}, Format::u8), CodecError);
}
