#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

std::vector<int16_t> values_of(Format format, size_t count, std::mt19937& random) {
    std::vector<int16_t> values(count * words_of(format));
    for (int16_t& v : values) switch (format) {
            case Format::u8:
                v = static_cast<uint8_t>(random());
                break;
            case Format::s8:
                v = static_cast<int8_t>(random());
                break;
            case Format::s12:
                v = static_cast<int16_t>(static_cast<int>(random() % 4096) - 2048);
                break;
            case Format::s32:
                v = static_cast<int16_t>(random());
                break;
        }
    return values;
}

}  // namespace

BOOST_AUTO_TEST_CASE(raw_is_lossless_for_every_format_and_small_shape) {
    std::mt19937 random(4);
    for (const Format format : {Format::u8, Format::s8, Format::s12, Format::s32})
        for (const uint32_t rows : {0u, 1u, 3u})
            for (const uint32_t width : {0u, 1u, 5u})
                for (uint32_t channels = 1; channels < 14; ++channels)
                    for (const uint32_t streams : {1u, 3u, 4u, 12u}) {
                        const auto codec = make_codec(KRHN_CODEC_RAW, {}, format);
                        const BandShape shape{rows, width, channels};
                        const auto values = values_of(format, shape.values(), random);
                        const auto bytes = encode_band(*codec, shape, streams, values);
                        size_t total = 0;
                        for (const auto& s : bytes) {
                            total += s.size();
                            BOOST_REQUIRE_LE(s.size(), codec->worst_case_bytes(shape, streams));
                        }
                        BOOST_REQUIRE_EQUAL(total, shape.values() * bytes_of(format));
                        BOOST_REQUIRE(decode_band(*codec, shape, bytes) == values);
                        BOOST_REQUIRE(samples::decode_in_pieces(*codec, shape, bytes, 3, random) ==
                                      values);
                    }
}

BOOST_AUTO_TEST_CASE(raw_deals_values_out_by_channel_low_byte_first) {
    const auto bytes = make_codec(KRHN_CODEC_RAW, {}, Format::u8);
    const std::vector<int16_t> two_pixels = {1, 2, 3, 11, 12, 255};
    const auto streams = encode_band(*bytes, {1, 2, 3}, 2, two_pixels);
    BOOST_CHECK(streams[0] == (std::vector<uint8_t>{1, 3, 11, 255}));
    BOOST_CHECK(streams[1] == (std::vector<uint8_t>{2, 12}));

    const auto logits = make_codec(KRHN_CODEC_RAW, {}, Format::s32);
    const std::vector<int16_t> halves = {0x1234, 0x5678, -1, -2};
    BOOST_CHECK(encode_band(*logits, {1, 1, 2}, 1, halves)[0] ==
                (std::vector<uint8_t>{0x34, 0x12, 0x78, 0x56, 0xFF, 0xFF, 0xFE, 0xFF}));
}

BOOST_AUTO_TEST_CASE(raw_refuses_streams_of_another_length) {
    const auto codec = make_codec(KRHN_CODEC_RAW, {}, Format::u8);
    const BandShape shape{2, 3, 4};
    auto streams = encode_band(*codec, shape, 4, std::vector<int16_t>(24, 7));
    streams[2].push_back(0);
    BOOST_CHECK_THROW(decode_band(*codec, shape, streams), CodecError);
    streams[2].resize(5);
    BOOST_CHECK_THROW(decode_band(*codec, shape, streams), CodecError);

    const auto s12 = make_codec(KRHN_CODEC_RAW, {}, Format::s12);
    const std::vector<std::vector<uint8_t>> beyond = {{0x00, 0x08}};  // 2048
    BOOST_CHECK_THROW(decode_band(*s12, {1, 1, 1}, beyond), CodecError);
}
