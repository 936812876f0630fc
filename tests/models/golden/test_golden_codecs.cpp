// Codecs through the C API against the C++ cores: whole bands, word by word, single coders.
#include <boost/test/unit_test.hpp>
#include <random>

#include "models/codec/calibrate.h"
#include "models/codec/ebpc.h"
#include "models/codec/symbol_codec.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"
#include "tests/models/golden/handles.h"

using namespace karhunen;
namespace tt = boost::test_tools;

namespace {

struct Case {
    const char* setting;
    uint32_t streams;
};
const Case cases[] = {
    {"raw", 4},       {"raw", 1},       {"zvc", 3},         {"zrle", 2},
    {"ebpc", 4},      {"vlc:6", 4},     {"transform:8", 4}, {"transform:5/0.5", 3},
    {"context:8", 2}, {"context:6", 4}, {"dct-mask:7", 2}};

constexpr uint32_t rows = 5, columns = 7, channels = 12;
constexpr size_t count = size_t{rows} * columns * channels;

/// Smooth, with noise, and on both sides of zero unless rectified.
std::vector<int32_t> values_of(Format format, std::mt19937& random) {
    std::vector<int32_t> values(count);
    for (size_t i = 0; i < count; ++i) {
        const auto wave =
            static_cast<int32_t>(i * 37 % 400) - 200 + static_cast<int32_t>(random() % 40);
        values[i] = format == Format::u8 ? std::clamp(wave, 0, 255) : 4 * wave;
    }
    return values;
}

struct Made {
    Golden golden;
    GoldenCodec codec;
    std::unique_ptr<Codec> core;
    std::vector<int32_t> values;
    std::vector<std::vector<uint8_t>> expected;  ///< streams of the core
    std::vector<int16_t> decoded;                ///< by the core
};

Made make(const Case& c, std::mt19937& random) {
    Made made;
    const CodecSetting setting = parse_setting(c.setting, {});
    const Format format = stored_format_of(setting);
    made.values = values_of(format, random);
    const std::vector<int16_t> map(made.values.begin(), made.values.end());
    karhunen_codec* codec = nullptr;
    BOOST_TEST_REQUIRE(karhunen_codec_calibrate(made.golden.c(), c.setting, columns, channels, 1, 4,
                                                made.values.data(), count, &codec) == KARHUNEN_OK);
    made.codec.reset(codec);
    const auto blob = calibrate_codec(setting, {{map}, channels, 1, 4, columns});
    made.core = make_codec(setting.codec, blob, format);
    made.expected = encode_band(*made.core, {rows, columns, channels}, c.streams, map);
    made.decoded = decode_band(*made.core, {rows, columns, channels}, made.expected);

    std::vector<uint8_t> parameters(blob.size());
    size_t bytes = 0;
    BOOST_TEST(karhunen_codec_parameters(made.golden.c(), codec, nullptr, 0, &bytes) ==
               KARHUNEN_OK);
    BOOST_TEST_REQUIRE(bytes == blob.size());
    karhunen_codec_parameters(made.golden.c(), codec, parameters.data(), bytes, &bytes);
    BOOST_TEST(parameters == blob, tt::per_element());
    return made;
}

int64_t trait(const Golden& golden, const karhunen_codec* codec, karhunen_trait which) {
    int64_t value = -1;
    BOOST_TEST(karhunen_codec_trait(golden.c(), codec, which, &value) == KARHUNEN_OK);
    return value;
}

/// All words that an encoder has, as bytes.
void take_words(const Golden& golden, karhunen_encoder* encoder, size_t word_bytes,
                std::vector<std::vector<uint8_t>>& streams, std::vector<bool>& ended,
                karhunen_status at_end) {
    for (uint32_t s = 0; s < streams.size(); ++s)
        for (;;) {
            uint32_t word = 0, last = 7;
            const karhunen_status status =
                karhunen_encoder_word(golden.c(), encoder, s, &word, &last);
            if (status != KARHUNEN_OK) {
                BOOST_TEST(status == at_end);
                break;
            }
            BOOST_TEST(!ended[s]);
            ended[s] = last == 1;
            for (size_t i = 0; i < word_bytes; ++i)
                streams[s].push_back(static_cast<uint8_t>(word >> 8 * i));
        }
}

std::vector<int32_t> take_values(const Golden& golden, karhunen_decoder* decoder,
                                 karhunen_status at_end) {
    std::vector<int32_t> values;
    for (;;) {
        int32_t value = 0;
        const karhunen_status status = karhunen_decoder_value(golden.c(), decoder, &value);
        if (status != KARHUNEN_OK) {
            BOOST_TEST(status == at_end, golden.message());
            return values;
        }
        values.push_back(value);
    }
}

std::vector<uint8_t> joined(const std::vector<std::vector<uint8_t>>& streams) {
    std::vector<uint8_t> all;
    for (const auto& s : streams) all.insert(all.end(), s.begin(), s.end());
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden_codecs)

BOOST_AUTO_TEST_CASE(whole_bands) {
    std::mt19937 random(7);
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.setting << " in " << c.streams) {
            const Made made = make(c, random);
            const std::vector<uint8_t> expected = joined(made.expected);
            std::vector<uint8_t> bytes(expected.size());
            std::vector<size_t> sizes(c.streams);
            const auto encode = [&](size_t capacity) {
                return karhunen_codec_encode(made.golden.c(), made.codec.get(), rows, columns,
                                             channels, c.streams, made.values.data(), count,
                                             bytes.data(), capacity, sizes.data());
            };
            BOOST_TEST(encode(expected.size() - 1) == KARHUNEN_BAD_ARGUMENT);
            BOOST_TEST(encode(expected.size()) == KARHUNEN_OK);
            BOOST_TEST(bytes == expected, tt::per_element());
            uint64_t most = 0;
            BOOST_TEST(karhunen_codec_worst_case(made.golden.c(), made.codec.get(), rows, columns,
                                                 channels, c.streams, &most) == KARHUNEN_OK);
            BOOST_TEST(most == made.core->worst_case_bytes({rows, columns, channels}, c.streams));
            for (size_t s = 0; s < c.streams; ++s) BOOST_TEST(sizes[s] == made.expected[s].size());

            std::vector<int32_t> decoded(count);
            BOOST_TEST(karhunen_codec_decode(made.golden.c(), made.codec.get(), rows, columns,
                                             channels, c.streams, bytes.data(), sizes.data(),
                                             decoded.data(), count) == KARHUNEN_OK);
            BOOST_TEST(decoded == made.decoded, tt::per_element());
            --sizes[0];
            BOOST_TEST(karhunen_codec_decode(made.golden.c(), made.codec.get(), rows, columns,
                                             channels, c.streams, bytes.data(), sizes.data(),
                                             decoded.data(), count) == KARHUNEN_BAD_DATA);
        }
}

