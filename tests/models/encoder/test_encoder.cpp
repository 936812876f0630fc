#include "tests/models/encoder/rig.h"

using namespace karhunen;
using namespace sc_core;

namespace {

sc_time clocks(uint64_t n) {
    return sc_time(10, SC_NS) * static_cast<double>(n);
}

// 6 rows of 16 x 20 values, 32 values per clock: 10 clocks a row, and 1 of latency.
const BandJob six_rows{{6, 16, 20}};

BOOST_FIXTURE_TEST_CASE(a_row_takes_its_clocks_when_nothing_lacks, Simulation) {
    EncoderRig rig;
    const std::vector<int16_t> values = random_values(six_rows.shape, Format::u8, 1);
    sc_time ended;
    spawn([&] {
        Pace pace;
        rig.put_rows(six_rows, values, pace);
    });
    spawn([&] {
        wait(clocks(100));
        BandJob job = six_rows;
        job.tag = 7;
        rig.start(job);
        wait(clocks(10));
        BOOST_TEST(rig.encoder.activity().tag() == 7u);
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == KRHN_STATUS_BUSY);
        BOOST_TEST(!rig.buffer.peek(0, 0));  // a row is released when it is encoded
        BOOST_TEST(rig.buffer.peek(0, 1));
    });
    run([&] {
        Pace pace;
        wait(clocks(111));
        const Streams streams = fetch(rig.encoder.stream, 4, pace);
        ended = sc_time_stamp();
        BOOST_TEST(streams ==
                   encode_band(*make_codec(0, {}, Format::u8), six_rows.shape, 4, values));
        wait(clocks(1));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == 0u);
    });
    // Ten writes of parameters and that of CONTROL begin at clock 100: the job starts at 110.
    BOOST_TEST(ended == clocks(110 + 61));
    BOOST_TEST(rig.encoder.activity().time_in(State::busy) == clocks(61));
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(waits_for_rows, Simulation) {
    EncoderRig rig;
    const std::vector<int16_t> values = random_values(six_rows.shape, Format::u8, 2);
    spawn([&] { rig.start(six_rows); });
    spawn([&] {
        for (uint32_t r = 0; r < 6; ++r) {
            wait(clocks(50));
            rig.buffer.open(0, 1 << 20, r, 16, 20, Format::u8);
            rig.buffer.commit(0, r, 20);
        }
    });
    run([&] {
        Pace pace;
        fetch(rig.encoder.stream, 4, pace, 16);
        BOOST_TEST(sc_time_stamp() == clocks(6 * 50 + 10 + 1));
    });
    BOOST_TEST(rig.encoder.activity().time_in(State::busy) == clocks(61));
    BOOST_TEST(rig.encoder.activity().time_in(State::wait_input) == clocks(6 * 40));
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(full_fifos_stall_the_encoder, Simulation) {
    EncoderRig rig(1 << 20, 200);
    BandJob job{{10, 16, 16}};  // 64 bytes a row and substream
    const std::vector<int16_t> values = random_values(job.shape, Format::u8, 3);
    run([&] {
        Pace pace;
        rig.put_rows(job, values, pace);
        rig.start(job);
        wait(clocks(1000));
        // The fifth row begins while the fourth, 256 bytes, is still in the pipeline; no sixth.
        BOOST_TEST((rig.encoder.activity().state() == State::wait_output));
        BOOST_TEST(!rig.buffer.peek(0, 4));
        BOOST_TEST(rig.buffer.peek(0, 5));
        const Streams streams = fetch(rig.encoder.stream, 4, pace, 300);  // blocks above the FIFO
        BOOST_TEST(streams == encode_band(*make_codec(0, {}, Format::u8), job.shape, 4, values));
    });
    BOOST_TEST((rig.encoder.activity().time_in(State::wait_output) > clocks(900)));
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

/// Two bands of a random shape through any codec, with random pauses on both sides, against
/// encode_band().
void random_bands(Simulation& simulation, uint32_t codec_id, uint32_t seed) {
    Pace random(seed);
    BandJob job;
    job.codec = codec_id;
    job.shape = {1 + random.below(9), 1 + random.below(60), 1 + random.below(40)};
    const CodecTraits traits = codec_traits(codec_id);
    job.streams = (1 + random.below(12 / traits.streams_per_coder)) * traits.streams_per_coder;
    job.row_sequence = 0xFFFFFFFC;
    job.format = stored_format(codec_id, seed);
    const std::vector<uint8_t> table = random_table(codec_id, job.shape.channels);
    const auto codec = make_codec(codec_id, table, job.format);
    job.tag = 3;
    BandJob second = job;
    second.tag = 4;
    second.row_sequence += job.shape.rows;
    second.flags = KRHN_CODEC_RELEASE_TABLE;
    const std::vector<int16_t> values[] = {random_values(job.shape, job.format, seed),
                                           random_values(job.shape, job.format, seed + 1)};

    const uint32_t row_bytes = job.shape.width * job.shape.channels * bytes_of(job.format);
    EncoderRig rig(row_bytes * (1 + random.below(3)), 16 << random.below(8));
    std::vector<EncodedBand> reports;
    rig.encoder.observe([&](const EncodedBand& band) { reports.push_back(band); });
    simulation.spawn([&] {
        Pace pace(seed, 1000);
        rig.put_rows(job, values[0], pace);
        rig.put_rows(second, values[1], pace);
    });
    simulation.spawn([&] {
        Pace pace(seed, 300);
        rig.start(job);
        send(rig.encoder.tables.sink, {table}, pace, 100);
        rig.start(second);
    });
    unsigned fetched = 0;
    simulation.run([&] {
        Pace pace(seed, random.below(300));
        for (const auto& v : values) {
            const Streams expected = encode_band(*codec, job.shape, job.streams, v);
            BOOST_TEST(fetch(rig.encoder.stream, job.streams, pace, 16 << pace.below(6)) ==
                       expected);
            const auto encoder = codec->encoder(job.shape, job.streams);
            for (size_t at = 0; at < v.size(); at += v.size() / job.shape.rows)
                encoder->encode_row(std::span(v).subspan(at, v.size() / job.shape.rows));
            encoder->finish();
            BOOST_TEST(reports.at(fetched).tag == 3 + fetched);
            BOOST_TEST(reports[fetched].values == job.shape.values());
            BOOST_TEST(reports[fetched].code_bits == encoder->code_bits());
            BOOST_TEST(reports[fetched].entropy_bits == encoder->entropy_bits());
            size_t bytes = 0;
            for (const auto& s : expected) bytes += s.size();
            BOOST_TEST(reports[fetched].stream_bytes == bytes);
            ++fetched;
        }
        wait(clocks(10));
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 2u);
    });
    BOOST_TEST(fetched == 2u);
    BOOST_TEST(rig.buffer.fill() == 0u);
    BOOST_TEST(rig.encoder.tables.fill() == 0u);
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

void random_bands(uint32_t codec) {
    for (uint32_t seed = 0; seed < 24; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            Simulation simulation;
            random_bands(simulation, codec, seed);
        }
}

BOOST_AUTO_TEST_CASE(random_bands_raw) {
    random_bands(KRHN_CODEC_RAW);
}
BOOST_AUTO_TEST_CASE(random_bands_vlc) {
    random_bands(KRHN_CODEC_VLC);
}
BOOST_AUTO_TEST_CASE(random_bands_transform) {
    random_bands(KRHN_CODEC_TRANSFORM);
}
BOOST_AUTO_TEST_CASE(random_bands_zvc) {
    random_bands(KRHN_CODEC_ZVC);
}
BOOST_AUTO_TEST_CASE(random_bands_zrle) {
    random_bands(KRHN_CODEC_ZRLE);
}
BOOST_AUTO_TEST_CASE(random_bands_ebpc) {
    random_bands(KRHN_CODEC_EBPC);
}
BOOST_AUTO_TEST_CASE(random_bands_dct_mask) {
    random_bands(KRHN_CODEC_DCT_MASK);
}
BOOST_AUTO_TEST_CASE(random_bands_context) {
    random_bands(KRHN_CODEC_CONTEXT);
}

}  // namespace
