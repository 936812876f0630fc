// What the DMA refuses, what it reports, and how a channel comes back.
#include <zlib.h>

#include <boost/test/data/test_case.hpp>

#include "tests/models/dma/bench.h"

namespace karhunen {
namespace {

using boost::unit_test::data::make;
using boost::unit_test::data::xrange;
using sc_core::sc_time;

constexpr uint32_t outside = 0x90000000;

krhn_dma_descriptor good_load() {
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_LOAD, KRHN_PORT_WEIGHTS);
    d.source = Bench::data;
    d.row_bytes = 2000;
    d.rows = 1;
    return d;
}

/// The channel reports the error, does nothing more until it is reset, and works again after.
void check_error_and_recovery(Bench& b, uint32_t channel, uint32_t error, uint32_t address) {
    BOOST_TEST(b.read(channel, KRHN_DMA_CHANNEL_ERROR) == error);
    BOOST_TEST(b.read(channel, KRHN_DMA_ERROR_ADDRESS) == address);
    BOOST_TEST((b.cpu.read32(KRHN_ERROR) & error) == error);
    BOOST_TEST((b.cpu.read32(KRHN_IRQ_STATUS) & KRHN_DMA_IRQ_ERROR(channel)) != 0u);
    sc_core::wait(sc_time(100, sc_core::SC_US));
    BOOST_TEST(b.read(channel, KRHN_DMA_CHANNEL_STATUS) == 0u);
    BOOST_TEST(b.read(channel, KRHN_DMA_CHAINS_DONE) == 0u);
    b.cpu.write32(KRHN_DMA_CHANNEL(channel) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_RESET);
    b.cpu.write32(KRHN_ERROR, ~0u);
    sc_core::wait(sc_time(1, sc_core::SC_US));
    BOOST_TEST(b.read(channel, KRHN_DMA_CHANNEL_STATUS) == 0u);
    BOOST_TEST(b.read(channel, KRHN_DMA_CHANNEL_ERROR) == 0u);
    const size_t before = b.weights.deliveries.size();
    BOOST_TEST(b.run(channel, b.put(9, good_load())) == 0u);
    BOOST_TEST(b.weights.deliveries.size() == before + 1);
    BOOST_TEST((b.weights.deliveries.back().bytes[0] == b.at(Bench::data, 2000)));
    BOOST_TEST(b.read(channel, KRHN_DMA_CHAINS_DONE) == 1u);
}

struct BadDescriptor {
    const char *what, *defect;
    void (*spoil)(krhn_dma_descriptor&);
};
std::ostream& operator<<(std::ostream& out, const BadDescriptor& b) {
    return out << b.what;
}
const BadDescriptor bad_descriptors[] = {
    {"unknown kind", "kind 4 is not from 0 to 3", [](auto& d) { d.kind = 4; }},
    {"unknown port", "port 7 is none of LOAD, 0 to 3", [](auto& d) { d.port = KRHN_PORTS; }},
    {"huge port", "port 4294967295 is none of LOAD, 0 to 3", [](auto& d) { d.port = ~0u; }},
    {"port without a sink", "port 2 is not connected",
     [](auto& d) { d.port = KRHN_PORT_INPUT_TABLE; }},
    {"port of another kind", "port 4 is none of LOAD, 0 to 3",
     [](auto& d) { d.port = KRHN_PORT_INPUT_STREAM; }},
    {"source not aligned", "source 0x80020002 is no multiple of 4", [](auto& d) { d.source += 2; }},
    {"next not aligned", "next 0x1 is no multiple of 4", [](auto& d) { d.next = 1; }},
    {"no bytes", "row_bytes is 0", [](auto& d) { d.row_bytes = 0; }},
    {"no rows", "rows is 0", [](auto& d) { d.rows = 0; }},
    {"stride not aligned", "source_stride 0x3 is no multiple of 4",
     [](auto& d) { d.rows = 2, d.source_stride = 3; }},
    {"beyond 4 GiB", "source 0xffffff00: the end is beyond 4 GiB",
     [](auto& d) { d.source = 0xFFFFFF00, d.row_bytes = 0x101; }},
    {"rows beyond 4 GiB", "source 0x80020000: the end is beyond 4 GiB",
     [](auto& d) { d.rows = 3, d.source_stride = 0x40000000; }},
    {"copy to an odd address", "destination 0x1 is no multiple of 4",
     [](auto& d) { d.kind = KRHN_DMA_COPY, d.destination = 1; }},
    {"no substreams", "n_streams 0 is not from 1 to 12",
     [](auto& d) { d.kind = KRHN_DMA_STREAM_IN, d.port = KRHN_PORT_INPUT_STREAM; }},
    {"13 substreams", "n_streams 13 is not from 1 to 12",
     [](auto& d) {
         d.kind = KRHN_DMA_STREAM_IN, d.port = KRHN_PORT_INPUT_STREAM, d.n_streams = 13;
     }},
    {"13 substreams out", "n_streams 13 is not from 1 to 12",
     [](auto& d) {
         d.kind = KRHN_DMA_STREAM_OUT, d.port = KRHN_PORT_ENCODER_STREAM, d.n_streams = 13;
     }},
    {"entry not aligned", "tile_entry 0x2 is no multiple of 4",
     [](auto& d) {
         d.kind = KRHN_DMA_STREAM_OUT, d.port = KRHN_PORT_ENCODER_STREAM, d.n_streams = 1;
         d.tile_entry = 2;
     }},
    {"stream from the encoder's port", "port 6 is none of STREAM_IN, 4 to 5",
     [](auto& d) {
         d.kind = KRHN_DMA_STREAM_IN, d.port = KRHN_PORT_ENCODER_STREAM, d.n_streams = 1;
     }},
};

BOOST_DATA_TEST_CASE_F(Simulation, bad_descriptor_is_refused, make(bad_descriptors), bad) {
    Bench b(Answer::fixed);
    krhn_dma_descriptor d = good_load();
    bad.spoil(d);
    run_to_end([&] {
        const uint32_t address = b.put(0, d);
        b.run(2, address);
        BOOST_TEST(b.weights.deliveries.empty());
        BOOST_TEST(b.dma.channel(2).defect() == bad.defect);
        BOOST_TEST(b.dma.channel(2).descriptor() != nullptr);
        check_error_and_recovery(b, 2, KRHN_ERROR_DESCRIPTOR, address);
        BOOST_TEST(b.dma.channel(2).defect() == "");
    });
}

/// Over all rows; without the flag nothing is compared.
BOOST_FIXTURE_TEST_CASE(a_load_may_have_a_checksum, Simulation) {
    Bench b(Answer::random);
    run([&] {
        krhn_dma_descriptor d = good_load();
        d.rows = 3;
        d.source_stride = 4096;
        for (uint32_t row = 0; row < d.rows; ++row) {
            const auto bytes = b.at(d.source + row * d.source_stride, d.row_bytes);
            d.crc32 = static_cast<uint32_t>(crc32_z(d.crc32, bytes.data(), bytes.size()));
        }
        d.flags = KRHN_DMA_CHECK;
        BOOST_TEST(b.run(0, b.put(0, d)) == 0u);
        for (const auto& chunk : b.weights.deliveries) BOOST_TEST(!chunk.error);

        d.flags = 0;
        const uint8_t before = *b.memory.at(d.source + d.source_stride);
        *b.memory.at(d.source + d.source_stride) ^= 0x10;  // in the middle one
        BOOST_TEST(b.run(0, b.put(1, d)) == 0u);
        d.flags = KRHN_DMA_CHECK;
        b.cpu.write32(KRHN_DMA_CHANNEL(0) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_RESET);
        BOOST_TEST(b.run(0, b.put(2, d)) == KRHN_ERROR_CHECKSUM);
        BOOST_TEST(b.weights.deliveries.size() == 9u);
        BOOST_TEST(b.weights.deliveries.back().error);
        BOOST_TEST(!b.weights.deliveries[7].error);
        *b.memory.at(d.source + d.source_stride) = before;
        check_error_and_recovery(b, 0, KRHN_ERROR_CHECKSUM, d.source);
    });
}

BOOST_FIXTURE_TEST_CASE(descriptor_address_must_be_aligned_and_exist, Simulation) {
    Bench b(Answer::fixed);
    run_to_end([&] {
        b.run(0, Bench::table + 2);
        BOOST_TEST(b.dma.channel(0).defect() == "its address is no multiple of 4");
        check_error_and_recovery(b, 0, KRHN_ERROR_DESCRIPTOR, Bench::table + 2);
        b.run(1, outside);
        BOOST_TEST(b.dma.channel(1).defect() == "it could not be read");
        BOOST_TEST(b.dma.channel(1).descriptor() == nullptr);
        check_error_and_recovery(b, 1, KRHN_ERROR_BUS, outside);
    });
}

BOOST_FIXTURE_TEST_CASE(endless_chain_ends, Simulation) {
    Bench b(Answer::fixed);
    krhn_dma_descriptor d = good_load();
    d.kind = KRHN_DMA_COPY;
    d.destination = Bench::data + 0x1000;
    d.row_bytes = 4;
    d.next = Bench::table;
    run_to_end([&] {
        b.run(0, b.put(0, d));
        BOOST_TEST(b.dma.channel(0).defect() == "the chain does not end");
        check_error_and_recovery(b, 0, KRHN_ERROR_DESCRIPTOR, Bench::table);
    });
}

BOOST_DATA_TEST_CASE_F(Simulation, load_from_nowhere,
                       make({Answer::blocking, Answer::fixed, Answer::random}) * xrange(1u, 4u),
                       answer, seed) {
    Bench b(answer, seed);
    krhn_dma_descriptor d = good_load();
    d.source = static_cast<uint32_t>(TestMemory::base + (1 << 20) - 1024);  // ends after 2 blocks
    d.row_bytes = 40000;
    d.rows = 3;
    run_to_end([&] {
        b.run(0, b.put(0, d));
        sc_core::wait(sc_time(100, sc_core::SC_US));
        BOOST_TEST(b.weights.deliveries.size() == 1u);  // the rows after it are not begun
        BOOST_TEST(b.weights.deliveries[0].has_ended);
        BOOST_TEST(b.weights.deliveries[0].error);
        BOOST_TEST(b.weights.deliveries[0].bytes[0].size() < 40000u);
        check_error_and_recovery(b, 0, KRHN_ERROR_BUS, 0x80100000);
    });
}

/// The decoder needs bytes of all substreams and one of them cannot be read: it still comes to its
/// end.
BOOST_DATA_TEST_CASE_F(Simulation, substream_from_nowhere, xrange(1u, 6u) * make({1, 2}), seed,
                       substreams) {
    Bench b(Answer::random, seed);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_IN, KRHN_PORT_INPUT_STREAM);
    d.n_streams = 1 + static_cast<uint32_t>(substreams);
    d.source = 0x80100000 - 0x10000;
    d.source_stride = 0x10000;
    for (uint32_t s = 0; s < d.n_streams; ++s) d.bytes[s] = 8000;
    run_to_end([&] {
        b.run(4, b.put(0, d));
        sc_core::wait(sc_time(100, sc_core::SC_US));
        BOOST_TEST(b.stream.deliveries.at(0).has_ended);
        BOOST_TEST(b.stream.deliveries.at(0).error);
        check_error_and_recovery(b, 4, KRHN_ERROR_BUS, 0x80100000);
    });
}

