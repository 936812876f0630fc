// Coders that replay a log behave, as far as sizes and clocks go, as the codec's do.
#include <algorithm>
#include <random>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "models/codec_unit/band_coders.h"
#include "tests/support/streams.h"

using namespace karhunen;

namespace {

struct Sample {
    explicit Sample(unsigned seed) : random(seed) {
        id = seed % 8;
        shape = {1 + seed % 5, 1 + static_cast<uint32_t>(random() % 30),
                 1 + static_cast<uint32_t>(random() % 40)};
        stored = stored_format(id, seed / 8 % 2);
        table = random_table(id, shape.channels);
        codec = make_codec(id, table, stored);
        values = random_values(shape, stored, seed);
        job.tag = seed;
        job.codec = id;
        job.format_number = static_cast<uint32_t>(stored);
        job.rows = shape.rows;
        job.width = shape.width;
        job.channels = shape.channels;
        job.streams =
            (1 + static_cast<uint32_t>(random() % 5)) * codec_traits(id).streams_per_coder;
    }

    std::mt19937 random;
    uint32_t id;
    BandShape shape;
    Format stored;
    std::vector<uint8_t> table;
    std::unique_ptr<Codec> codec;
    std::vector<int16_t> values;
    CodecJob job;
};

using Streams = std::vector<std::vector<uint8_t>>;

/// The clocks of every row are noted in `clocks`; the bytes of a row in `row_bytes`.
Streams encode(BandEncoder& encoder, const Sample& s, bool with_values,
               std::vector<uint64_t>& clocks, std::vector<size_t>& row_bytes) {
    Streams streams(s.job.streams);
    const size_t row = s.values.size() / s.shape.rows;
    for (uint32_t r = 0; r < s.shape.rows; ++r) {
        encoder.encode_row(with_values ? std::span(s.values).subspan(r * row, row)
                                       : std::span<const int16_t>());
        if (r + 1 == s.shape.rows) encoder.finish();
        for (uint32_t i = 0; i < s.job.streams; ++i) {
            row_bytes.push_back(encoder.output(i).size());
            streams[i].insert(streams[i].end(), encoder.output(i).begin(), encoder.output(i).end());
            encoder.output(i).clear();
        }
        clocks.push_back(encoder.row_clocks(1000));
    }
    return streams;
}

/// What a FIFO in front of a decoder gets back, see StreamFifo::settle.
uint64_t given_back(const BandDecoder& decoder, uint32_t stream, uint64_t fed) {
    return fed - decoder.consumed(stream) < 4 ? fed : decoder.consumed(stream);
}

}  // namespace

BOOST_DATA_TEST_CASE(replayed_bands_have_the_sizes_and_clocks_of_real_ones,
                     boost::unit_test::data::xrange(400u), seed) {
    Sample s(seed);
    BandLog log;
    const auto recorder = recording_coders(log);
    std::vector<uint64_t> clocks, replayed_clocks;
    std::vector<size_t> bytes, replayed_bytes;
    const auto encoder = recorder->encoder(*s.codec, s.job);
    const Streams streams = encode(*encoder, s, true, clocks, bytes);
    BOOST_TEST(streams == encode_band(*s.codec, s.shape, s.job.streams, s.values));

    const auto decoder = recorder->decoder(*s.codec, s.job);
    const size_t row = s.values.size() / s.shape.rows;
    std::vector<int16_t> decoded(row);
    for (uint32_t i = 0; i < s.job.streams; ++i) decoder->feed(i, streams[i]);
    decoder->end();
    for (uint32_t r = 0; r < s.shape.rows; ++r) BOOST_TEST_REQUIRE(decoder->decode_row(decoded));

    const auto replayer = replaying_coders(log);
    const auto replayed = replayer->encoder(*s.codec, s.job);
    const Streams copies = encode(*replayed, s, false, replayed_clocks, replayed_bytes);
    if (needs_bytes(s.id, s.job.format_number)) BOOST_TEST(copies == streams);
    BOOST_TEST(replayed_bytes == bytes);
    BOOST_TEST(replayed_clocks == clocks);
    BOOST_TEST(replayed->code_bits() == encoder->code_bits());
    BOOST_TEST(replayed->entropy_bits() == encoder->entropy_bits());

    // Pieces of whole 16-bit words, of random streams: both can go on at the same moments.
    const auto real = s.codec->decoder(s.shape, s.job.streams);
    const auto copy = replayer->decoder(*s.codec, s.job);
    std::vector<size_t> fed(s.job.streams);
    uint32_t rows = 0;
    while (rows < s.shape.rows) {
        const uint32_t i = s.random() % s.job.streams;
        const size_t piece = std::min<size_t>(2 * (s.random() % 20), streams[i].size() - fed[i]);
        real->feed(i, std::span(streams[i]).subspan(fed[i], piece));
        copy->feed(i, std::span(copies[i]).subspan(fed[i], piece));
        fed[i] += piece;
        const bool complete = real->decode_row(decoded);
        BOOST_TEST_REQUIRE(copy->decode_row({}) == complete);
        for (uint32_t k = 0; k < s.job.streams; ++k)
            BOOST_TEST_REQUIRE(given_back(*copy, k, fed[k]) == given_back(*real, k, fed[k]));
        if (!complete) continue;
        BOOST_TEST(copy->row_clocks(1000) == real->row_clocks(1000));
        ++rows;
    }
}

BOOST_AUTO_TEST_CASE(only_the_next_band_of_the_log_is_replayed) {
    Sample s(3);
    BandLog log;
    recording_coders(log)->encoder(*s.codec, s.job);
    CodecJob other = s.job;
    ++other.width;
    BOOST_CHECK_THROW(replaying_coders(log)->encoder(*s.codec, other), JobError);
    const auto replayer = replaying_coders(log);
    BOOST_CHECK_NO_THROW(replayer->encoder(*s.codec, s.job));
    BOOST_CHECK_THROW(replayer->encoder(*s.codec, s.job), JobError);
}
