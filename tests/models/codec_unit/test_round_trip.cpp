// Encoder and decoder back to back, with a store between them, against the codec itself.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/models/decoder/rig.h"
#include "tests/models/encoder/rig.h"

using namespace karhunen;
using namespace sc_core;

namespace {

struct Machine {
    EncoderRig left;
    DecoderRig right;
};

/// Three bands of one map go through while each block is busy with another one.
void round_trip(Simulation& simulation, uint32_t codec_id, uint32_t seed,
                const std::string& waveform = {}) {
    Pace random(seed);
    const BandShape shape{1 + random.below(6), 1 + random.below(40), 1 + random.below(64)};
    const uint32_t bands = 3;
    const CodecTraits traits = codec_traits(codec_id);
    const Format stored = stored_format(codec_id, seed % 2);
    const std::vector<uint8_t> table = random_table(codec_id, shape.channels);
    const auto codec = make_codec(codec_id, table, stored);
    BandJob job{shape, stored, codec_id, (1 + random.below(6)) * traits.streams_per_coder};

    Machine machine;
    sc_trace_file* trace = nullptr;
    if (!waveform.empty()) {
        trace = sc_create_vcd_trace_file(waveform.c_str());
        trace->set_time_unit(1, SC_PS);
        machine.left.encoder.trace(trace);
        machine.left.buffer.trace(trace);
        machine.right.decoder.trace(trace);
    }
    simulation.spawn([&] {
        Pace pace(seed, 200);
        for (uint32_t b = 0; b < bands; ++b) {
            BandJob band = job;
            band.row_sequence = b * shape.rows;
            machine.left.put_rows(band, random_values(shape, stored, seed + b), pace);
        }
    });
    simulation.spawn([&] {  // software: a job as soon as the shadow is free
        for (uint32_t b = 0; b < bands; ++b) {
            BandJob band = job;
            band.row_sequence = b * shape.rows;
            while (machine.left.cpu.read32(KRHN_STATUS) & KRHN_STATUS_FULL) wait(100, SC_NS);
            band.start_encoder(machine.left.cpu);
            band.format = codec->decoded_format();
            while (machine.right.cpu.read32(KRHN_STATUS) & KRHN_STATUS_FULL) wait(100, SC_NS);
            band.start_decoder(machine.right.cpu);
        }
    });
    simulation.spawn([&] {  // the DMA, and memory
        Pace pace(seed, 100);
        send(machine.left.encoder.tables.sink, {table}, pace);
        send(machine.right.decoder.tables.sink, {table}, pace);
        for (uint32_t b = 0; b < bands; ++b)
            send(machine.right.decoder.stream,
                 fetch(machine.left.encoder.stream, job.streams, pace), pace);
    });
    uint32_t rows = 0;
    simulation.run([&] {
        for (uint32_t b = 0; b < bands; ++b) {
            const std::vector<int16_t> values = random_values(shape, stored, seed + b);
            const std::vector<int16_t> expected =
                decode_band(*codec, shape, encode_band(*codec, shape, job.streams, values));
            const auto words = static_cast<ptrdiff_t>(shape.width * shape.channels);
            for (auto row = expected.begin(); row != expected.end(); row += words)
                BOOST_TEST(machine.right.buffer.wait_for(0, rows++).values ==
                           std::vector<int16_t>(row, row + words));
        }
    });
    BOOST_TEST(rows == bands * shape.rows);
    BOOST_TEST(machine.left.time_in_all_states() == sc_time_stamp());
    BOOST_TEST(machine.right.time_in_all_states() == sc_time_stamp());
    if (trace) sc_close_vcd_trace_file(trace);
}

BOOST_AUTO_TEST_CASE(equals_the_codec) {
    for (uint32_t codec :
         {KRHN_CODEC_RAW, KRHN_CODEC_VLC, KRHN_CODEC_TRANSFORM, KRHN_CODEC_ZVC, KRHN_CODEC_ZRLE,
          KRHN_CODEC_EBPC, KRHN_CODEC_DCT_MASK, KRHN_CODEC_CONTEXT})
        for (uint32_t seed = 0; seed < 10; ++seed)
            BOOST_TEST_CONTEXT("codec " << codec << ", seed " << seed) {
                Simulation simulation;
                round_trip(simulation, codec, seed);
            }
}

BOOST_FIXTURE_TEST_CASE(waveforms_show_states_and_fill, Simulation) {
    const std::string path = std::filesystem::temp_directory_path() / "karhunen_round_trip";
    round_trip(*this, KRHN_CODEC_TRANSFORM, 3, path);
    std::ifstream file(path + ".vcd");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path + ".vcd");
    for (const std::string signal : {"state", "layer", "fifo", "fill"}) {
        // "$var wire 8 aaa encoder.state": count the changes by its code
        const size_t name = text.find(signal + " ");
        BOOST_TEST_REQUIRE(name != std::string::npos, signal);
        std::istringstream line(text.substr(text.rfind("$var", name), 40));
        std::string var, wire, bits, code;
        line >> var >> wire >> bits >> code;
        size_t changes = 0;
        for (size_t at = 0; (at = text.find(" " + code + "\n", at)) != std::string::npos; ++at)
            ++changes;
        BOOST_TEST(changes > 1u, signal << " changes " << changes << " times");
    }
}

}  // namespace