BOOST_DATA_TEST_CASE_F(Simulation, checksum_is_checked, make({0u, 1u, 2u}), wrong) {
    Bench b(Answer::random, 5);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_IN, KRHN_PORT_INPUT_STREAM);
    d.source = Bench::data;
    d.source_stride = 4096;
    d.n_streams = 3;
    for (uint32_t s = 0; s < 3; ++s) d.bytes[s] = 3000;
    const uint8_t zeros[9000] = {};
    for (uint32_t s = 0; s < 3; ++s) std::memcpy(b.memory.at(d.source + s * 4096), zeros, 3000);
    d.crc32 = 0xA70D74D0;  // CRC-32 of 9000 zeros, by Python's zlib
    run_to_end([&] {
        BOOST_TEST(b.run(4, b.put(0, d)) == 0u);
        BOOST_TEST(!b.stream.deliveries.at(0).error);
        b.cpu.write32(KRHN_DMA_CHANNEL(4) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_RESET);
        *b.memory.at(d.source + wrong * 4096 + 2999) ^= 0x80;
        b.run(4, Bench::table);
        BOOST_TEST(b.stream.deliveries.at(1).has_ended);
        BOOST_TEST(b.stream.deliveries.at(1).error);
        check_error_and_recovery(b, 4, KRHN_ERROR_CHECKSUM, Bench::data);
    });
}

