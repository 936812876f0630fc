// context: blobs and streams that no encoder made are refused or give values in range. (The
// sanitizers see to the rest.)
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "tests/models/codec/naive_context.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

using Streams = std::vector<std::vector<uint8_t>>;
constexpr BandShape shape{3, 11, 5};

struct Sample {
    ContextParameters parameters;
    std::unique_ptr<Codec> codec;
    std::vector<int16_t> map = std::vector<int16_t>(shape.values());
    Streams streams;

    explicit Sample(std::mt19937& random) : parameters(samples::context(5, true, random)) {
        parameters.log2_block = 6;
        codec = make_context_codec(parameters, Format::u8);
        for (int16_t& v : map)
            if (random() % 3) v = static_cast<int16_t>(random() % (random() % 4 ? 10 : 256));
        streams = encode_band(*codec, shape, 2, map);
    }
};

/// False: CodecError.
bool decodes(const Codec& codec, const Streams& streams) {
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

BOOST_AUTO_TEST_CASE(damaged_streams_of_context) {
    const unsigned seed = 81;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    unsigned flips = 0, unnoticed = 0;
    for (int round = 0; round < 8; ++round) {
        const Sample sample(random);
        BOOST_REQUIRE(decodes(*sample.codec, sample.streams));
        for (size_t s = 0; s < 2; ++s) {
            const auto& good = sample.streams[s];
            for (size_t length = 0; length < good.size(); ++length) {
                auto cut = sample.streams;
                cut[s].resize(length);
                BOOST_REQUIRE(!decodes(*sample.codec, cut));
            }
            for (const size_t more : {1u, 2u, 4u, 8u, 40u})
                for (const uint8_t byte : {0x00, 0xFF}) {
                    auto longer = sample.streams;
                    longer[s].resize(good.size() + more, byte);
                    BOOST_REQUIRE(!decodes(*sample.codec, longer));
                }
            for (size_t bit = 0; bit < good.size() * 8; ++bit) {
                auto bad = sample.streams;
                bad[s][bit / 8] = static_cast<uint8_t>(bad[s][bit / 8] ^ 1u << bit % 8);
                ++flips;
                unnoticed += decodes(*sample.codec, bad);
            }
        }
    }
    BOOST_TEST(flips > 1000u);
    // Raw bits only change a value, and with it, perhaps, the contexts of later ones. The states in
    // the end tell the rest.
    BOOST_TEST(unnoticed * 5 < flips);
    BOOST_TEST(unnoticed > 0u);
}

BOOST_AUTO_TEST_CASE(random_streams_of_context_are_refused) {
    const unsigned seed = 82;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    unsigned taken = 0;
    for (int round = 0; round < 50; ++round) {
        const Sample sample(random);
        for (int i = 0; i < 100; ++i) {
            Streams streams(2);
            for (auto& s : streams) {
                s.resize(random() % 300);
                const uint32_t mask = random() | random();
                for (uint8_t& byte : s) byte = static_cast<uint8_t>(random() & mask);
            }
            taken += decodes(*sample.codec, streams);
        }
    }
    BOOST_TEST(taken == 0u);
}

BOOST_AUTO_TEST_CASE(blobs_of_context_come_back) {
    const unsigned seed = 83;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const uint32_t channels : {1u, 3u, 64u, 2048u})
        for (int round = 0; round < 8; ++round) {
            const auto p = samples::context(channels, false, random);
            const auto blob = context_blob(p);
            BOOST_REQUIRE_EQUAL(blob.size(), 16 + (p.shared_weights ? 4 : 4 * channels) +
                                                 3 * channels + 640 +
                                                 (p.tables.size() * 21 * 11 + 7) / 8);
            const auto codec = make_context_codec(blob, Format::s12);
            const BandShape one{1, 3, channels};
            const auto map = samples::map(one.values(), samples::Values::random, random);
            BOOST_REQUIRE(encode_band(*codec, one, 2, map) ==
                          naive::context_encode(p, one, 2, naive::context_quantised(p, map)));
        }
}

BOOST_AUTO_TEST_CASE(malformed_blobs_of_context) {
    const unsigned seed = 84;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    const auto refused = [](const std::vector<uint8_t>& blob) {
        BOOST_REQUIRE_THROW(make_context_codec(blob, Format::u8), CodecError);
    };
    Sample sample(random);
    auto& p = sample.parameters;
    p.tables.resize(3, p.tables[0]);
    for (uint8_t& t : p.table_of) t %= 3;
    const auto blob = context_blob(p);
    for (size_t length = 0; length < blob.size(); ++length)
        refused({blob.begin(), blob.begin() + static_cast<ptrdiff_t>(length)});
    auto bad = blob;
    bad.push_back(0);
    refused(bad);
    const auto with = [&](size_t at, uint8_t value) {
        auto changed = blob;
        changed[at] = value;
        refused(changed);
    };
    with(0, 1);     // another codec
    with(1, 9);     // another version
    with(2, 6);     // another number of channels
    with(3, 0x80);  // too many
    with(7, 0x80);  // negative multipliers
    with(11, 0x80);
    with(12, 63);  // shifts
    with(13, 63);
    with(14, 5);  // blocks
    with(14, 17);
    with(15, 0);  // no tables
    with(15, 33);
    with(blob.size() - 1, static_cast<uint8_t>(blob.back() | 0x80));  // padding
    const size_t classes = 16 + p.weights.size() + 2 * 5;
    with(classes, 16);
    with(classes + 5, 0xFF);                                                 // table 31 of 3
    with(classes + 5 + 640, static_cast<uint8_t>(blob[classes + 645] ^ 1));  // another sum

    for (int round = 0; round < 3000; ++round) {
        auto changed = blob;
        for (unsigned i = 0; i <= random() % 3; ++i)
            changed[random() % changed.size()] = static_cast<uint8_t>(random());
        try {
            const auto codec = make_context_codec(changed, Format::u8);
            const auto bytes = encode_band(*codec, shape, 2, sample.map);
            BOOST_REQUIRE(decodes(*codec, bytes));
            decodes(*codec, sample.streams);
        } catch (const CodecError&) {
        }
    }
}

BOOST_AUTO_TEST_CASE(what_context_cannot_code_is_refused) {
    std::mt19937 random(85);
    const auto p = samples::context(4, true, random);
    BOOST_CHECK_THROW(make_context_codec(p, Format::s32), CodecError);
    const auto codec = make_context_codec(p, Format::u8);
    BOOST_CHECK_THROW(codec->encoder({1, 1, 5}, 1), CodecError);  // another number of channels
    BOOST_CHECK_THROW(codec->decoder({1, 1, 4}, 13), CodecError);
    BOOST_CHECK_THROW(codec->entropy_bits(std::vector<int16_t>(5)), CodecError);
    const auto encoder = codec->encoder({1, 2, 4}, 4);
    std::vector<int16_t> row(8);
    BOOST_CHECK_THROW(encoder->encode_row(std::span(row).first(7)), CodecError);
    BOOST_CHECK_THROW(encoder->finish(), CodecError);
    encoder->encode_row(row);
    BOOST_CHECK_THROW(encoder->encode_row(row), CodecError);
    const auto decoder = codec->decoder({1, 2, 4}, 4);
    BOOST_CHECK_THROW(decoder->feed(4, {}), CodecError);
    BOOST_CHECK(!decoder->decode_row(row));
    BOOST_CHECK_THROW(decoder->finish(), CodecError);
    decoder->end();
    BOOST_CHECK_THROW(decoder->decode_row(row), CodecError);
}
