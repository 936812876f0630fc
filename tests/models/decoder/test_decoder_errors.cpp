#include "tests/models/decoder/rig.h"

using namespace karhunen;
using namespace sc_core;

namespace {

const BandJob good_job{{6, 40, 64}};  // 640 bytes a row and substream, more than the FIFO in all

Streams good_streams() {
    return encode_band(*make_codec(KRHN_CODEC_RAW, {}, Format::u8), good_job.shape,
                       good_job.streams, random_values(good_job.shape, Format::u8, 1));
}

/// The job ends in error with this cause and an interrupt; the DMA is not held up, neither by this
/// band nor by the next; after a reset the next good job is done.
void expect_error(Simulation& simulation, uint32_t cause, const BandJob& job,
                  const Streams& streams, bool transfer_fails = false,
                  const std::vector<uint8_t>* table = nullptr, bool table_fails = false) {
    DecoderRig rig;
    bool sent = false, finished = false;
    simulation.spawn([&] {
        Pace pace(1, 50);
        if (table) send(rig.decoder.tables.sink, {*table}, pace, 16, table_fails);
        send(rig.decoder.stream, streams, pace, 128, transfer_fails);
        send(rig.decoder.stream, good_streams(), pace, 128);
        sent = true;
    });
    simulation.run([&] {
        rig.cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_ERROR);
        rig.start(job);
        if (!rig.irq.read()) wait(rig.irq.posedge_event());
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == cause);
        wait(sc_time(1, SC_MS));
        BOOST_TEST(sent);
        BOOST_TEST((rig.decoder.activity().state() == State::idle));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 0u);

