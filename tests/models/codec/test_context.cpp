// context: streams against a model of the format value by value; what is counted; calibration.
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "tests/models/codec/naive_context.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

enum class Kind { zero, equal, extremes, sparse, dense, smooth };
constexpr Kind kinds[] = {Kind::zero,   Kind::equal, Kind::extremes,
                          Kind::sparse, Kind::dense, Kind::smooth};

/// Values that the codec takes: u8 if it is lossless, otherwise s12.
std::vector<int16_t> map_of(const BandShape& shape, Kind kind, bool lossless,
                            std::mt19937& random) {
    const int low = lossless ? 0 : -2048, high = lossless ? 255 : 2047;
    const auto any = [&] {
        return static_cast<int>(low + static_cast<int>(random() % unsigned(high - low + 1)));
    };
    const int same = any();
    const unsigned density = 1 + random() % 100;
    std::vector<int16_t> map(shape.values());
    std::vector<int> level(shape.channels, same);
    for (size_t i = 0; i < map.size(); ++i) {
        int v = 0;
        switch (kind) {
            case Kind::zero:
                break;
            case Kind::equal:
                v = same;
                break;
            case Kind::extremes:
                v = random() % 2 ? high : low;
                break;
            case Kind::sparse:
                v = random() % 100 < density ? any() : 0;
                break;
            case Kind::dense:
                v = any();
                break;
            case Kind::smooth: {
                int& now = level[i % shape.channels];
                now = std::clamp(now + static_cast<int>(random() % 21) - 10, low, high);
                v = now;
                break;
            }
        }
        map[i] = static_cast<int16_t>(v);
    }
    return map;
}

/// Everything that a band must fulfil.
void check_band(const ContextParameters& p, const BandShape& shape, uint32_t streams,
                const std::vector<int16_t>& map, bool lossless, std::mt19937& random) {
    const auto codec =
        make_codec(KRHN_CODEC_CONTEXT, context_blob(p), lossless ? Format::u8 : Format::s12);
    BOOST_REQUIRE_EQUAL(codec->lossless(), lossless);
    const auto bytes = encode_band(*codec, shape, streams, map);
    const auto quantised = naive::context_quantised(p, map);
    BOOST_REQUIRE(bytes == naive::context_encode(p, shape, streams, quantised));
    BOOST_REQUIRE(naive::context_decode(p, shape, bytes) == quantised);
    const auto decoded = decode_band(*codec, shape, bytes);
    BOOST_REQUIRE(decoded == naive::context_decoded(p, quantised));
    if (lossless) BOOST_REQUIRE(decoded == map);
    for (const uint32_t most : {1u, 9u})
        BOOST_REQUIRE(samples::decode_in_pieces(*codec, shape, bytes, most, random) == decoded);
    for (const auto& s : bytes) BOOST_REQUIRE_LE(s.size(), codec->worst_case_bytes(shape, streams));
}

}  // namespace

BOOST_AUTO_TEST_CASE(bands_of_context_are_what_the_format_says) {
    const unsigned seed = 71;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const bool lossless : {true, false})
        for (const Kind kind : kinds)
            for (const uint32_t channels : {1u, 2u, 3u, 4u, 7u, 31u, 33u, 64u})
                for (const uint32_t streams : {1u, 2u, 3u, 4u, 5u, 8u, 12u}) {
                    const auto p = samples::context(channels, lossless, random);
                    const BandShape shape{static_cast<uint32_t>(random() % 5),
                                          static_cast<uint32_t>(random() % 12), channels};
                    check_band(p, shape, streams, map_of(shape, kind, lossless, random), lossless,
                               random);
                }
}

BOOST_AUTO_TEST_CASE(bands_of_context_of_every_small_length) {
    const unsigned seed = 72;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (uint32_t length = 0; length <= 200; ++length)
        for (const uint32_t streams : {1u, 2u, 4u}) {
            auto p = samples::context(1, true, random);
            p.log2_block = static_cast<uint8_t>(6 + length % 3);  // blocks end within and behind
            for (const BandShape& shape : {BandShape{1, length, 1}, BandShape{length, 1, 1}})
                check_band(p, shape, streams, map_of(shape, kinds[random() % 6], true, random),
                           true, random);
        }
}

BOOST_AUTO_TEST_CASE(blocks_of_context_end_anywhere_in_a_band) {
    const unsigned seed = 73;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const uint32_t channels : {1u, 9u, 64u, 66u, 150u, 512u})
        for (const uint32_t streams : {1u, 3u, 4u, 12u})
            for (const uint8_t log2_block : {6, 7, 8}) {
                auto p = samples::context(channels, true, random);
                p.log2_block = log2_block;
                const BandShape shape{4, 40, channels};
                check_band(p, shape, streams, map_of(shape, kinds[random() % 6], true, random),
                           true, random);
            }
}

BOOST_AUTO_TEST_CASE(rows_of_context_come_as_soon_as_their_bytes) {
    const unsigned seed = 76;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (int round = 0; round < 20; ++round) {
        auto p = samples::context(3, true, random);
        p.log2_block = 6;
        const BandShape shape{6, 13, 3};
        const auto map = map_of(shape, kinds[random() % 6], true, random);
        const auto codec = make_context_codec(p, Format::u8);
        const auto bytes = encode_band(*codec, shape, 1, map);
        const auto decoder = codec->decoder(shape, 1);
        std::vector<int16_t> row(39);
        uint32_t rows = 0;
        for (size_t fed = 0; fed < bytes[0].size(); ++fed) {
            decoder->feed(0, std::span(bytes[0]).subspan(fed, 1));
            while (rows < shape.rows && decoder->decode_row(row)) ++rows;
            // What is not used waits for the rest of a word, or of a state.
            BOOST_REQUIRE_LT(fed + 1 - decoder->consumed(0), 4);
        }
        BOOST_REQUIRE_EQUAL(rows, shape.rows);
        decoder->finish();
    }
}