BOOST_AUTO_TEST_CASE(word_by_word) {
    std::mt19937 random(8);
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.setting << " in " << c.streams) {
            const Made made = make(c, random);
            const auto word_bytes =
                static_cast<size_t>(trait(made.golden, made.codec.get(), KARHUNEN_WORD_BYTES));
            karhunen_encoder* made_encoder = nullptr;
            BOOST_TEST_REQUIRE(karhunen_encoder_create(made.golden.c(), made.codec.get(), rows,
                                                       columns, channels, c.streams,
                                                       &made_encoder) == KARHUNEN_OK);
            const GoldenEncoder encoder(made_encoder);
            std::vector<std::vector<uint8_t>> streams(c.streams);
            std::vector<bool> ended(c.streams);
            for (size_t at = 0; at < count;) {
                const size_t now = std::min<size_t>(count - at, 1 + random() % 100);
                BOOST_TEST(karhunen_encoder_put(made.golden.c(), encoder.get(),
                                                made.values.data() + at, now) == KARHUNEN_OK);
                at += now;
                take_words(made.golden, encoder.get(), word_bytes, streams, ended, KARHUNEN_MORE);
            }
            BOOST_TEST(karhunen_encoder_put_value(made.golden.c(), encoder.get(), 0) ==
                       KARHUNEN_BAD_ARGUMENT);
            BOOST_TEST(karhunen_encoder_finish(made.golden.c(), encoder.get()) == KARHUNEN_OK);
            take_words(made.golden, encoder.get(), word_bytes, streams, ended, KARHUNEN_END);
            BOOST_TEST(karhunen_encoder_finish(made.golden.c(), encoder.get()) ==
                       KARHUNEN_BAD_ORDER);
            for (size_t s = 0; s < c.streams; ++s) {
                BOOST_TEST(streams[s] == made.expected[s], tt::per_element());
                BOOST_TEST(ended[s] == !streams[s].empty());
            }

            karhunen_decoder* made_decoder = nullptr;
            BOOST_TEST_REQUIRE(karhunen_decoder_create(made.golden.c(), made.codec.get(), rows,
                                                       columns, channels, c.streams,
                                                       &made_decoder) == KARHUNEN_OK);
            const GoldenDecoder decoder(made_decoder);
            std::vector<size_t> fed(c.streams);
            std::vector<int32_t> decoded;
            for (bool all = false; !all;) {
                all = true;
                for (uint32_t s = 0; s < c.streams; ++s) {
                    if (fed[s] == streams[s].size()) continue;
                    all = false;
                    uint32_t word = 0;
                    for (size_t i = 0; i < word_bytes; ++i)
                        word |= uint32_t{streams[s][fed[s]++]} << 8 * i;
                    BOOST_TEST(karhunen_decoder_put_word(made.golden.c(), decoder.get(), s, word) ==
                               KARHUNEN_OK);
                }
                const bool complete = decoded.size() == count;
                if (complete || all) continue;
                int32_t value = 0;
                while (karhunen_decoder_value(made.golden.c(), decoder.get(), &value) ==
                       KARHUNEN_OK)
                    decoded.push_back(value);
            }
            BOOST_TEST(karhunen_decoder_finish(made.golden.c(), decoder.get()) == KARHUNEN_OK);
            for (const int32_t v : take_values(made.golden, decoder.get(), KARHUNEN_END))
                decoded.push_back(v);
            BOOST_TEST(decoded == made.decoded, tt::per_element());
        }
}

