#include "tests/models/encoder/rig.h"

using namespace karhunen;
using namespace sc_core;

namespace {

const BandJob good_job{{4, 10, 16}};

/// The job ends in error with this cause and an interrupt; whoever fetches the band, and a next
/// one, is not held up; after a reset the next good job is done.
void expect_error(Simulation& simulation, uint32_t cause, const BandJob& job,
                  const std::vector<uint8_t>* table = nullptr, bool table_fails = false) {
    EncoderRig rig;
    Pace pace;
    const std::vector<int16_t> values = random_values(good_job.shape, Format::u8, 1);
    unsigned fetched = 0;
    bool finished = false;
    simulation.spawn([&] {
        for (; fetched < 2; ++fetched) fetch(rig.encoder.stream, 4, pace);
    });
    simulation.run([&] {
        if (table) send(rig.encoder.tables.sink, {*table}, pace, 16, table_fails);
        rig.put_rows(good_job, values, pace);
        rig.cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_ERROR);
        rig.start(job);
        if (!rig.irq.read()) wait(rig.irq.posedge_event());
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == cause);
        wait(sc_time(1, SC_US));
        BOOST_TEST(fetched == 2u);
        BOOST_TEST((rig.encoder.activity().state() == State::idle));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 0u);

        rig.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);
        rig.cpu.write32(KRHN_IRQ_STATUS, KRHN_IRQ_ERROR);
        rig.start(good_job);
        BOOST_TEST(fetch(rig.encoder.stream, 4, pace) ==
                   encode_band(*make_codec(0, {}, Format::u8), good_job.shape, 4, values));
        wait(sc_time(1, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_JOBS_DONE) == 1u);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == 0u);
        finished = true;
    });
    BOOST_TEST(finished);
    BOOST_TEST(rig.time_in_all_states() == sc_time_stamp());
}

BOOST_FIXTURE_TEST_CASE(rows_of_another_shape, Simulation) {
    BandJob job = good_job;
    job.shape.width = 11;
    expect_error(*this, KRHN_ERROR_PARAMETER, job);
}

BOOST_FIXTURE_TEST_CASE(rows_of_another_format, Simulation) {
    BandJob job = good_job;
    job.format = Format::s8;
    expect_error(*this, KRHN_ERROR_PARAMETER, job);
}

BOOST_FIXTURE_TEST_CASE(codec_of_another_format, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_VLC;  // takes s12
    const std::vector<uint8_t> table = random_table(job.codec, 16);
    expect_error(*this, KRHN_ERROR_PARAMETER, job, &table);
}

BOOST_FIXTURE_TEST_CASE(table_of_another_codec, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_TRANSFORM;
    const std::vector<uint8_t> table = random_table(KRHN_CODEC_VLC, 16);
    expect_error(*this, KRHN_ERROR_TABLE, job, &table);
}

BOOST_FIXTURE_TEST_CASE(table_that_was_not_loaded, Simulation) {
    BandJob job = good_job;
    job.codec = KRHN_CODEC_VLC;
    const std::vector<uint8_t> table = random_table(job.codec, 16);
    expect_error(*this, KRHN_ERROR_BUS, job, &table, true);
}

BOOST_AUTO_TEST_CASE(parameters_out_of_range) {
    using Change = void (*)(BandJob&);
    const Change changes[] = {
        [](BandJob& j) { j.shape.rows = 0; },
        [](BandJob& j) { j.shape.width = 0; },
        [](BandJob& j) { j.shape.channels = 0; },
        [](BandJob& j) { j.shape.width = j.shape.channels = 0xFFFFFFFF; },
        [](BandJob& j) { j.streams = 0; },
        [](BandJob& j) { j.streams = 13; },
        [](BandJob& j) { j.codec = KRHN_CODEC_CONTEXT + 1; },
        [](BandJob& j) { j.format = static_cast<Format>(4); },
    };
    for (const Change& change : changes) BOOST_TEST_CONTEXT("change " << &change - changes) {
            Simulation simulation;
            BandJob job = good_job;
            change(job);
            expect_error(simulation, KRHN_ERROR_PARAMETER, job);
        }
}

BOOST_FIXTURE_TEST_CASE(what_was_encoded_before_the_error_can_be_fetched, Simulation) {
    EncoderRig rig;
    run([&] {
        Pace pace;
        BandJob bad = good_job;
        bad.row_sequence = 4;
        const std::vector<int16_t> values = random_values(good_job.shape, Format::u8, 1);
        rig.put_rows(good_job, values, pace);
        rig.put_rows(bad, values, pace);
        rig.start(good_job);
        bad.shape.channels = 15;
        rig.start(bad);
        wait(sc_time(10, SC_US));
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == KRHN_ERROR_PARAMETER);
        BOOST_TEST(fetch(rig.encoder.stream, 4, pace, 16) ==
                   encode_band(*make_codec(0, {}, Format::u8), good_job.shape, 4, values));
        for (const auto& s : fetch(rig.encoder.stream, 4, pace)) BOOST_TEST(s.empty());
    });
}

BOOST_FIXTURE_TEST_CASE(bus_errors, Simulation) {
    EncoderRig rig;
    run([&] {
        const uint32_t word = 1;
        BOOST_TEST(rig.cpu.write(KRHN_STATUS, &word, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        BOOST_TEST(rig.cpu.write(0x68, &word, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(rig.cpu.read32(KRHN_ID) == block_id(6));
        for (unsigned i = 0; i < 3; ++i) rig.start(good_job);
        BOOST_TEST(rig.cpu.read32(KRHN_ERROR) == KRHN_ERROR_START_WHEN_FULL);
    });
}

}  // namespace