        rig.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        rig.cpu.write32(KRHN_IRQ_STATUS, KRHN_IRQ_ERROR);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        BandJob next = good_job;
        next.row_sequence = 100;
        rig.start(next);
        Pace pace;
        send(rig.decoder.stream, good_streams(), pace);
        rig.buffer.wait_for(0, 105);
        wait(sc_time(1, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
        finished = true;
    });
    BOOST_TEST(finished);
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(stream_too_short, Simulation) {
    Streams streams = good_streams();
    streams[2].pop_back();
    expect_error(*this, KRHN_ERROR_STREAM, good_job, streams);
}

BOOST_FIXTURE_TEST_CASE(stream_a_little_too_long, Simulation) {
    Streams streams = good_streams();
    streams[1].push_back(0);
    expect_error(*this, KRHN_ERROR_STREAM, good_job, streams);
}

BOOST_FIXTURE_TEST_CASE(stream_much_too_long, Simulation) {
    Streams streams = good_streams();
    streams[3].resize(100000);
    expect_error(*this, KRHN_ERROR_STREAM, good_job, streams);
}

BOOST_FIXTURE_TEST_CASE(another_number_of_substreams, Simulation) {
    expect_error(*this, KRHN_ERROR_PARAMETER, good_job, Streams(5, std::vector<uint8_t>(5000)));
}

BOOST_FIXTURE_TEST_CASE(transfer_that_broke_off, Simulation) {
    expect_error(*this, KRHN_ERROR_BUS, good_job, good_streams(), true);
}

/// What had been handed on stays; the rest follows when the band comes again.
BOOST_FIXTURE_TEST_CASE(a_band_again_after_an_error, Simulation) {
    DecoderRig rig;
    const auto values = random_values(good_job.shape, Format::u8, 1);
    bool finished = false;
    run([&] {
        rig.cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_ERROR);
        rig.start(good_job);
        Streams broken = good_streams();
        broken[1][3] ^= 0x20;  // in the first row
        StreamSink& stream = *rig.decoder.stream.operator->();
        stream.begin({{3840, 3840, 3840, 3840}, 0});
        for (std::vector<size_t> sent(4); sent[0] + sent[1] + sent[2] + sent[3] < 4u * 3840;) {
            const uint32_t s = stream.reserve(128);
            stream.write(s, std::span(broken[s]).subspan(sent[s], 128));
            sent[s] += 128;
        }
        stream.end(true);
        if (!rig.irq.read()) wait(rig.irq.posedge_event());
        const uint32_t rows = rig.cpu.read32(KRHN_DECODER_ROWS_DONE);
        BOOST_TEST((rows > 0 && rows < 6), rows << " rows are done");
        rig.buffer.release_before(0, 1);  // the first is used already

        rig.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        rig.cpu.write32(KRHN_DECODER_SKIP_ROWS, rows);
        rig.start(good_job);
        Pace pace;
        send(rig.decoder.stream, good_streams(), pace);
        rig.buffer.wait_for(0, 5);
        wait(sc_time(1, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
        BOOST_TEST(rig.cpu.read32(KRHN_DECODER_ROWS_DONE) == 6u);
        BOOST_TEST(!rig.buffer.peek(0, 0));
        for (uint32_t r = 1; r < 6; ++r) {
            const Row* row = rig.buffer.peek(0, r);
            BOOST_TEST_REQUIRE(row);
            BOOST_TEST(std::equal(row->values.begin(), row->values.end(),
                                  values.begin() + static_cast<ptrdiff_t>(r) * 40 * 64),
                       "row " << r);
        }
        finished = true;
    });
    BOOST_TEST(finished);
}

BOOST_FIXTURE_TEST_CASE(row_larger_than_its_region, Simulation) {
    BandJob job = good_job;
    job.region_bytes = 40 * 64 - 1;
    expect_error(*this, KRHN_ERROR_PARAMETER, job, good_streams());
}

BOOST_FIXTURE_TEST_CASE(malformed_table, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_VLC;
    const std::vector<uint8_t> table(100, 0x5A);
    expect_error(*this, KRHN_ERROR_TABLE, job, good_streams(), false, &table);
}

BOOST_FIXTURE_TEST_CASE(table_that_was_not_loaded, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_VLC;
    const std::vector<uint8_t> table = random_table(job.codec, 64);
    expect_error(*this, KRHN_ERROR_BUS, job, good_streams(), false, &table, true);
}

BOOST_FIXTURE_TEST_CASE(malformed_code, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_VLC;
    const std::vector<uint8_t> table = random_table(job.codec, 64);
    const auto codec = make_codec(job.codec, table, job.format);
    Streams streams = encode_band(*codec, job.shape, 4, random_values(job.shape, Format::s12, 1));
    streams[0].resize(streams[0].size() / 2);
    expect_error(*this, KRHN_ERROR_STREAM, job, streams, false, &table);
}

BOOST_AUTO_TEST_CASE(parameters_out_of_range) {
    using Change = void (*)(BandJob&);
    const Change changes[] = {
        [](BandJob& j) { j.shape.rows = 0; },
        [](BandJob& j) { j.shape.rows = 0xFFFFFFFF; },
        [](BandJob& j) { j.shape.width = 0; },
        [](BandJob& j) { j.shape.channels = 0; },
        [](BandJob& j) { j.shape.width = j.shape.channels = 0x10000; },
        [](BandJob& j) { j.streams = 0; },
        [](BandJob& j) { j.streams = 13; },
        [](BandJob& j) { j.codec = 99; },
        [](BandJob& j) { j.format = static_cast<Format>(4); },
        [](BandJob& j) { j.region = KRHN_BUFFER_REGIONS; },
    };
    for (const Change& change : changes) BOOST_TEST_CONTEXT("change " << &change - changes) {
            Simulation simulation;
            BandJob job = good_job;
            change(job);
            expect_error(simulation, KRHN_ERROR_PARAMETER, job, good_streams());
        }
}

BOOST_FIXTURE_TEST_CASE(start_when_full_lets_the_running_job_end, Simulation) {
    DecoderRig rig;
    run([&] {
        rig.start(good_job);
        wait(sc_time(100, SC_NS));
        rig.start(good_job);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        rig.start(good_job);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == KRHN_ERROR_START_WHEN_FULL);
        Pace pace;
        send(rig.decoder.stream, good_streams(), pace);
        rig.buffer.wait_for(0, 5);
        wait(sc_time(1, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == KRHN_STATUS_FULL);  // and does not begin
        rig.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        BOOST_TEST(rig.cpu.read32(KRHN_STATUS) == 0u);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(a_starved_decoder_waits, Simulation) {
    DecoderRig rig;
    const Streams streams = good_streams();
    run([&] {
        rig.start(good_job);
        rig.decoder.stream->begin({{3840, 3840, 3840, 3840}, 0});
        wait(sc_time(10, SC_MS));
        BOOST_TEST((rig.decoder.activity().state() == State::wait_input));
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        std::vector<size_t> sent(4);
        for (unsigned i = 0; i < 30; ++i) {
            const uint32_t s = rig.decoder.stream->reserve(512);
            const size_t bytes = std::min<size_t>(512, 3840 - sent[s]);
            rig.decoder.stream->write(s, std::span(streams[s]).subspan(sent[s], bytes));
            sent[s] += bytes;
        }
        BOOST_TEST(sent[0] + sent[1] + sent[2] + sent[3] < 4u * 3840);
        wait(sc_time(10, SC_MS));
        BOOST_TEST((rig.decoder.activity().state() == State::wait_input));
        for (uint32_t s = 0; s < 4; ++s)
            while (sent[s] != 3840) {
                const uint32_t to = rig.decoder.stream->reserve(512);
                const size_t bytes = std::min<size_t>(512, 3840 - sent[to]);
                rig.decoder.stream->write(to, std::span(streams[to]).subspan(sent[to], bytes));
                sent[to] += bytes;
            }
        rig.decoder.stream->end(false);
        rig.buffer.wait_for(0, 5);
        wait(sc_time(1, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
    });
}

}  // namespace
