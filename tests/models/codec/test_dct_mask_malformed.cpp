// dct-mask: parameters and streams that nobody made, and the choice of the path.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/dct_mask.h"
#include "tests/models/codec/naive_dct_mask.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

constexpr BandShape shape{2, 3, 21};
using Streams = std::vector<std::vector<uint8_t>>;

/// False: CodecError.
bool decodes(const Codec& codec, const Streams& streams) {
    try {
        for (const int16_t v : decode_band(codec, shape, streams))
            BOOST_REQUIRE(v >= 0 && v <= 255);
        return true;
    } catch (const CodecError&) {
        return false;
    }
}

bool is_taken(const std::vector<uint8_t>& blob) {
    try {
        make_codec(KRHN_CODEC_DCT_MASK, blob, Format::u8);
        return true;
    } catch (const CodecError&) {
        return false;
    }
}

std::vector<uint8_t> with(std::vector<uint8_t> blob, size_t at, uint8_t value) {
    blob.at(at) = value;
    return blob;
}

struct Sample {
    DctMaskParameters parameters;
    std::unique_ptr<Codec> codec;
    std::vector<int16_t> values;
    Streams streams;
};

std::vector<Sample> all_samples(std::mt19937& random) {
    std::vector<Sample> all;
    for (const bool dct : {false, true})
        for (const uint32_t length : {8u, 16u}) {
            Sample s{samples::dct_mask(dct, length, 1024, random),
                     nullptr,
                     samples::rectified(shape.values(), 50, random),
                     {}};
            s.codec = make_dct_mask_codec(s.parameters, Format::u8);
            s.streams = encode_band(*s.codec, shape, 2, s.values);
            all.push_back(std::move(s));
        }
    return all;
}

CalibrationMaps maps_of(const std::vector<int16_t>& map, uint32_t channels) {
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    return maps;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dct_mask_malformed)

BOOST_AUTO_TEST_CASE(each_field_of_the_blob_is_checked) {
    std::mt19937 random(61);
    for (const bool dct : {false, true}) {
        const auto good = dct_mask_blob(samples::dct_mask(dct, 8, 512, random));
        BOOST_TEST(is_taken(good));
        for (size_t length = 0; length < good.size(); ++length)
            BOOST_REQUIRE(!is_taken({good.begin(), good.begin() + static_cast<ptrdiff_t>(length)}));
        auto longer = good;
        longer.push_back(1);
        BOOST_TEST(!is_taken(longer));
        BOOST_TEST(!is_taken(with(good, 0, KRHN_CODEC_VLC)));
        BOOST_TEST(!is_taken(with(good, 1, 2)));     // version
        BOOST_TEST(!is_taken(with(good, 2, 2)));     // path
        BOOST_TEST(!is_taken(with(good, 2, !dct)));  // the other one has other tables
        for (const uint8_t length : {0, 4, 7, 9, 32, 255})
            BOOST_TEST(!is_taken(with(good, 3, length)));
        BOOST_TEST(!is_taken(with(with(good, 4, 255), 5, 0)));  // step 255/256
        BOOST_TEST(!is_taken(with(with(good, 4, 1), 5, 64)));   // step 64 + 1/256
        BOOST_TEST(!is_taken(with(good, 5, 3)));                // fewer levels
        for (size_t i = 6; i < good.size(); ++i) {
            BOOST_REQUIRE(!is_taken(with(good, i, good[i] & 0xF0)));  // no code
            BOOST_REQUIRE(!is_taken(with(good, i, (good[i] & 15) == 15 ? 14 : good[i] + 1)));
        }
        for (const Format format : {Format::s8, Format::s12, Format::s32})
            BOOST_CHECK_THROW(make_codec(KRHN_CODEC_DCT_MASK, good, format), CodecError);
    }
}

