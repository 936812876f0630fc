// dct-mask against its definition, on all kinds of maps and shapes.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <karhunen/loadable.h>

#include "models/codec/dct_mask.h"
#include "models/codec/huffman.h"
#include "tests/models/codec/naive_dct_mask.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

/// Both paths, both lengths, a step of 1, an odd one and the largest.
std::vector<DctMaskParameters> all_parameters(std::mt19937& random) {
    std::vector<DctMaskParameters> all;
    for (const bool dct : {false, true})
        for (const uint32_t length : {8u, 16u})
            for (const uint32_t step : {256u, 725u, 16384u})
                all.push_back(samples::dct_mask(dct, length, step, random));
    return all;
}

void check_band(const DctMaskParameters& p, const BandShape& shape, uint32_t streams,
                const std::vector<int16_t>& values, std::mt19937& random) {
    const auto codec = make_dct_mask_codec(p, Format::u8);
    const naive::DctMaskBand expected = naive::dct_mask(p, shape, streams, values);
    const auto bytes = encode_band(*codec, shape, streams, values);
    BOOST_REQUIRE(bytes == expected.streams);
    for (const auto& s : bytes) BOOST_REQUIRE_LE(s.size(), codec->worst_case_bytes(shape, streams));
    BOOST_REQUIRE(decode_band(*codec, shape, bytes) == expected.reconstruction);
    BOOST_REQUIRE(samples::decode_in_pieces(*codec, shape, bytes, 1 + random() % 40, random) ==
                  expected.reconstruction);
    if (codec->lossless()) BOOST_REQUIRE(expected.reconstruction == values);
    for (size_t i = 0; i < values.size(); ++i) {
        const int x = expected.reconstruction[i];
        BOOST_REQUIRE((values[i] == 0) == (x == 0) && x >= 0 && x <= 255);
    }
}

/// A single pixel of so many channels in one substream.
std::vector<uint8_t> coded(const DctMaskParameters& p, const std::vector<int16_t>& values) {
    const auto codec = make_dct_mask_codec(p, Format::u8);
    return encode_band(*codec, {1, 1, static_cast<uint32_t>(values.size())}, 1, values)[0];
}

std::vector<uint8_t> model_of(uint32_t symbols, uint32_t frequent) {
    std::vector<uint64_t> counts(symbols);
    counts[frequent] = 1000;
    return model_bytes(counts);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dct_mask)

BOOST_AUTO_TEST_CASE(worked_by_hand) {
    // Step 64: levels 1 to 4 with codes 1 = `0`, 2 = `10`, 3 = `110`, 4 = `111`.
    const DctMaskParameters bypass{false, 8, 16384, {1, 2, 3, 3}, {}};
    // 70 -> 1, 255 -> 4, 10 -> 0, but at least 1, 96 = 1.5 steps -> 2: mask 10110010 and codes
    // 0 111 0 10, from the lowest bit on: 01001101 and 0010 1110.
    const std::vector<int16_t> values = {70, 0, 255, 10, 0, 0, 96, 0};
    const std::vector<uint8_t> bytes = coded(bypass, values);
    BOOST_TEST(bytes == (std::vector<uint8_t>{0b01001101, 0b00101110}));
    const auto codec = make_dct_mask_codec(bypass, Format::u8);
    const std::vector<std::vector<uint8_t>> streams = {bytes};
    BOOST_TEST(decode_band(*codec, {1, 1, 8}, streams) ==
               (std::vector<int16_t>{64, 0, 255, 64, 0, 0, 128, 0}));  // 4 * 64 = 256 is clamped

    // DCT of eight times 100 at step 64: y[0] = 4525 / 16 = 282.8 -> level 4, the others 0.
    const DctMaskParameters dct{true, 8, 16384, model_of(12, 4), model_of(13, 6)};
    BOOST_TEST(coded(dct, std::vector<int16_t>(8, 100)) == (std::vector<uint8_t>{0xFF, 0}));
    // 4 * 64 / sqrt(8) = 90.5
    BOOST_TEST(decode_band(*make_dct_mask_codec(dct, Format::u8), {1, 1, 8},
                           std::vector<std::vector<uint8_t>>{{0xFF, 0}}) ==
               std::vector<int16_t>(8, 91));
    // No value: the mask alone, of as many bits as there are channels.
    BOOST_TEST(coded(dct, std::vector<int16_t>(16, 0)) == (std::vector<uint8_t>{0, 0}));
    BOOST_TEST(coded(dct, std::vector<int16_t>(17, 0)).size() == 4u);
}

BOOST_AUTO_TEST_CASE(every_number_of_values) {
    const unsigned seed = 51;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const DctMaskParameters& p : all_parameters(random))
        for (uint32_t count = 0; count <= 200; ++count) {
            check_band(p, {1, count, 1}, 1, samples::rectified(count, 60, random), random);
            check_band(p, {1, 1, count}, 4, samples::rectified(count, random() % 101, random),
                       random);
        }
}

BOOST_AUTO_TEST_CASE(bands_of_every_number_of_channels_and_substreams) {
    const unsigned seed = 52;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (const DctMaskParameters& p : all_parameters(random)) {
        for (uint32_t channels = 1; channels <= 40; ++channels)
            for (uint32_t streams = 1; streams <= 12; streams += 1 + random() % 3) {
                const BandShape shape{static_cast<uint32_t>(random() % 4),
                                      static_cast<uint32_t>(random() % 9), channels};
                check_band(p, shape, streams,
                           samples::rectified(shape.values(), random() % 101, random), random);
            }
        for (const uint32_t channels : {64u, 100u, 256u, 512u}) {
            const BandShape shape{2, 7, channels};
            check_band(p, shape, 1 + random() % 12,
                       samples::rectified(shape.values(), random() % 101, random), random);
        }
    }
}

