// zvc, zrle and ebpc as codecs of bands: which value goes where, and when.
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/ebpc.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

using Words = std::vector<uint8_t>;
constexpr uint32_t lossless[] = {KRHN_CODEC_ZVC, KRHN_CODEC_ZRLE, KRHN_CODEC_EBPC};

std::vector<int16_t> map_of(const BandShape& shape, Format format, std::mt19937& random) {
    std::vector<int16_t> values(shape.values());
    const unsigned density = random() % 101;
    for (int16_t& v : values)
        if (random() % 100 < density)
            v = format == Format::u8 ? static_cast<uint8_t>(random())
                                     : static_cast<int8_t>(random());
    return values;
}

/// What coder `g` of `coders` codes, in order.
Words words_of(const std::vector<int16_t>& map, const BandShape& shape, uint32_t g,
               uint32_t coders) {
    Words words;
    for (uint32_t h = 0; h < shape.rows; ++h)
        for (uint32_t c = 0; c < shape.channels; ++c)
            for (uint32_t w = 0; w < shape.width; ++w)
                if (c % coders == g)
                    words.push_back(static_cast<uint8_t>(
                        map[(size_t{h} * shape.width + w) * shape.channels + c]));
    return words;
}

std::vector<Words> expected_streams(uint32_t id, const std::vector<int16_t>& map,
                                    const BandShape& shape, uint32_t coders) {
    std::vector<Words> streams;
    for (uint32_t g = 0; g < coders; ++g) {
        const Words words = words_of(map, shape, g, coders);
        if (id == KRHN_CODEC_ZVC) streams.push_back(zvc_encode(words));
        if (id == KRHN_CODEC_ZRLE) streams.push_back(zrle_encode(words));
        if (id == KRHN_CODEC_EBPC) {
            EbpcStreams both = ebpc_encode(words);
            streams.push_back(both.znz);
            streams.push_back(both.bpc);
        }
    }
    return streams;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_row_goes_channel_by_channel) {
    // Two pixels of three channels, two rows, two coders: channels 0 and 2, channel 1.
    const std::vector<int16_t> map = {1, 2, 3, 11, 12, 13, 0, 22, 23, 31, 32, 0};
    const auto streams =
        encode_band(*make_codec(KRHN_CODEC_ZVC, {}, Format::u8), {2, 2, 3}, 2, map);
    BOOST_TEST(streams[0] == (Words{0b01101111, 0, 0, 0, 1, 11, 3, 13, 31, 23}));
    BOOST_TEST(streams[1] == (Words{0b00001111, 0, 0, 0, 2, 12, 22, 32}));
}

BOOST_AUTO_TEST_CASE(bands_of_every_small_shape) {
    const unsigned seed = 31;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const uint32_t id : lossless)
        for (const Format format : {Format::u8, Format::s8})
            for (const uint32_t rows : {0u, 1u, 3u})
                for (const uint32_t width : {0u, 1u, 5u, 40u})
                    for (const uint32_t channels : {1u, 2u, 3u, 4u, 7u, 13u})
                        for (const uint32_t coders : {1u, 2u, 4u, 6u}) {
                            const BandShape shape{rows, width, channels};
                            const uint32_t streams = coders * codec_traits(id).streams_per_coder;
                            const auto codec = make_codec(id, {}, format);
                            const auto map = map_of(shape, format, random);
                            const auto bytes = encode_band(*codec, shape, streams, map);
                            BOOST_REQUIRE(bytes == expected_streams(id, map, shape, coders));
                            for (const Words& s : bytes)
                                BOOST_REQUIRE_LE(s.size(), codec->worst_case_bytes(shape, streams));
                            BOOST_REQUIRE(decode_band(*codec, shape, bytes) == map);
                            BOOST_REQUIRE(
                                samples::decode_in_pieces(*codec, shape, bytes, 3, random) == map);
                        }
}