BOOST_FIXTURE_TEST_CASE(store_to_nowhere_empties_the_encoder, Simulation) {
    Bench b(Answer::random, 3);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_OUT, KRHN_PORT_ENCODER_STREAM);
    d.destination = outside;
    d.n_streams = 1;
    d.tile_entry = Bench::data;
    b.source.bands.push_back({std::vector<uint8_t>(6000)});
    const std::vector<uint8_t> entry = b.at(Bench::data, 64);
    run_to_end([&] {
        b.run(6, b.put(0, d));
        sc_core::wait(sc_time(100, sc_core::SC_US));
        BOOST_TEST(b.source.bands.empty());
        BOOST_TEST((b.at(Bench::data, 64) == entry));  // no entry for a band that is not there
        check_error_and_recovery(b, 6, KRHN_ERROR_BUS, outside);
    });
}

BOOST_FIXTURE_TEST_CASE(substream_must_fit_its_slot, Simulation) {
    Bench b(Answer::fixed, 3);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_OUT, KRHN_PORT_ENCODER_STREAM);
    d.destination = Bench::data;
    d.destination_stride = 1024;
    d.n_streams = 2;
    d.tile_entry = Bench::data + 0x10000;
    b.source.bands.push_back({std::vector<uint8_t>(1025), std::vector<uint8_t>(10)});
    const std::vector<uint8_t> behind = b.at(Bench::data + 2048, 64);
    run_to_end([&] {
        b.run(6, b.put(0, d));
        sc_core::wait(sc_time(100, sc_core::SC_US));
        BOOST_TEST(b.source.bands.empty());
        BOOST_TEST((b.at(Bench::data + 2048, 64) == behind));
        check_error_and_recovery(b, 6, KRHN_ERROR_STREAM, Bench::data);
    });
}

