// vlc and transform against a path of their own: naive arithmetic, codes as strings of bits.
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/arithmetic/requantise.h"
#include "models/codec/transform_codec.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;
using samples::Values;

namespace {

/// What a band must become, and what must come back.
struct Expected {
    std::vector<std::vector<uint8_t>> streams;
    std::vector<int16_t> decoded;
};

Expected expect_vlc(const VlcParameters& p, std::span<const int16_t> values, uint32_t channels,
                    uint32_t streams) {
    std::vector<uint32_t> symbols;
    Expected e;
    for (const int16_t x : values) {
        const int64_t q =
            saturate(scale_and_round(int64_t{x} * p.forward, p.forward_shift), p.low, p.high);
        symbols.push_back(static_cast<uint32_t>(q - p.low));
        e.decoded.push_back(static_cast<int16_t>(
            saturate(scale_and_round(q * p.inverse, p.inverse_shift), 0, 255)));
    }
    e.streams = samples::packed(samples::canonical_codes(p.model), symbols, channels, streams);
    return e;
}

Expected expect_transform(const TransformParameters& p, const std::vector<uint8_t>& model,
                          std::span<const int16_t> values, uint32_t streams) {
    std::vector<uint32_t> symbols;
    Expected e;
    std::vector<int16_t> q(p.components), x(p.channels);
    for (size_t at = 0; at < values.size(); at += p.channels) {
        transform_forward_naive(p, values.data() + at, q.data());
        for (const int16_t s : q) symbols.push_back(static_cast<uint32_t>(s - p.low));
        transform_inverse_naive(p, q.data(), x.data());
        e.decoded.insert(e.decoded.end(), x.begin(), x.end());
    }
    e.streams = samples::packed(samples::canonical_codes(model), symbols, p.components, streams);
    return e;
}

void check(const Codec& codec, const BandShape& shape, std::span<const int16_t> values,
           const Expected& expected, std::mt19937& random) {
    const auto streams = static_cast<uint32_t>(expected.streams.size());
    const auto bytes = encode_band(codec, shape, streams, values);
    BOOST_REQUIRE(bytes == expected.streams);
    for (const auto& s : bytes) BOOST_REQUIRE_LE(s.size(), codec.worst_case_bytes(shape, streams));
    BOOST_REQUIRE(decode_band(codec, shape, bytes) == expected.decoded);
    for (const uint32_t most : {1u, 7u, 100u})
        BOOST_REQUIRE(samples::decode_in_pieces(codec, shape, bytes, most, random) ==
                      expected.decoded);
}

constexpr Values kinds[] = {Values::zero, Values::lowest, Values::highest, Values::random,
                            Values::small};

}  // namespace

BOOST_AUTO_TEST_CASE(every_small_shape_is_coded_as_specified) {
    std::mt19937 random(5);
    for (uint32_t channels = 1; channels < 10; ++channels) {
        const VlcParameters v = samples::vlc(-100, 120, random);
        const auto vlc = make_codec(KRHN_CODEC_VLC, vlc_blob(v), Format::s12);
        const TransformParameters t =
            samples::transform(channels, -200, 130, random,
                               channels % 2 ? 0 : 1 + static_cast<uint32_t>(random() % channels));
        const auto model = samples::model(331, random);
        const auto transform =
            make_codec(KRHN_CODEC_TRANSFORM, transform_blob(t, model), Format::s12);
        for (const uint32_t rows : {0u, 1u, 2u})
            for (const uint32_t width : {0u, 1u, 2u, 5u})
                for (const uint32_t streams : {1u, 2u, 4u, 5u, 12u}) {
                    const BandShape shape{rows, width, channels};
                    const auto values =
                        samples::map(shape.values(), kinds[random() % std::size(kinds)], random);
                    check(*vlc, shape, values, expect_vlc(v, values, channels, streams), random);
                    check(*transform, shape, values, expect_transform(t, model, values, streams),
                          random);
                }
    }
}

BOOST_AUTO_TEST_CASE(larger_bands_with_all_kinds_of_values_and_the_largest_alphabet) {
    std::mt19937 random(6);
    for (const Values kind : kinds) {
        const BandShape shape{4, 30, 64};
        const auto values = samples::map(shape.values(), kind, random);
        const VlcParameters v = samples::vlc(-1023, 1023, random);
        check(*make_vlc_codec(v, Format::s12), shape, values, expect_vlc(v, values, 64, 4), random);
        const auto model = samples::model(2047, random);
        for (const uint32_t components : {64u, 37u, 3u}) {
            const auto t = samples::transform(64, -1023, 1023, random, components);
            check(*make_transform_codec(t, model, Format::s12), shape, values,
                  expect_transform(t, model, values, 4), random);
        }
    }
}

BOOST_AUTO_TEST_CASE(rates_are_sums_over_the_symbols) {
    std::mt19937 random(7);
    const VlcParameters p = samples::vlc(-50, 50, random);
    const auto codec = make_vlc_codec(p, Format::s12);
    const BandShape shape{3, 7, 6};
    const auto values = samples::map(shape.values(), Values::small, random);
    const auto encoder = codec->encoder(shape, 4);
    double entropy = 0;
    for (uint32_t r = 0; r < shape.rows; ++r) {
        const auto row = std::span(values).subspan(r * 42, 42);
        encoder->encode_row(row);
        entropy += codec->entropy_bits(row);
    }
    encoder->finish();
    const auto codes = samples::canonical_codes(p.model);
    uint64_t bits = 0;
    for (const int16_t s : codec->symbols(values)) bits += codes[static_cast<size_t>(s)].size();
    BOOST_CHECK_EQUAL(encoder->code_bits(), bits);
    BOOST_CHECK_EQUAL(encoder->entropy_bits(), entropy);
    BOOST_CHECK_GT(entropy, 0);
}

BOOST_AUTO_TEST_CASE(an_8_bit_encoder_input_is_an_option) {
    std::mt19937 random(8);
    const VlcParameters p = samples::vlc(-50, 50, random);
    const auto codec = make_codec(KRHN_CODEC_VLC, vlc_blob(p), Format::s8);
    BOOST_CHECK(codec->stored_format() == Format::s8);
    BOOST_CHECK(codec->decoded_format() == Format::u8);
    BOOST_CHECK(make_codec(KRHN_CODEC_VLC, vlc_blob(p), Format::u8)->stored_format() ==
                Format::s12);
    BOOST_CHECK_THROW(make_codec(KRHN_CODEC_VLC, vlc_blob(p), Format::s32), CodecError);
}
