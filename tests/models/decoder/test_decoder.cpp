#include "tests/models/decoder/rig.h"

using namespace karhunen;
using namespace sc_core;

namespace {

sc_time clocks(uint64_t n) {
    return sc_time(10, SC_NS) * static_cast<double>(n);
}

Streams raw_streams(const BandJob& job, uint32_t seed) {
    return encode_band(*make_codec(KRHN_CODEC_RAW, {}, job.format), job.shape, job.streams,
                       random_values(job.shape, job.format, seed));
}

// 6 rows of 16 x 20 values, 32 values per clock: 10 clocks a row, and 1 of latency.
const BandJob six_rows{{6, 16, 20}};

BOOST_FIXTURE_TEST_CASE(a_row_takes_its_clocks_when_bytes_do_not_lack, Simulation) {
    DecoderRig rig;
    const Streams streams = raw_streams(six_rows, 1);
    spawn([&] {
        Pace pace;
        send(rig.decoder.stream, streams, pace);  // begins before its job, and waits
        send(rig.decoder.stream, streams, pace);
    });
    sc_time started;
    spawn([&] {
        rig.decoder.activity().keep_history();
        wait(clocks(100));
        BandJob job = six_rows;
        job.tag = 7;
        rig.start(job);
        started = sc_time_stamp() - clocks(1);
        job.row_sequence = 6;
        wait(clocks(20));
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == KRHN_STATUS_BUSY);
        rig.start(job);
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
    });
    run([&] {
        for (uint32_t r = 0; r < 12; ++r) {
            rig.buffer.wait_for(0, r);
            // The pipeline is empty between jobs: one more clock of latency in the second.
            BOOST_TEST(sc_time_stamp() - started == clocks(10 * (r + 1) + 1 + r / 6));
            if (r == 0) BOOST_TEST(rig.decoder.activity().tag() == 7u);
        }
        wait(clocks(1));
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == 0u);
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 2u);
    });
    BOOST_TEST(rig.decoder.activity().time_in(State::busy) == clocks(2 * 61));
    BOOST_TEST(rig.decoder.activity().time_in(State::wait_input) == SC_ZERO_TIME);
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(a_row_follows_its_last_bytes_when_they_lack, Simulation) {
    // One row of 256 bytes = 8 clocks. 64 bytes every 50 clocks: after the last of them only their
    // own share, 2 clocks, is left to do.
    DecoderRig rig;
    BandJob job{{3, 64, 4}};
    job.streams = 1;
    const Streams streams = raw_streams(job, 2);
    spawn([&] {
        rig.decoder.stream->begin({{768}, 0});
        for (size_t sent = 0; sent < 768; sent += 64) {
            wait(clocks(50));
            BOOST_TEST(rig.decoder.stream->reserve(64) == 0u);
            rig.decoder.stream->write(0, std::span(streams[0]).subspan(sent, 64));
        }
        rig.decoder.stream->end(false);
    });
    spawn([&] { rig.start(job); });
    run([&] {
        for (uint32_t r = 0; r < 3; ++r) {
            rig.buffer.wait_for(0, r);
            BOOST_TEST(sc_time_stamp() == clocks(50 * 4 * (r + 1) + 2 + 1));
        }
    });
    BOOST_TEST(rig.decoder.activity().time_in(State::busy) == clocks(3 * 2 + 1));
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(a_full_buffer_stalls_the_decoder, Simulation) {
    DecoderRig rig(320 * 2);
    const Streams streams = raw_streams(six_rows, 3);
    spawn([&] {
        Pace pace;
        send(rig.decoder.stream, streams, pace);
    });
    spawn([&] { rig.start(six_rows); });
    run([&] {
        for (uint32_t r = 0; r < 6; ++r) {
            rig.buffer.wait_for(0, r);
            wait(clocks(100));
            rig.buffer.release_before(0, r + 1);
        }
    });
    BOOST_TEST(rig.buffer.peak() == 640u);
    BOOST_TEST((rig.decoder.activity().time_in(State::wait_output) > clocks(300)));
    BOOST_TEST(rig.decoder.activity().time_in(State::busy) == clocks(61));
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(interrupts_tell_ready_and_done, Simulation) {
    DecoderRig rig;
    const Streams streams = raw_streams(six_rows, 4);
    run([&] {
        rig.cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_DONE);
        rig.start(six_rows);
        wait(clocks(5));
        BOOST_TEST(rig.cpu.read32(KRHN_IRQ_STATUS) == KRHN_IRQ_READY);
        BOOST_TEST(!rig.irq.read());
        Pace pace;
        send(rig.decoder.stream, streams, pace);
        wait(rig.irq.posedge_event());
        BOOST_TEST(rig.cpu.read32(KRHN_IRQ_STATUS) == (KRHN_IRQ_READY | KRHN_IRQ_DONE));
        rig.cpu.write32(KRHN_IRQ_STATUS, KRHN_IRQ_READY | KRHN_IRQ_DONE);
        wait(clocks(1));
        BOOST_TEST(!rig.irq.read());
        BOOST_TEST(rig.cpu.read32(KRHN_ID) == block_id(2));
        BOOST_TEST(rig.cpu.write(KRHN_JOBS_DONE, "1234", 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
    });
}

/// One band of a random shape through any codec, with random pauses on both sides, against
/// decode_band().
void random_band(Simulation& simulation, uint32_t codec_id, uint32_t seed) {
    Pace random(seed);
    BandJob job;
    job.codec = codec_id;
    job.shape = {1 + random.below(9), 1 + random.below(60), 1 + random.below(40)};
    const CodecTraits traits = codec_traits(codec_id);
    job.streams = (1 + random.below(12 / traits.streams_per_coder)) * traits.streams_per_coder;
    job.row_sequence = 0xFFFFFFFC;
    job.region = seed % 2;
    job.format = traits.before_relu ? Format::u8 : stored_format(codec_id, seed);
    const std::vector<uint8_t> table = random_table(codec_id, job.shape.channels);
    const auto codec = make_codec(codec_id, table, job.format);
    const Streams streams = encode_band(*codec, job.shape, job.streams,
                                        random_values(job.shape, codec->stored_format(), seed));
    const std::vector<int16_t> expected = decode_band(*codec, job.shape, streams);

    const uint32_t row_bytes = job.shape.width * job.shape.channels * bytes_of(job.format);
    job.region_bytes = row_bytes * (1 + random.below(3));
    DecoderRig rig(1 << 20, 64 << random.below(6));
    simulation.spawn([&] {
        Pace pace(seed, random.below(300));
        send(rig.decoder.tables.sink, {table}, pace, 100);
        send(rig.decoder.stream, streams, pace, 16 << pace.below(6));
    });
    simulation.spawn([&] { rig.start(job); });
    uint32_t rows = 0;
    simulation.run([&] {
        Pace pace(seed, 2000);
        const size_t words = expected.size() / job.shape.rows;
        for (; rows < job.shape.rows; ++rows) {
            pace.pause();
            const Row& row = rig.buffer.wait_for(job.region, job.row_sequence + rows);
            BOOST_TEST(row.values == std::vector<int16_t>(expected.begin() + rows * words,
                                                          expected.begin() + (rows + 1) * words));
            rig.buffer.release_before(job.region, job.row_sequence + rows + 1);
        }
        wait(clocks(100000));
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
    });
    BOOST_TEST(rows == job.shape.rows);
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

void random_bands(uint32_t codec) {
    for (uint32_t seed = 0; seed < 24; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            Simulation simulation;
            random_band(simulation, codec, seed);
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

BOOST_FIXTURE_TEST_CASE(waits_for_the_table_and_releases_it, Simulation) {
    DecoderRig rig;
    BandJob job{{2, 4, 8}};
    job.codec = KRHN_CODEC_VLC;
    const std::vector<uint8_t> table = random_table(job.codec, 8);
    const auto codec = make_codec(job.codec, table, job.format);
    const Streams streams =
        encode_band(*codec, job.shape, 4, random_values(job.shape, Format::s12, 5));
    run([&] {
        Pace pace;
        rig.start(job);
        send(rig.decoder.stream, streams, pace);
        wait(clocks(500));
        BOOST_TEST((rig.decoder.activity().state() == State::wait_weights));
        send(rig.decoder.tables.sink, {table}, pace);
        rig.buffer.wait_for(0, 1);
        wait(clocks(10));
        BOOST_TEST(rig.decoder.tables.peek(0)->prepared);  // made once, kept with its bytes

        job.flags = KRHN_CODEC_RELEASE_TABLE;
        job.row_sequence = 2;
        send(rig.decoder.stream, streams, pace);
        rig.start(job);
        rig.buffer.wait_for(0, 3);
        wait(clocks(10));
        BOOST_TEST(!rig.decoder.tables.peek(0));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 2u);
    });
    BOOST_TEST((rig.decoder.activity().time_in(State::wait_weights) >= clocks(500)));
}

}  // namespace