BOOST_AUTO_TEST_CASE(extreme_values) {
    std::mt19937 random(53);
    for (const DctMaskParameters& p : all_parameters(random)) {
        const BandShape shape{2, 3, 35};
        for (const int16_t value : {0, 1, 2, 127, 128, 254, 255})
            check_band(p, shape, 3, std::vector<int16_t>(shape.values(), value), random);
        std::vector<int16_t> values(shape.values());
        for (uint32_t k = 0; k < 35; ++k) {  // what makes coefficients extreme
            for (size_t i = 0; i < values.size(); ++i)
                values[i] =
                    (i % p.length * 2 + 1) * k % (4 * p.length) / p.length % 3 == 0 ? 255 : 0;
            check_band(p, shape, 2, values, random);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_value_comes_back_within_half_a_step) {
    // Bypass: half a step, one more for the rounding; below one step it is what level 1 stands for.
    std::mt19937 random(54);
    for (uint32_t step = 256; step <= 16384; step += 37) {
        const DctMaskParameters p = samples::dct_mask(false, 8, step, random);
        std::vector<int16_t> x(256), q(256), back(256);
        for (size_t i = 0; i < 256; ++i) x[i] = static_cast<int16_t>(i);
        dct_mask_quantise(p, x.data(), 256, q.data());
        dct_mask_dequantise(p, q.data(), 256, back.data());
        for (int i = 1; i < 256; ++i) {
            const double error = std::abs(back[static_cast<size_t>(i)] - i);
            const double steps = step / 256.0;
            BOOST_REQUIRE_LE(error, i * 2 < steps ? steps : steps / 2 + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_dct_path_at_step_one_loses_little) {
    std::mt19937 random(55);
    const DctMaskParameters p = samples::dct_mask(true, 8, 256, random);
    const auto values = samples::rectified(8000, 70, random);
    const auto codec = make_dct_mask_codec(p, Format::u8);
    BOOST_TEST(!codec->lossless());
    const BandShape shape{10, 10, 80};
    const auto back = decode_band(*codec, shape, encode_band(*codec, shape, 4, values));
    double squares = 0;
    for (size_t i = 0; i < values.size(); ++i) squares += std::pow(back[i] - values[i], 2);
    // Coefficients are off by 1/12 in the mean square; then values are rounded.
    BOOST_TEST(squares / 8000 < 0.15);
}

BOOST_AUTO_TEST_CASE(what_is_counted_of_a_band) {
    std::mt19937 random(56);
    for (const DctMaskParameters& p : all_parameters(random)) {
        const BandShape shape{3, 5, 48};
        const auto values = samples::rectified(shape.values(), 50, random);
        const auto codec = make_dct_mask_codec(p, Format::u8);
        const auto encoder = codec->encoder(shape, 3);
        double entropy = 0;
        uint64_t bits = 0;
        for (uint32_t r = 0; r < 3; ++r) {
            const auto row = std::span(values).subspan(r * 240, 240);
            encoder->encode_row(row);
            entropy += codec->entropy_bits(row);
        }
        BOOST_TEST(encoder->entropy_bits() == entropy);
        for (uint32_t s = 0; s < 3; ++s) bits += encoder->code_bits_of(s);
        BOOST_TEST(encoder->code_bits() == bits);
        BOOST_TEST(bits == naive::dct_mask(p, shape, 3, values).code_bits);
    }
    const DctMaskParameters lossless = samples::dct_mask(false, 8, 256, random);
    const std::vector<int16_t> row = {0, 7, 255, 0};
    BOOST_TEST(make_dct_mask_codec(lossless, Format::u8)->symbols(row) == row);
}

BOOST_AUTO_TEST_CASE(a_lane_takes_a_value_per_clock) {
    std::mt19937 random(57);
    const auto dct = make_dct_mask_codec(samples::dct_mask(true, 8, 256, random), Format::u8);
    BOOST_TEST(dct->encode_timing({1, 56, 64}, 4, {}).clocks == 56u * 16);
    BOOST_TEST(dct->decode_timing({1, 56, 65}, 4, {}).clocks == 56u * 24);  // 9 groups
    BOOST_TEST(dct->encode_timing({1, 56, 64}, 4, {}).latency == 2u * 8 + 4);
    BOOST_TEST(dct->decode_timing({1, 56, 64}, 4, {}).latency == 2u * 8 + 4);
    const auto bypass = make_dct_mask_codec(samples::dct_mask(false, 16, 256, random), Format::u8);
    BOOST_TEST(bypass->encode_timing({1, 56, 64}, 4, {}).latency == 16u + 4);
    BOOST_TEST(bypass->decode_timing({1, 56, 64}, 4, {}).latency == 4u);
}

BOOST_AUTO_TEST_CASE(the_worst_case_is_reached) {
    std::mt19937 random(58);
    for (const uint32_t length : {8u, 16u}) {
        const DctMaskParameters p = samples::dct_mask(false, length, 256, random);
        const auto longest =
            std::max_element(p.first.begin(), p.first.end(),
                             [](uint8_t a, uint8_t b) { return (a & 15) < (b & 15); });
        const auto value = static_cast<int16_t>(longest - p.first.begin() + 1);
        const auto codec = make_dct_mask_codec(p, Format::u8);
        for (uint32_t channels = 1; channels < 70; ++channels)
            for (uint32_t streams = 1; streams <= 12; ++streams) {
                const BandShape shape{2, 3, channels};
                const std::vector<int16_t> values(shape.values(), value);
                size_t most = 0;
                for (const auto& s : encode_band(*codec, shape, streams, values))
                    most = std::max(most, s.size());
                BOOST_REQUIRE_EQUAL(most, codec->worst_case_bytes(shape, streams));
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()
