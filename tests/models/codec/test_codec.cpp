// Registry and timing.
#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/transform_codec.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

BOOST_AUTO_TEST_CASE(codecs_are_known_by_number_and_name) {
    for (const auto name : codec_names()) BOOST_CHECK_EQUAL(codec_name(codec_number(name)), name);
    BOOST_CHECK_EQUAL(codec_number("transform"), uint32_t{KRHN_CODEC_TRANSFORM});
    BOOST_CHECK_EQUAL(codec_name(99), "?");
    BOOST_CHECK_EXCEPTION(codec_number("zip"), CodecError, [](const CodecError& e) {
        return std::string(e.what()).find("raw, vlc, transform") != std::string::npos;
    });
    BOOST_CHECK_THROW(make_codec(99, {}, Format::u8), CodecError);
}

BOOST_AUTO_TEST_CASE(one_symbol_per_clock_and_substream) {
    std::mt19937 random(9);
    const CodecHardware hardware{.transform_multipliers = 256, .raw_values_per_clock = 32};
    const auto vlc = make_vlc_codec(samples::vlc(-9, 9, random), Format::s12);
    BOOST_CHECK_EQUAL(vlc->encode_timing({1, 56, 64}, 4, hardware).clocks, 56 * 16);
    BOOST_CHECK_EQUAL(vlc->decode_timing({1, 56, 65}, 4, hardware).clocks, 56 * 17);
    const auto raw = make_codec(KRHN_CODEC_RAW, {}, Format::u8);
    BOOST_CHECK_EQUAL(raw->encode_timing({1, 7, 9}, 4, hardware).clocks, 2);  // 63 values by 32

    const auto of = [&](uint32_t channels, uint32_t components = 0) {
        return make_transform_codec(samples::transform(channels, -9, 9, random, components),
                                    samples::model(19, random), Format::s12);
    };
    // 64 channels: 16 clocks a vector in coder and matrix unit alike; 128: 32 against 64.
    BOOST_CHECK_EQUAL(of(64)->encode_timing({1, 56, 64}, 4, hardware).clocks, 56 * 16);
    BOOST_CHECK_EQUAL(of(128)->encode_timing({1, 28, 128}, 4, hardware).clocks, 28 * 64);
    BOOST_CHECK_EQUAL(of(128)->decode_timing({1, 28, 128}, 1, hardware).clocks, 28 * 128);
    const auto t = of(128);
    BOOST_CHECK_GT(t->encode_timing({1, 28, 128}, 4, hardware).latency, 64);
    BOOST_CHECK_EQUAL(t->decode_timing({1, 28, 128}, 4, hardware).latency,
                      t->encode_timing({1, 28, 128}, 4, hardware).latency + 32);

    BOOST_CHECK_EQUAL(t->symbols_per_value(), 1);
    // Fewer components: fewer symbols, and 32 or 3 rows of the matrix alone.
    const auto part = of(128, 32), little = of(128, 3);
    BOOST_CHECK_EQUAL(part->symbols_per_value(), 0.25);
    BOOST_CHECK_EQUAL(part->encode_timing({1, 28, 128}, 4, hardware).clocks, 28 * 16);
    BOOST_CHECK_EQUAL(part->encode_timing({1, 28, 128}, 1, hardware).clocks, 28 * 32);
    BOOST_CHECK_EQUAL(little->encode_timing({1, 28, 128}, 4, hardware).clocks, 28 * 2);
    BOOST_CHECK_EQUAL(part->decode_timing({1, 28, 128}, 4, hardware).latency,
                      part->encode_timing({1, 28, 128}, 4, hardware).latency + 8);
    BOOST_CHECK_LT(part->encode_timing({1, 28, 128}, 4, hardware).latency,
                   t->encode_timing({1, 28, 128}, 4, hardware).latency);
    BOOST_CHECK_LE(part->worst_case_bytes({1, 28, 128}, 4),
                   (t->worst_case_bytes({1, 28, 128}, 4) + 3) / 4 + 1);
    BOOST_CHECK_EQUAL(little->worst_case_bytes({1, 28, 128}, 4),
                      little->worst_case_bytes({1, 28, 128}, 3));
}

BOOST_AUTO_TEST_CASE(bands_that_cannot_be_are_refused) {
    std::mt19937 random(10);
    const auto codec = make_transform_codec(samples::transform(4, -9, 9, random),
                                            samples::model(19, random), Format::s12);
    BOOST_CHECK_THROW(codec->encoder({1, 1, 5}, 4), CodecError);  // another number of channels
    BOOST_CHECK_THROW(codec->decoder({1, 1, 4}, 0), CodecError);  // substreams
    BOOST_CHECK_THROW(codec->decoder({1, 1, 4}, 13), CodecError);
    BOOST_CHECK_THROW(codec->decoder({1, 0xFFFFFFFF, 4}, 4), CodecError);
    const auto encoder = codec->encoder({1, 2, 4}, 4);
    const std::vector<int16_t> row(8);
    BOOST_CHECK_THROW(encoder->encode_row(std::span(row).first(7)), CodecError);
    BOOST_CHECK_THROW(encoder->finish(), CodecError);
    encoder->encode_row(row);
    BOOST_CHECK_THROW(encoder->encode_row(row), CodecError);
    BOOST_CHECK_NO_THROW(encoder->finish());
}

BOOST_AUTO_TEST_CASE(oracle_entropy_is_that_of_the_counts) {
    const std::vector<uint64_t> counts = {8, 4, 2, 0, 2};  // 1, 2, 3 and 3 bits
    BOOST_CHECK_CLOSE(oracle_entropy_bits(counts), 8 * 1 + 4 * 2 + 4 * 3.0, 1e-9);
    BOOST_CHECK_EQUAL(oracle_entropy_bits({}), 0);
}