// What an RTL block has at its ports: words of a sequence, and the codec's functions for sequences.
BOOST_AUTO_TEST_CASE(serial_sequences) {
    std::mt19937 random(9);
    const Golden golden;
    for (const std::string name : {"zvc", "zrle", "ebpc"})
        for (int i = 0; i < 20; ++i) BOOST_TEST_CONTEXT(name << ' ' << i) {
                std::vector<uint8_t> words(random() % 100);
                const uint32_t zeros = random() % 101;
                for (uint8_t& w : words)
                    w = random() % 100 < zeros ? 0 : static_cast<uint8_t>(random());
                const EbpcStreams ebpc = ebpc_encode(words);
                std::vector<std::vector<uint8_t>> expected{ebpc.znz, ebpc.bpc};
                if (name == "zvc") expected = {zvc_encode(words)};
                if (name == "zrle") expected = {zrle_encode(words)};
                karhunen_codec* codec = nullptr;
                karhunen_codec_create(golden.c(), name.c_str(), KARHUNEN_U8, nullptr, 0, &codec);
                const GoldenCodec owner(codec);
                karhunen_encoder* encoder = nullptr;
                BOOST_TEST_REQUIRE(karhunen_encoder_create_serial(golden.c(), codec, &encoder) ==
                                   KARHUNEN_OK);
                const GoldenEncoder encoder_owner(encoder);
                for (const uint8_t w : words)
                    BOOST_TEST(karhunen_encoder_put_value(golden.c(), encoder, w) == KARHUNEN_OK);
                BOOST_TEST(karhunen_encoder_finish(golden.c(), encoder) == KARHUNEN_OK);
                std::vector<std::vector<uint8_t>> streams(expected.size());
                std::vector<bool> ended(expected.size());
                take_words(golden, encoder, 1, streams, ended, KARHUNEN_END);
                BOOST_TEST(streams == expected);

                karhunen_decoder* decoder = nullptr;
                BOOST_TEST_REQUIRE(karhunen_decoder_create_serial(golden.c(), codec, words.size(),
                                                                  &decoder) == KARHUNEN_OK);
                const GoldenDecoder decoder_owner(decoder);
                for (uint32_t s = 0; s < streams.size(); ++s)
                    BOOST_TEST(karhunen_decoder_put(golden.c(), decoder, s, streams[s].data(),
                                                    streams[s].size()) == KARHUNEN_OK);
                BOOST_TEST(karhunen_decoder_finish(golden.c(), decoder) == KARHUNEN_OK);
                BOOST_TEST(take_values(golden, decoder, KARHUNEN_END) == words, tt::per_element());
            }
}

