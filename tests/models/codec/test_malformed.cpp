// Blobs and streams that no encoder made: an exception or values in range, nothing else. (The
// sanitizers see to the rest.)
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/transform_codec.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

struct Sample {
    uint32_t id;
    std::vector<uint8_t> blob;
};

std::vector<Sample> all_samples(std::mt19937& random) {
    return {{KRHN_CODEC_VLC, vlc_blob(samples::vlc(-20, 30, random))},
            {KRHN_CODEC_TRANSFORM,
             transform_blob(samples::transform(5, -60, 30, random), samples::model(91, random))},
            {KRHN_CODEC_TRANSFORM, transform_blob(samples::transform(5, -60, 30, random, 3),
                                                  samples::model(91, random))}};
}

constexpr BandShape shape{2, 6, 5};

/// False: CodecError.
bool decodes(const Codec& codec, const std::vector<std::vector<uint8_t>>& streams) {
    try {
        for (const int16_t v : decode_band(codec, shape, streams)) {
            BOOST_REQUIRE_GE(v, 0);
            BOOST_REQUIRE_LE(v, 255);
        }
        return true;
    } catch (const CodecError&) {
        return false;
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_blob_of_another_length_is_refused) {
    std::mt19937 random(11);
    for (Sample& s : all_samples(random)) {
        BOOST_REQUIRE_NO_THROW(make_codec(s.id, s.blob, Format::s12));
        for (size_t length = 0; length < s.blob.size(); ++length)
            BOOST_REQUIRE_THROW(make_codec(s.id, std::span(s.blob).first(length), Format::s12),
                                CodecError);
        s.blob.push_back(0);
        BOOST_REQUIRE_THROW(make_codec(s.id, s.blob, Format::s12), CodecError);
    }
}

BOOST_AUTO_TEST_CASE(a_blob_of_another_codec_is_refused) {
    std::mt19937 random(12);
    const auto all = all_samples(random);
    BOOST_CHECK_THROW(make_codec(all[0].id, all[1].blob, Format::s12), CodecError);
    BOOST_CHECK_THROW(make_codec(all[1].id, all[0].blob, Format::s12), CodecError);
    BOOST_CHECK_THROW(make_codec(KRHN_CODEC_RAW, all[0].blob, Format::u8), CodecError);
}

BOOST_AUTO_TEST_CASE(transform_has_one_component_to_as_many_as_channels) {
    std::mt19937 random(18);
    const auto model = samples::model(91, random);
    for (const uint32_t components : {1u, 4u, 5u})
        BOOST_CHECK_NO_THROW(make_transform_codec(
            transform_blob(samples::transform(5, -60, 30, random, components), model),
            Format::s12));
    BOOST_CHECK_THROW(
        make_transform_codec(samples::transform(5, -60, 30, random, 6), model, Format::s12),
        CodecError);
    TransformParameters none = samples::transform(5, -60, 30, random, 1);
    none.components = 0;
    none.matrix.clear(), none.forward.clear(), none.inverse.clear();
    BOOST_CHECK_THROW(make_transform_codec(transform_blob(none, model), Format::s12), CodecError);
    auto old = transform_blob(samples::transform(5, -60, 30, random), model);
    old[1] = 1;
    BOOST_CHECK_THROW(make_transform_codec(old, Format::s12), CodecError);
}

BOOST_AUTO_TEST_CASE(a_folded_blob_is_whole_or_ends_where_an_encoder_may_stop) {
    std::mt19937 random(19);
    TransformParameters p = samples::transform(5, -60, 30, random);
    p.folded = true;
    p.rectified = false;
    p.forward.clear(), p.mean.clear();
    auto blob = transform_blob(p, samples::model(91, random));
    for (size_t length = 0; length < blob.size(); ++length) {
        const auto part = std::span(blob).first(length);
        if (length == folded_encoder_bytes(blob))
            BOOST_CHECK_NO_THROW(make_transform_codec(part, Format::s12));
        else
            BOOST_CHECK_THROW(make_transform_codec(part, Format::s12), CodecError);
    }
    for (const size_t length : {0u, 5u, 9u, 13u})
        BOOST_CHECK_THROW(folded_encoder_bytes(std::span(blob).first(length)), CodecError);
    BOOST_CHECK_NO_THROW(make_transform_codec(blob, Format::s12));
    blob[13] |= 4;  // a flag that there is not
    BOOST_CHECK_THROW(make_transform_codec(blob, Format::s12), CodecError);
}

BOOST_AUTO_TEST_CASE(a_changed_blob_is_refused_or_codes_values_in_range) {
    std::mt19937 random(13);
    size_t refused = 0, taken = 0;
    for (const Sample& s : all_samples(random))
        for (size_t i = 0; i < s.blob.size(); ++i)
            for (const uint8_t flip : {0x01, 0x80, 0xFF}) {
                auto blob = s.blob;
                blob[i] ^= flip;
                try {
                    const auto codec = make_codec(s.id, blob, Format::s12);
                    const auto values =
                        samples::map(shape.values(), samples::Values::random, random);
                    BOOST_REQUIRE(decodes(*codec, encode_band(*codec, shape, 4, values)));
                    ++taken;
                } catch (const CodecError&) {
                    ++refused;
                }
            }
    BOOST_CHECK_GT(refused, 50);
    BOOST_CHECK_GT(taken, 50);
}

BOOST_AUTO_TEST_CASE(cut_and_prolonged_streams_are_refused) {
    std::mt19937 random(14);
    for (const Sample& s : all_samples(random)) {
        const auto codec = make_codec(s.id, s.blob, Format::s12);
        const auto values = samples::map(shape.values(), samples::Values::random, random);
        const auto good = encode_band(*codec, shape, 4, values);
        BOOST_REQUIRE(decodes(*codec, good));
        for (size_t stream = 0; stream < 4; ++stream) {
            for (size_t length = 0; length < good[stream].size(); ++length) {
                auto cut = good;
                cut[stream].resize(length);
                BOOST_CHECK(!decodes(*codec, cut));
            }
            for (const size_t more : {1u, 2u, 3u, 40u}) {
                auto longer = good;
                longer[stream].resize(longer[stream].size() + more);
                BOOST_CHECK(!decodes(*codec, longer));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(flipped_bits_are_noticed_or_give_values_in_range) {
    std::mt19937 random(15);
    for (const Sample& s : all_samples(random)) {
        const auto codec = make_codec(s.id, s.blob, Format::s12);
        const auto values = samples::map(shape.values(), samples::Values::random, random);
        const auto good = encode_band(*codec, shape, 4, values);
        size_t noticed = 0;
        for (size_t stream = 0; stream < 4; ++stream)
            for (size_t bit = 0; bit < good[stream].size() * 8; ++bit) {
                auto bad = good;
                bad[stream][bit / 8] = static_cast<uint8_t>(bad[stream][bit / 8] ^ 1u << bit % 8);
                noticed += !decodes(*codec, bad);
            }
        BOOST_CHECK_GT(noticed, 0);
    }
}

BOOST_AUTO_TEST_CASE(padding_must_be_zero) {
    std::mt19937 random(16);
    const VlcParameters p = samples::vlc(-20, 30, random);
    const auto codec = make_vlc_codec(p, Format::s12);
    // One value whose code is shorter than a word: the word's last bit is padding.
    auto streams = encode_band(*codec, {1, 1, 1}, 1, std::vector<int16_t>{0});
    BOOST_REQUIRE_EQUAL(streams[0].size(), 2);
    BOOST_REQUIRE_NO_THROW(decode_band(*codec, {1, 1, 1}, streams));
    streams[0][1] |= 0x80;
    BOOST_CHECK_THROW(decode_band(*codec, {1, 1, 1}, streams), CodecError);
}

BOOST_AUTO_TEST_CASE(a_decoder_says_what_it_lacks) {
    std::mt19937 random(17);
    const auto codec = make_vlc_codec(samples::vlc(-20, 30, random), Format::s12);
    const auto values = samples::map(60, samples::Values::random, random);
    const auto streams = encode_band(*codec, shape, 2, values);
    const auto decoder = codec->decoder(shape, 2);
    std::vector<int16_t> row(30);
    BOOST_CHECK(!decoder->decode_row(row));
    decoder->feed(0, streams[0]);
    BOOST_CHECK(!decoder->decode_row(row));  // the other substream has nothing yet
    BOOST_CHECK_THROW(decoder->finish(), CodecError);
    BOOST_CHECK_THROW(decoder->feed(2, streams[0]), CodecError);
    decoder->feed(1, streams[1]);
    BOOST_CHECK(decoder->decode_row(row));
    BOOST_CHECK(decoder->decode_row(row));
    BOOST_CHECK_THROW(decoder->decode_row(row), CodecError);  // a third row
    decoder->end();
    BOOST_CHECK_NO_THROW(decoder->finish());
}