BOOST_FIXTURE_TEST_CASE(start_when_full_is_an_error, Simulation) {
    Bench b(Answer::fixed);
    krhn_dma_descriptor d = good_load();
    d.row_bytes = 20000;
    run_to_end([&] {
        const uint32_t chain = b.put(0, d);
        for (int i = 0; i < 3; ++i) {
            b.start(0, chain);
            sc_core::wait(sc_time(1, sc_core::SC_US));
        }
        sc_core::wait(sc_time(100, sc_core::SC_US));
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == KRHN_STATUS_FULL);
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_ERROR) == KRHN_ERROR_START_WHEN_FULL);
        BOOST_TEST(b.weights.deliveries.at(0).error);
        b.cpu.write32(KRHN_CONTROL, KRHN_CONTROL_RESET);  // all channels
        sc_core::wait(sc_time(1, sc_core::SC_US));
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == 0u);
        BOOST_TEST(b.run(0, b.put(1, good_load())) == 0u);
    });
}

BOOST_FIXTURE_TEST_CASE(reset_ends_a_running_chain, Simulation) {
    Bench b(Answer::random, 2);
    krhn_dma_descriptor d = good_load();
    d.row_bytes = 100000;
    run_to_end([&] {
        b.start(0, b.put(0, d));
        sc_core::wait(sc_time(3, sc_core::SC_US));
        b.cpu.write32(KRHN_DMA_CHANNEL(0) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_RESET);
        b.start(0, b.put(1, good_load()));
        while (b.read(0, KRHN_DMA_CHAINS_DONE) < 1) sc_core::wait(sc_time(1, sc_core::SC_US));
        BOOST_TEST(b.weights.deliveries.size() == 2u);
        BOOST_TEST(b.weights.deliveries[0].error);
        BOOST_TEST(!b.weights.deliveries[1].error);
        BOOST_TEST((b.weights.deliveries[1].bytes[0] == b.at(Bench::data, 2000)));
    });
}

BOOST_FIXTURE_TEST_CASE(registers_answer_as_described, Simulation) {
    Bench b(Answer::fixed);
    run_to_end([&] {
        BOOST_TEST(b.cpu.read32(KRHN_ID) == block_id(0));
        const uint32_t zero = 0;
        for (uint32_t offset : {uint32_t{KRHN_STATUS}, KRHN_DMA_CHANNEL(7) + KRHN_DMA_CHAINS_DONE})
            BOOST_TEST(b.cpu.write(offset, &zero, 4) == tlm::TLM_COMMAND_ERROR_RESPONSE);
        uint32_t word = 0;
        BOOST_TEST(b.cpu.read(KRHN_DMA_CHANNEL(8), &word, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        b.cpu.write32(KRHN_DMA_CHANNEL(7) + KRHN_DMA_DESCRIPTOR, 0x12345678);
        BOOST_TEST(b.read(7, KRHN_DMA_DESCRIPTOR) == 0x12345678u);
    });
}

}  // namespace
}  // namespace karhunen