BOOST_AUTO_TEST_CASE(clocks_of_all_rows_are_those_of_the_slowest_coder) {
    std::mt19937 random(32);
    const BandShape shape{6, 20, 10};
    for (const uint32_t id : lossless)
        for (int round = 0; round < 20; ++round) {
            const auto codec = make_codec(id, {}, Format::u8);
            const uint32_t streams = 4 * codec_traits(id).streams_per_coder;
            const auto map = map_of(shape, Format::u8, random);
            const uint64_t usual = codec->encode_timing({1, 20, 10}, streams, {}).clocks;
            BOOST_TEST(usual == 60u);  // channels 0, 4 and 8
            const auto encoder = codec->encoder(shape, streams);
            uint64_t encoding = 0, decoding = 0, slowest = 0;
            for (uint32_t r = 0; r < shape.rows; ++r) {
                encoder->encode_row(std::span(map).subspan(r * 200, 200));
                if (r + 1 == shape.rows) encoder->finish();
                encoding += encoder->row_clocks(usual);
                if (id != KRHN_CODEC_EBPC) BOOST_TEST(encoder->row_clocks(usual) == usual);
            }
            const auto decoder = codec->decoder(shape, streams);
            for (uint32_t s = 0; s < streams; ++s) decoder->feed(s, encoder->output(s));
            std::vector<int16_t> row(200);
            while (decoding < 1u << 20 && encoding != decoding) {
                BOOST_TEST_REQUIRE(decoder->decode_row(row));
                decoding += decoder->row_clocks(usual);
            }
            for (uint32_t g = 0; g < 4; ++g) {
                const auto coder = id == KRHN_CODEC_EBPC ? make_ebpc_encoder() : make_zvc_encoder();
                Words ignored[2];
                coder->encode(words_of(map, shape, g, 4), ignored);
                coder->finish(ignored);
                slowest = std::max(slowest, coder->clocks());
            }
            BOOST_TEST(encoding == slowest);
        }
}

BOOST_AUTO_TEST_CASE(what_is_counted_of_a_band) {
    const auto codec = make_codec(KRHN_CODEC_ZRLE, {}, Format::s8);
    const std::vector<int16_t> row = {0, -128, 0, 127};
    BOOST_TEST(codec->entropy_bits(row) == 2 * 5 + 2 * 9);
    BOOST_TEST(codec->symbols(row) == (std::vector<int16_t>{128, 0, 128, 255}));
    const auto encoder = codec->encoder({1, 4, 1}, 1);
    encoder->encode_row(row);
    encoder->finish();
    BOOST_TEST(encoder->code_bits() == 28u);
    BOOST_TEST(encoder->entropy_bits() == 28);
    BOOST_TEST(encoder->output(0).size() == 4u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_coded_is_refused) {
    const std::vector<uint8_t> blob = {1};
    for (const uint32_t id : lossless) {
        for (const Format format : {Format::s12, Format::s32})
            BOOST_CHECK_THROW(make_codec(id, {}, format), CodecError);
        BOOST_CHECK_THROW(make_codec(id, blob, Format::u8), CodecError);
        const auto codec = make_codec(id, {}, Format::u8);
        BOOST_CHECK_THROW(codec->encoder({1, 1, 1}, 14), CodecError);
        BOOST_CHECK_THROW(codec->encoder({1, 2, 1}, 2)->encode_row(std::vector<int16_t>(3)),
                          CodecError);
        BOOST_CHECK_THROW(codec->encoder({1, 2, 1}, 2)->finish(), CodecError);
    }
    const auto ebpc = make_codec(KRHN_CODEC_EBPC, {}, Format::u8);
    BOOST_CHECK_THROW(ebpc->encoder({1, 1, 1}, 3), CodecError);
    BOOST_CHECK_NO_THROW(ebpc->decoder({1 << 12, 1 << 12, 1}, 2));
    BOOST_CHECK_THROW(ebpc->decoder({(1 << 12) + 1, 1 << 12, 1}, 2), CodecError);
}