// The worked examples of the formats: lengths {3,3,3,3,3,2,4,4} for A..H (RFC 1951), and EBPC.
BOOST_AUTO_TEST_CASE(worked_examples) {
    const Golden golden;
    const uint8_t lengths[] = {3, 3, 3, 3, 3, 2, 4, 4};
    karhunen_codec* codec = nullptr;
    BOOST_TEST_REQUIRE(karhunen_codec_from_lengths(golden.c(), lengths, 8, -3, &codec) ==
                       KARHUNEN_OK);
    const GoldenCodec owner(codec);
    uint32_t code = 0, length = 0;
    BOOST_TEST(karhunen_codec_code(golden.c(), codec, 'G' - 'A' - 3, &code, &length) ==
               KARHUNEN_OK);
    BOOST_TEST(code == 0b0111u);  // 1110, first bit lowest
    BOOST_TEST(length == 4u);
    BOOST_TEST(karhunen_codec_code(golden.c(), codec, 5, &code, &length) == KARHUNEN_BAD_ARGUMENT);
    BOOST_TEST(trait(golden, codec, KARHUNEN_LOWEST_SYMBOL) == -3);
    BOOST_TEST(trait(golden, codec, KARHUNEN_HIGHEST_SYMBOL) == 4);
    BOOST_TEST(trait(golden, codec, KARHUNEN_LONGEST_CODE) == 4);

    karhunen_encoder* encoder = nullptr;
    BOOST_TEST_REQUIRE(karhunen_encoder_create_serial(golden.c(), codec, &encoder) == KARHUNEN_OK);
    const GoldenEncoder encoder_owner(encoder);
    for (const char letter : {'F', 'A', 'G', 'H', 'B', 'F'})
        BOOST_TEST(karhunen_encoder_put_value(golden.c(), encoder, letter - 'A' - 3) ==
                   KARHUNEN_OK);
    BOOST_TEST(karhunen_encoder_put_value(golden.c(), encoder, 5) == KARHUNEN_BAD_ARGUMENT);
    uint32_t word = 0, last = 0;
    BOOST_TEST(karhunen_encoder_word(golden.c(), encoder, 0, &word, &last) == KARHUNEN_MORE);
    BOOST_TEST(karhunen_encoder_finish(golden.c(), encoder) == KARHUNEN_OK);
    BOOST_TEST(karhunen_encoder_word(golden.c(), encoder, 0, &word, &last) == KARHUNEN_OK);
    BOOST_TEST(word == 0xDEE8u);
    BOOST_TEST(last == 0u);
    BOOST_TEST(karhunen_encoder_word(golden.c(), encoder, 0, &word, &last) == KARHUNEN_OK);
    BOOST_TEST(word == 0u);
    BOOST_TEST(last == 1u);

    karhunen_codec* made = nullptr;
    karhunen_codec_create(golden.c(), "ebpc", KARHUNEN_U8, nullptr, 0, &made);
    const GoldenCodec ebpc(made);
    const int32_t words[] = {100, 156, 50, 3, 7, 7, 7, 1};  // 156: -100
    // 01100100 00011010 10110001 10001001 11101001 00010001 00010001 11010000 00011001 00010000
    const uint8_t expected[] = {0xFF, 0x64, 0x1A, 0xB1, 0x89, 0xE9, 0x11, 0x11, 0xD0, 0x19, 0x10};
    uint8_t bytes[64];
    size_t sizes[2];
    BOOST_TEST(karhunen_codec_encode(golden.c(), made, 1, 8, 1, 2, words, 8, bytes, sizeof bytes,
                                     sizes) == KARHUNEN_OK);
    BOOST_TEST(sizes[0] == 1u);
    BOOST_TEST(std::vector(bytes, bytes + sizes[0] + sizes[1]) ==
                   std::vector(std::begin(expected), std::end(expected)),
               tt::per_element());
}

