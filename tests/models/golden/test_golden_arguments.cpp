// What is not as golden.h says gives a status and a message, and leaves everything usable.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/models/golden/handles.h"

namespace {

GoldenCodec zvc(const Golden& golden) {
    karhunen_codec* codec = nullptr;
    BOOST_TEST_REQUIRE(karhunen_codec_create(golden.c(), "zvc", KARHUNEN_U8, nullptr, 0, &codec) ==
                       KARHUNEN_OK);
    return GoldenCodec(codec);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_arguments)

BOOST_AUTO_TEST_CASE(messages) {
    const Golden golden;
    BOOST_TEST(std::string(karhunen_version()) == KARHUNEN_EXPECTED_VERSION);
    BOOST_TEST(karhunen_codec_create(golden.c(), "mp3", KARHUNEN_U8, nullptr, 0, nullptr) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message() == "codec is NULL");
    karhunen_codec* codec = nullptr;
    BOOST_TEST(karhunen_codec_create(golden.c(), "mp3", KARHUNEN_U8, nullptr, 0, &codec) ==
               KARHUNEN_BAD_ARGUMENT);
    const std::string message = golden.message();
    BOOST_TEST(message.find("unknown codec 'mp3'") != std::string::npos);
    char few[8];
    std::memset(few, 'x', sizeof few);
    BOOST_TEST(karhunen_message(golden.c(), few, sizeof few) == message.size());
    BOOST_TEST(std::string(few) == message.substr(0, 7));
    BOOST_TEST(karhunen_message(golden.c(), nullptr, 0) == message.size());
    BOOST_TEST(karhunen_message(nullptr, few, sizeof few) == 0u);
    BOOST_TEST(std::string(few).empty());
    // No context: the same status.
    BOOST_TEST(karhunen_codec_create(nullptr, "mp3", KARHUNEN_U8, nullptr, 0, &codec) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_status_name(static_cast<karhunen_status>(99)) ==
               std::string("no such status"));
}

BOOST_AUTO_TEST_CASE(handles_of_another_kind) {
    const Golden golden;
    const GoldenCodec codec = zvc(golden);
    auto* wrong = reinterpret_cast<karhunen_encoder*>(codec.get());
    BOOST_TEST(karhunen_encoder_finish(golden.c(), wrong) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message() == "this is no encoder");
    karhunen_encoder_destroy(wrong);  // nothing happens
    int64_t value = 0;
    BOOST_TEST(karhunen_codec_trait(golden.c(), codec.get(), KARHUNEN_LOSSLESS, &value) ==
               KARHUNEN_OK);
    BOOST_TEST(karhunen_codec_trait(golden.c(), nullptr, KARHUNEN_LOSSLESS, &value) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_codec_trait(golden.c(), codec.get(), static_cast<karhunen_trait>(77),
                                    &value) == KARHUNEN_BAD_ARGUMENT);
    karhunen_codec_destroy(nullptr);
    karhunen_context_destroy(nullptr);
}

BOOST_AUTO_TEST_CASE(bands) {
    const Golden golden;
    const GoldenCodec codec = zvc(golden);
    const std::vector<int32_t> values(24, 255);
    uint8_t bytes[256];
    size_t sizes[12];
    const auto encode = [&](uint32_t rows, uint32_t columns, uint32_t channels, uint32_t streams,
                            const int32_t* from, size_t count) {
        return karhunen_codec_encode(golden.c(), codec.get(), rows, columns, channels, streams,
                                     from, count, bytes, sizeof bytes, sizes);
    };
    BOOST_TEST(encode(2, 3, 4, 2, values.data(), 24) == KARHUNEN_OK);
    BOOST_TEST(encode(2, 3, 4, 2, values.data(), 23) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(encode(2, 3, 4, 2, nullptr, 24) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(encode(2, 3, 4, 0, values.data(), 24) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(encode(2, 3, 4, 13, values.data(), 24) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(encode(0, 3, 4, 2, values.data(), 0) == KARHUNEN_BAD_ARGUMENT);
    // 2^32 rows x columns x channels would wrap to few.
    BOOST_TEST(encode(65536, 65536, 65536, 2, values.data(), 0) == KARHUNEN_BAD_ARGUMENT);
    const std::vector<int32_t> large(24, 256);
    BOOST_TEST(encode(2, 3, 4, 2, large.data(), 24) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message() == "values[0] is 256, expected 0 to 255");
}

BOOST_AUTO_TEST_CASE(order_of_calls) {
    const Golden golden;
    GoldenCodec codec = zvc(golden);
    karhunen_encoder* made = nullptr;
    BOOST_TEST_REQUIRE(karhunen_encoder_create(golden.c(), codec.get(), 1, 4, 1, 1, &made) ==
                       KARHUNEN_OK);
    const GoldenEncoder encoder(made);
    karhunen_decoder* decoding = nullptr;
    BOOST_TEST_REQUIRE(karhunen_decoder_create(golden.c(), codec.get(), 1, 4, 1, 1, &decoding) ==
                       KARHUNEN_OK);
    const GoldenDecoder decoder(decoding);
    codec.reset();  // they keep it
    BOOST_TEST(karhunen_encoder_finish(golden.c(), made) == KARHUNEN_BAD_ORDER);
    BOOST_TEST(golden.message() == "4 values of the band lack");
    for (const int32_t v : {0, 1, 2, 3})
        BOOST_TEST(karhunen_encoder_put_value(golden.c(), made, v) == KARHUNEN_OK);
    BOOST_TEST(karhunen_encoder_finish(golden.c(), made) == KARHUNEN_OK);
    uint32_t word = 0, last = 0;
    BOOST_TEST(karhunen_encoder_word(golden.c(), made, 1, &word, &last) == KARHUNEN_BAD_ARGUMENT);

    BOOST_TEST(karhunen_decoder_put_word(golden.c(), decoding, 0, 256) == KARHUNEN_BAD_ARGUMENT);
    int32_t value = 0;
    BOOST_TEST(karhunen_decoder_value(golden.c(), decoding, &value) == KARHUNEN_MORE);
    for (const uint32_t byte : {14u, 0u, 0u, 0u, 1u, 2u, 3u, 99u})
        BOOST_TEST(karhunen_decoder_put_word(golden.c(), decoding, 0, byte) == KARHUNEN_OK);
    for (const int32_t expected : {0, 1, 2, 3}) {
        BOOST_TEST(karhunen_decoder_value(golden.c(), decoding, &value) == KARHUNEN_OK);
        BOOST_TEST(value == expected);
    }
    BOOST_TEST(karhunen_decoder_value(golden.c(), decoding, &value) == KARHUNEN_END);
    BOOST_TEST(karhunen_decoder_finish(golden.c(), decoding) == KARHUNEN_BAD_DATA);  // 99
    BOOST_TEST(karhunen_decoder_value(golden.c(), decoding, &value) == KARHUNEN_BAD_ORDER);
}

BOOST_AUTO_TEST_CASE(parameters) {
    const Golden golden;
    karhunen_codec* codec = nullptr;
    const uint8_t junk[20] = {2, 2, 255, 255, 1};
    BOOST_TEST(karhunen_codec_create(golden.c(), "transform", KARHUNEN_S12, junk, sizeof junk,
                                     &codec) == KARHUNEN_BAD_DATA);
    BOOST_TEST(karhunen_codec_create(golden.c(), "zvc", KARHUNEN_U8, junk, 1, &codec) ==
               KARHUNEN_BAD_DATA);
    BOOST_TEST(karhunen_codec_create(golden.c(), "raw", static_cast<karhunen_format>(4), nullptr, 0,
                                     &codec) == KARHUNEN_BAD_ARGUMENT);
    const uint8_t incomplete[] = {2, 2, 2}, zero[] = {0, 1};
    BOOST_TEST(karhunen_codec_from_lengths(golden.c(), incomplete, 3, 0, &codec) ==
               KARHUNEN_BAD_DATA);
    BOOST_TEST(karhunen_codec_from_lengths(golden.c(), zero, 2, 0, &codec) ==
               KARHUNEN_BAD_ARGUMENT);
    const int32_t values[4] = {};
    BOOST_TEST(karhunen_codec_calibrate(golden.c(), "vlc:99", 2, 2, 1, 1, values, 4, &codec) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_codec_calibrate(golden.c(), "vlc", 2, 2, 1, 1, values, 3, &codec) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(!codec);
    // context has no coder without a band
    std::vector<int32_t> map(64);
    for (size_t i = 0; i < map.size(); ++i) map[i] = static_cast<int32_t>(i * 5 % 256);
    BOOST_TEST_REQUIRE(karhunen_codec_calibrate(golden.c(), "context:8", 8, 2, 1, 1, map.data(), 64,
                                                &codec) == KARHUNEN_OK);
    const GoldenCodec owner(codec);
    karhunen_encoder* encoder = nullptr;
    BOOST_TEST(karhunen_encoder_create_serial(golden.c(), codec, &encoder) ==
               KARHUNEN_BAD_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(arithmetic) {
    const Golden golden;
    const int32_t input[16] = {};
    const int8_t weights[16] = {};
    int32_t result[16];
    const karhunen_convolution good{2, 2, 4, 1, 1, 1, 1, 1, 1, 0, 0, 1, 2, 2, 4};
    BOOST_TEST(karhunen_convolve(golden.c(), &good, input, weights, result) == KARHUNEN_OK);
    constexpr size_t members = sizeof good / sizeof(uint32_t);
    for (size_t i = 0; i < members; ++i) {
        if (i == 9 || i == 10) continue;  // padding may be 0
        karhunen_convolution bad = good;
        const uint32_t zero = 0, huge = 0xFFFFFFFF;
        for (const uint32_t value : {zero, huge}) {
            std::memcpy(reinterpret_cast<char*>(&bad) + i * sizeof value, &value, sizeof value);
            BOOST_TEST(karhunen_convolve(golden.c(), &bad, input, weights, result) ==
                       KARHUNEN_BAD_ARGUMENT);
        }
    }
    BOOST_TEST(karhunen_convolve(golden.c(), nullptr, input, weights, result) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_convolve(golden.c(), &good, nullptr, weights, result) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_convolve(golden.c(), &good, input, nullptr, result) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_convolve(golden.c(), &good, input, weights, nullptr) ==
               KARHUNEN_BAD_ARGUMENT);

    const int32_t multiplier[4] = {1, 1, 1, -1};
    const karhunen_requantisation how{KARHUNEN_U8, 0, 62, 0}, far{KARHUNEN_U8, 0, 63, 0};
    BOOST_TEST(karhunen_requantise(golden.c(), &how, 4, 4, input, nullptr, multiplier, nullptr,
                                   result) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_requantise(golden.c(), &how, 4, 3, input, nullptr, multiplier, nullptr,
                                   result) == KARHUNEN_OK);
    BOOST_TEST(karhunen_requantise(golden.c(), &far, 4, 3, input, nullptr, multiplier, nullptr,
                                   result) == KARHUNEN_BAD_ARGUMENT);
    for (const karhunen_pooling bad :
         {karhunen_pooling{2, 2, 4, 3, 1, 0, 0}, karhunen_pooling{2, 2, 4, 2, 0, 0, 0},
          karhunen_pooling{2, 2, 4, 2, 1, 2, 0}, karhunen_pooling{0, 2, 4, 1, 1, 0, 0},
          karhunen_pooling{2, 2, 4, 2, 1, 0, 2},
          karhunen_pooling{1 << 22, 1 << 21, 1 << 21, 1, 1, 0, 0} /* 2^64 values: wraps to none */})
        BOOST_TEST(karhunen_max_pool(golden.c(), &bad, input, result) == KARHUNEN_BAD_ARGUMENT);
}

BOOST_AUTO_TEST_CASE(buffers) {
    const Golden golden;
    karhunen_buffer* made = nullptr;
    BOOST_TEST_REQUIRE(karhunen_buffer_create(golden.c(), 8, &made) == KARHUNEN_OK);
    const GoldenBuffer buffer(made);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 2, 3, -2) == KARHUNEN_OK);
    int32_t value = 0;
    BOOST_TEST(karhunen_buffer_get(golden.c(), made, 2, 3, &value) == KARHUNEN_OK);
    BOOST_TEST(value == -2);
    BOOST_TEST(karhunen_buffer_get(golden.c(), made, 1, 6, &value) == KARHUNEN_OK);
    BOOST_TEST(value == -2);
    BOOST_TEST(static_cast<uint8_t*>(karhunen_buffer_data(made))[7] == 255);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 1, 0, 255) == KARHUNEN_OK);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 1, 0, 256) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 1, 0, -129) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 4, 2, 0) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_buffer_set(golden.c(), made, 3, 0, 0) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(karhunen_buffer_get(golden.c(), made, 4, UINT64_MAX, &value) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(!karhunen_buffer_data(nullptr));
}

// What an encoder does not take is refused, and not taken for another format.
BOOST_AUTO_TEST_CASE(formats) {
    const Golden golden;
    karhunen_codec* codec = nullptr;
    const uint8_t lengths[] = {1, 1};
    BOOST_TEST_REQUIRE(karhunen_codec_from_lengths(golden.c(), lengths, 2, 0, &codec) ==
                       KARHUNEN_OK);
    const GoldenCodec vlc(codec);
    uint8_t blob[64];
    size_t bytes = 99;
    BOOST_TEST(karhunen_codec_parameters(golden.c(), codec, blob, 3, &bytes) ==
               KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message() ==
               "capacity: 3, the parameters take " + std::to_string(bytes) + " bytes");
    BOOST_TEST_REQUIRE(karhunen_codec_parameters(golden.c(), codec, blob, bytes, &bytes) ==
                       KARHUNEN_OK);
    const auto create = [&](const char* name, karhunen_format format) {
        const bool table = std::string(name) == "vlc";
        karhunen_codec* made = nullptr;
        const karhunen_status status = karhunen_codec_create(
            golden.c(), name, format, table ? blob : nullptr, table ? bytes : 0, &made);
        const GoldenCodec owner(made);
        return status;
    };
    BOOST_TEST(create("vlc", KARHUNEN_U8) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(golden.message() ==
               "format: vlc with these parameters codes signed maps, from before the ReLU: "
               "expected KARHUNEN_S12 or KARHUNEN_S8");
    BOOST_TEST(create("vlc", KARHUNEN_S8) == KARHUNEN_OK);
    BOOST_TEST(create("vlc", KARHUNEN_S12) == KARHUNEN_OK);
    BOOST_TEST(create("vlc", KARHUNEN_S32) == KARHUNEN_BAD_ARGUMENT);
    for (const char* name : {"zvc", "zrle", "ebpc"}) {
        BOOST_TEST(create(name, KARHUNEN_S8) == KARHUNEN_OK);
        BOOST_TEST(create(name, KARHUNEN_S12) == KARHUNEN_BAD_ARGUMENT);
        BOOST_TEST(golden.message() == std::string(name) + " codes maps of 8 bits");
    }
    for (const karhunen_format any : {KARHUNEN_U8, KARHUNEN_S8, KARHUNEN_S12, KARHUNEN_S32})
        BOOST_TEST(create("raw", any) == KARHUNEN_OK);
}

// A codec for all, the rest for each.
BOOST_AUTO_TEST_CASE(threads_share_a_codec) {
    const Golden golden;
    std::vector<int32_t> values(8 * 8 * 16);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int32_t>(i * 31 % 800) - 400;
    karhunen_codec* made = nullptr;
    BOOST_TEST_REQUIRE(karhunen_codec_calibrate(golden.c(), "transform:7", 8, 16, 1, 4,
                                                values.data(), values.size(),
                                                &made) == KARHUNEN_OK);
    const GoldenCodec codec(made);
    const auto encode = [&](std::vector<uint8_t>& bytes) {
        const Golden own;
        bytes.resize(1 << 14);
        size_t sizes[4] = {};
        for (int i = 0; i < 50; ++i)
            if (karhunen_codec_encode(own.c(), made, 8, 8, 16, 4, values.data(), values.size(),
                                      bytes.data(), bytes.size(), sizes) != KARHUNEN_OK)
                sizes[0] = 0;
        bytes.resize(sizes[0]);
    };
    std::vector<uint8_t> bytes[3];
    std::thread first([&] { encode(bytes[0]); }), second([&] { encode(bytes[1]); });
    encode(bytes[2]);
    first.join();
    second.join();
    BOOST_TEST(!bytes[0].empty());
    BOOST_TEST(bytes[0] == bytes[2]);
    BOOST_TEST(bytes[1] == bytes[2]);
}

BOOST_AUTO_TEST_SUITE_END()