BOOST_AUTO_TEST_CASE(context_of_two_values_by_hand) {
    // One table, zeros with f = 2028: 65536 < 2028 << 21, so no word is put, and
    // x = (65536 / 2028) * 2048 + 65536 % 2028 = 32 * 2048 + 640 = 66176, in both states.
    ContextParameters p;
    p.channels = 1;
    p.weights = {0, 0, 0, 0};
    p.bias = {0};
    p.deviation = {5};
    p.tables.resize(1);
    p.tables[0].fill(1);
    p.tables[0][0] = 2028;
    const auto codec = make_context_codec(p, Format::u8);
    BOOST_CHECK(encode_band(*codec, {1, 2, 1}, 1, std::vector<int16_t>(2)) ==
                (std::vector<std::vector<uint8_t>>{{0x80, 0x02, 0x01, 0, 0x80, 0x02, 0x01, 0}}));
    // 255 beside prediction 0: |d| = 254 from 1, m = 0, v = 255 = 225 + 30: token 20, f = 1, 5 raw
    // bits. 65536 >= 1 << 16: word 0, x = 1; x = 1 << 16 | 30 << 11 | 2047 = 128,999... = 0x1F7FF.
    BOOST_CHECK(encode_band(*codec, {1, 1, 1}, 1, std::vector<int16_t>{255}) ==
                (std::vector<std::vector<uint8_t>>{{0xFF, 0xF7, 0x01, 0, 0, 0, 1, 0, 0, 0}}));
}

BOOST_AUTO_TEST_CASE(what_is_counted_of_context) {
    const unsigned seed = 74;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const bool lossless : {true, false})
        for (const uint32_t streams : {1u, 3u}) {
            const auto p = samples::context(7, lossless, random);
            const BandShape shape{5, 40, 7};
            const auto map = map_of(shape, Kind::smooth, lossless, random);
            const auto quantised = naive::context_quantised(p, map);
            const auto codec = make_context_codec(p, lossless ? Format::u8 : Format::s12);
            const auto encoder = codec->encoder(shape, streams);
            for (size_t r = 0; r < shape.rows; ++r)
                encoder->encode_row(std::span(map).subspan(r * 280, 280));
            encoder->finish();
            const double information = naive::context_information(p, shape, quantised);
            BOOST_CHECK_CLOSE(encoder->entropy_bits(), information, 0.02);
            uint64_t bits = 0;
            for (uint32_t s = 0; s < streams; ++s) {
                BOOST_CHECK_EQUAL(encoder->code_bits_of(s), 8 * encoder->output(s).size());
                bits += encoder->code_bits_of(s);
            }
            BOOST_CHECK_EQUAL(encoder->code_bits(), bits);
            BOOST_CHECK_GE(static_cast<double>(bits), information);
            const auto first = std::span(map).first(280);
            const std::vector<int> values(quantised.begin(), quantised.begin() + 280);
            BOOST_CHECK_CLOSE(codec->entropy_bits(first),
                              naive::context_information(p, {1, 40, 7}, values), 0.02);
            const auto symbols = codec->symbols(first);
            BOOST_CHECK(std::equal(symbols.begin(), symbols.end(), values.begin(), values.end()));
        }
}

BOOST_AUTO_TEST_CASE(worst_case_of_context_is_reached) {
    // f = 1 and 5 raw bits for all: 16 bits a value.
    ContextParameters p;
    p.channels = 3;
    p.weights.resize(12);
    p.bias.resize(3);
    p.deviation.resize(3);
    p.log2_block = 6;
    p.tables.resize(1);
    p.tables[0].fill(1);
    p.tables[0][0] = 2028;
    const auto codec = make_context_codec(p, Format::u8);
    const BandShape shape{2, 50, 3};
    const auto streams = encode_band(*codec, shape, 2, std::vector<int16_t>(300, 255));
    BOOST_TEST(codec->worst_case_bytes(shape, 2) == 200u * 2 + 4 * 8);
    BOOST_TEST(streams[0].size() == 200u * 2 + 4 * 8);
    BOOST_TEST(streams[1].size() == 100u * 2 + 2 * 8);
}

BOOST_AUTO_TEST_CASE(timing_of_context) {
    std::mt19937 random(75);
    const auto of = [&](uint32_t channels) {
        return make_context_codec(samples::context(channels, true, random), Format::u8);
    };
    BOOST_CHECK_EQUAL(of(64)->encode_timing({1, 56, 64}, 4, {}).clocks, 56 * 16);
    BOOST_CHECK_EQUAL(of(64)->decode_timing({1, 56, 64}, 4, {}).clocks, 56 * 16);
    BOOST_CHECK_EQUAL(of(24)->encode_timing({1, 56, 24}, 4, {}).clocks, 56 * 6);
    BOOST_CHECK_EQUAL(of(24)->decode_timing({1, 56, 24}, 4, {}).clocks, 56 * 12);  // waits for W
    auto p = samples::context(64, true, random);
    p.log2_block = 12;
    BOOST_CHECK_GE(make_context_codec(p, Format::u8)->encode_timing({1, 56, 64}, 4, {}).latency,
                   4096);
}