BOOST_AUTO_TEST_CASE(a_changed_blob_is_refused_or_codes_values_in_range) {
    std::mt19937 random(62);
    size_t refused = 0, taken = 0;
    for (const Sample& s : all_samples(random)) {
        const auto good = dct_mask_blob(s.parameters);
        for (size_t i = 0; i < good.size(); ++i)
            for (const uint8_t flip : {0x01, 0x10, 0x80, 0xFF}) {
                try {
                    const auto codec =
                        make_codec(KRHN_CODEC_DCT_MASK, with(good, i, good[i] ^ flip), Format::u8);
                    BOOST_REQUIRE(decodes(*codec, encode_band(*codec, shape, 3, s.values)));
                    ++taken;
                } catch (const CodecError&) {
                    ++refused;
                }
            }
    }
    BOOST_TEST(refused > 50u);
    BOOST_TEST(taken > 50u);
}

BOOST_AUTO_TEST_CASE(cut_and_prolonged_streams_are_refused) {
    std::mt19937 random(63);
    for (const Sample& s : all_samples(random)) {
        BOOST_TEST(decodes(*s.codec, s.streams));
        for (size_t stream = 0; stream < 2; ++stream) {
            for (size_t length = 0; length < s.streams[stream].size(); ++length) {
                Streams cut = s.streams;
                cut[stream].resize(length);
                BOOST_REQUIRE(!decodes(*s.codec, cut));
            }
            for (const size_t more : {1u, 2u, 3u, 200u}) {
                Streams longer = s.streams;
                longer[stream].resize(longer[stream].size() + more);
                BOOST_TEST(!decodes(*s.codec, longer));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(flipped_bits_are_noticed_or_decode_as_specified) {
    std::mt19937 random(64);
    size_t noticed = 0, other = 0;
    for (const Sample& s : all_samples(random))
        for (size_t stream = 0; stream < 2; ++stream)
            for (size_t bit = 0; bit < s.streams[stream].size() * 8; ++bit) {
                Streams bad = s.streams;
                bad[stream][bit / 8] = static_cast<uint8_t>(bad[stream][bit / 8] ^ 1u << bit % 8);
                if (decodes(*s.codec, bad)) {
                    ++other;
                    BOOST_REQUIRE(decode_band(*s.codec, shape, bad) ==
                                  naive::dct_mask_decoded(s.parameters, shape, bad));
                } else {
                    ++noticed;
                }
            }
    BOOST_TEST(noticed > 50u);
    BOOST_TEST(other > 50u);
}

BOOST_AUTO_TEST_CASE(any_bytes_decode_as_specified) {
    const unsigned seed = 65;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    const auto all = all_samples(random);
    for (int round = 0; round < 400; ++round) {
        const Sample& s = all[random() % all.size()];
        const unsigned zeros = random() % 101;          // percent
        Streams streams(2, std::vector<uint8_t>(500));  // more than any band has
        const auto decoder = s.codec->decoder(shape, 2);
        for (uint32_t i = 0; i < 2; ++i) {
            for (uint8_t& byte : streams[i])
                byte = static_cast<uint8_t>(random() % 100 < zeros ? 0 : random());
            decoder->feed(i, streams[i]);
        }
        std::vector<int16_t> values(shape.values());
        for (uint32_t r = 0; r < shape.rows; ++r)
            BOOST_REQUIRE(decoder->decode_row(std::span(values).subspan(r * 63, 63)));
        BOOST_REQUIRE(values == naive::dct_mask_decoded(s.parameters, shape, streams));
        decoder->end();
        BOOST_CHECK_THROW(decoder->finish(), CodecError);
    }
}

BOOST_AUTO_TEST_CASE(bands_that_cannot_be_are_refused) {
    std::mt19937 random(66);
    const auto codec = make_dct_mask_codec(samples::dct_mask(true, 16, 256, random), Format::u8);
    BOOST_CHECK_THROW(codec->encoder({1, 1, 8}, 0), CodecError);
    BOOST_CHECK_THROW(codec->decoder({1, 1, 8}, 13), CodecError);
    BOOST_CHECK_THROW(codec->decoder({1, 1 << 21, 1}, 1), CodecError);  // 16 times as many values
    BOOST_CHECK_THROW(codec->worst_case_bytes({1, 0xFFFFFFFF, 4}, 4), CodecError);
    BOOST_TEST(codec->worst_case_bytes({1, 0, 0xFFFFFFFF}, 4) == 0u);
    const auto encoder = codec->encoder({1, 2, 4}, 4);
    const std::vector<int16_t> row(8);
    BOOST_CHECK_THROW(encoder->encode_row(std::span(row).first(7)), CodecError);
    BOOST_CHECK_THROW(encoder->finish(), CodecError);
    encoder->encode_row(row);
    BOOST_CHECK_THROW(encoder->encode_row(row), CodecError);
    const auto decoder = codec->decoder({1, 2, 4}, 1);
    std::vector<int16_t> back(8);
    BOOST_TEST(!decoder->decode_row(back));
    BOOST_CHECK_THROW(decoder->finish(), CodecError);
    BOOST_CHECK_THROW(decoder->feed(1, {}), CodecError);
    const std::vector<uint8_t> bytes = {0, 0};
    decoder->feed(0, bytes);
    BOOST_TEST(decoder->decode_row(back));
    BOOST_CHECK_THROW(decoder->decode_row(back), CodecError);
    decoder->end();
    BOOST_CHECK_NO_THROW(decoder->finish());
    BOOST_CHECK_THROW(decoder->feed(0, bytes), CodecError);
}

BOOST_AUTO_TEST_CASE(the_path_that_costs_less_is_taken) {
    std::mt19937 random(67);
    // Smooth along the channels: one coefficient says all. Independent values: nothing to gain.
    std::vector<int16_t> smooth, rough;
    for (int pixel = 0; pixel < 500; ++pixel) {
        const auto level = static_cast<int16_t>(20 + random() % 200);
        for (int c = 0; c < 16; ++c) {
            smooth.push_back(static_cast<int16_t>(level + c % 8));
            rough.push_back(static_cast<int16_t>(random() % 3 ? 0 : random() % 256));
        }
    }
    for (const double bits : {2.0, 5.5, 7.0, 8.0}) {
        QuantiserOptions o;
        o.bits = bits;
        const auto path = [&](const std::vector<int16_t>& map) {
            return calibrate_dct_mask(maps_of(map, 16), o)[2];
        };
        BOOST_TEST(path(smooth) == 1);
        BOOST_TEST(path(rough) == 0);
        const auto blob = calibrate_dct_mask(maps_of(rough, 16), o);
        BOOST_TEST(blob[4] + 256 * blob[5] == std::lround(256 * std::exp2(8 - bits)));
        BOOST_TEST(make_codec(KRHN_CODEC_DCT_MASK, blob, Format::u8)->lossless() == (bits == 8));
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_calibrated_is_refused) {
    QuantiserOptions o;
    const std::vector<int16_t> good(16, 3);
    for (const double bits : {1.9, 8.1, std::nan("")}) {
        o.bits = bits;
        BOOST_CHECK_THROW(calibrate_dct_mask(maps_of(good, 16), o), CodecError);
    }
    o.bits = 8;
    BOOST_CHECK_THROW(calibrate_dct_mask(maps_of(good, 5), o), CodecError);
    BOOST_CHECK_THROW(calibrate_dct_mask(maps_of(good, 0), o), CodecError);
    BOOST_CHECK_THROW(calibrate_dct_mask(maps_of({}, 8), o), CodecError);
    for (const int16_t value : {-1, 256})
        BOOST_CHECK_THROW(calibrate_dct_mask(maps_of({0, value}, 2), o), CodecError);
    // Nothing but zeros has no step to choose, but can be coded.
    const auto blob = calibrate_dct_mask(maps_of(std::vector<int16_t>(16), 16), o);
    const auto codec = make_codec(KRHN_CODEC_DCT_MASK, blob, Format::u8);
    BOOST_TEST(decode_band(*codec, {1, 1, 16}, encode_band(*codec, {1, 1, 16}, 2, good)) == good);
}

BOOST_AUTO_TEST_SUITE_END()