BOOST_AUTO_TEST_CASE(quantiser_and_pca) {
    std::mt19937 random(10);
    for (const Case& c : {Case{"vlc:6", 1}, Case{"transform:7", 1}, Case{"transform:5/0.5", 1}})
        BOOST_TEST_CONTEXT(c.setting) {
            const Made made = make(c, random);
            const auto& core = dynamic_cast<const SymbolCodec&>(*made.core);
            const auto width =
                static_cast<size_t>(trait(made.golden, made.codec.get(), KARHUNEN_CHANNELS));
            const auto components =
                static_cast<size_t>(trait(made.golden, made.codec.get(), KARHUNEN_COMPONENTS));
            const size_t vectors = count / width;
            const std::vector<int16_t> map(made.values.begin(), made.values.end());
            std::vector<int16_t> expected(vectors * components), back(count);
            core.quantise(map, expected.data());
            core.reconstruct(expected, back.data());
            std::vector<int32_t> symbols(expected.size()), values(count);
            BOOST_TEST(karhunen_codec_quantise(made.golden.c(), made.codec.get(),
                                               made.values.data(), vectors,
                                               symbols.data()) == KARHUNEN_OK);
            BOOST_TEST(symbols == expected, tt::per_element());
            BOOST_TEST(karhunen_codec_reconstruct(made.golden.c(), made.codec.get(), symbols.data(),
                                                  vectors, values.data()) == KARHUNEN_OK);
            BOOST_TEST(values == back, tt::per_element());
            symbols[0] = 3000;
            BOOST_TEST(karhunen_codec_reconstruct(made.golden.c(), made.codec.get(), symbols.data(),
                                                  vectors, values.data()) == KARHUNEN_BAD_ARGUMENT);
            karhunen_transform transform{};
            const bool has_matrix = width > 1;
            BOOST_TEST(karhunen_codec_transform(made.golden.c(), made.codec.get(), &transform) ==
                       (has_matrix ? KARHUNEN_OK : KARHUNEN_BAD_ARGUMENT));
            if (!has_matrix) continue;
            std::vector<int32_t> q(expected.size()), x(count);
            BOOST_TEST(karhunen_transform_forward(made.golden.c(), &transform, made.values.data(),
                                                  vectors, q.data()) == KARHUNEN_OK);
            BOOST_TEST(q == expected, tt::per_element());
            BOOST_TEST(karhunen_transform_inverse(made.golden.c(), &transform, q.data(), vectors,
                                                  x.data()) == KARHUNEN_OK);
            BOOST_TEST(x == back, tt::per_element());
        }
}

BOOST_AUTO_TEST_SUITE_END()
