// The DMA through its sockets: every kind of transfer, against memories that answer in all ways.
#include <zlib.h>

#include <boost/test/data/test_case.hpp>

#include "tests/models/dma/bench.h"

namespace karhunen {
namespace {

namespace data = boost::unit_test::data;
using sc_core::sc_time;
using sc_core::sc_time_stamp;

const auto answers = data::make({Answer::blocking, Answer::fixed, Answer::at_once, Answer::random});
const auto seeds = data::xrange(1u, 6u);

uint32_t crc_of(const std::vector<std::vector<uint8_t>>& streams) {
    uLong crc = crc32(0, nullptr, 0);
    for (const auto& s : streams)  // zlib starts anew when it gets a null pointer
        if (!s.empty()) crc = crc32(crc, s.data(), static_cast<uInt>(s.size()));
    return static_cast<uint32_t>(crc);
}

void check_log(const TestMemory& memory, uint32_t block, unsigned outstanding) {
    for (const TestMemory::Access& a : memory.log)
        if (a.traffic.kind != TrafficKind::descriptors) {
            BOOST_TEST(a.bytes > 0u);
            BOOST_TEST(a.address / block == (a.address + a.bytes - 1) / block);
            BOOST_TEST((a.traffic.master == Master::dma));
            BOOST_TEST(a.traffic.tag == 7u);
        }
    for (const auto& [channel, most] : memory.most_in_flight) BOOST_TEST(most <= outstanding);
}

uint64_t bytes_of_kind(const TestMemory& memory, TrafficKind kind, bool is_write) {
    uint64_t bytes = 0;
    for (const TestMemory::Access& a : memory.log)
        if (a.traffic.kind == kind && a.is_write == is_write) bytes += a.bytes;
    return bytes;
}

BOOST_DATA_TEST_CASE_F(Simulation, load_delivers_rows_as_chunks, answers* seeds, answer, seed) {
    Bench b(answer, seed);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_LOAD, KRHN_PORT_WEIGHTS);
    d.source = Bench::data + 4 * b.below(200);
    d.row_bytes = 1 + b.below(4000);
    d.rows = 1 + b.below(5);
    d.source_stride = 4 * b.below(1200);
    run_to_end([&] {
        BOOST_TEST(b.run(3, b.put(0, d)) == 0u);
        BOOST_TEST(b.weights.deliveries.size() == d.rows);
        for (uint32_t r = 0; r < b.weights.deliveries.size(); ++r) {
            const LockstepSink::Delivery& chunk = b.weights.deliveries[r];
            BOOST_TEST((chunk.has_ended && !chunk.error));
            BOOST_TEST(chunk.header.tag == 7u);
            BOOST_TEST(chunk.bytes.at(0) == b.at(d.source + r * d.source_stride, d.row_bytes),
                       boost::test_tools::per_element());
        }
    });
    check_log(b.memory, 512, 4);
    BOOST_TEST(bytes_of_kind(b.memory, TrafficKind::weights, false) == d.rows * d.row_bytes);
    BOOST_TEST(bytes_of_kind(b.memory, TrafficKind::descriptors, false) == sizeof d);
}

BOOST_DATA_TEST_CASE_F(Simulation, stream_in_serves_all_substreams, answers* seeds, answer, seed) {
    std::vector<uint32_t> begun;
    DmaObservers observers;
    observers.on_band_load = [&](uint32_t source, const krhn_dma_descriptor& d) {
        begun.push_back(source);
        BOOST_TEST(d.values == 99u);
    };
    Bench b(answer, seed, {}, observers);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_IN, KRHN_PORT_INPUT_STREAM);
    d.source = Bench::data + 64 * b.below(20);
    d.source_stride = 8192;
    d.n_streams = 1 + b.below(KRHN_MAX_STREAMS);
    d.values = 99;
    std::vector<std::vector<uint8_t>> streams;
    for (uint32_t s = 0; s < d.n_streams; ++s) {
        d.bytes[s] = s == 1 ? 0 : b.below(8000);
        streams.push_back(b.at(d.source + s * d.source_stride, d.bytes[s]));
    }
    d.crc32 = crc_of(streams);
    run_to_end([&] {
        BOOST_TEST(b.run(4, b.put(0, d)) == 0u);
        BOOST_TEST(b.stream.deliveries.size() == 1u);
        BOOST_TEST((b.stream.deliveries.at(0).bytes == streams));
        BOOST_TEST((b.stream.deliveries.at(0).has_ended && !b.stream.deliveries.at(0).error));
    });
    BOOST_TEST(begun == std::vector<uint32_t>{d.source}, boost::test_tools::per_element());
    check_log(b.memory, 512, 4);
}

BOOST_DATA_TEST_CASE_F(Simulation, stream_out_writes_band_and_entry, answers* seeds, answer, seed) {
    const uint32_t slot = Bench::data + 0x40, entry_address = Bench::data - 0x40;
    std::vector<krhn_tile_entry> stored;
    Bench* bench = nullptr;
    DmaObservers observers;
    observers.on_band_stored = [&](uint32_t address, const krhn_tile_entry& entry) {
        BOOST_TEST(address == entry_address);
        // Written before it is announced.
        BOOST_TEST(std::memcmp(bench->memory.at(address), &entry, sizeof entry) == 0);
        stored.push_back(entry);
    };
    Bench b(answer, seed, {}, observers);
    bench = &b;
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_STREAM_OUT, KRHN_PORT_ENCODER_STREAM);
    d.destination = slot;
    d.destination_stride = 4096;
    d.n_streams = 1 + b.below(4);
    d.tile_entry = entry_address;
    d.entry_offset = 0x1234;
    d.values = 55;
    std::vector<std::vector<uint8_t>> streams(d.n_streams);
    for (auto& s : streams) {
        s.resize(b.below(4097));
        for (uint8_t& byte : s) byte = static_cast<uint8_t>(b.random());
    }
    b.source.bands.push_back(streams);
    run_to_end([&] {
        BOOST_TEST(b.run(6, b.put(0, d)) == 0u);
        BOOST_TEST(stored.size() == 1u);
        const krhn_tile_entry& e = stored.at(0);
        BOOST_TEST(e.offset == 0x1234u);
        BOOST_TEST(e.values == 55u);
        BOOST_TEST(e.crc32 == crc_of(streams));
        BOOST_TEST(e.n_streams == d.n_streams);
        for (uint32_t s = 0; s < KRHN_MAX_STREAMS; ++s)
            BOOST_TEST(e.bytes[s] == (s < d.n_streams ? streams[s].size() : 0));
        for (uint32_t s = 0; s < d.n_streams; ++s)
            BOOST_TEST((b.at(slot + s * 4096, e.bytes[s]) == streams[s]));
    });
    check_log(b.memory, 512, 4);
    BOOST_TEST(bytes_of_kind(b.memory, TrafficKind::tile_table, true) == 64u);
}

BOOST_DATA_TEST_CASE_F(Simulation, copy_is_two_dimensional, answers* seeds, answer, seed) {
    Bench b(answer, seed);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_COPY);
    d.source = Bench::data + 4 * b.below(100);
    d.destination = Bench::data + 0x40000 + 4 * b.below(100);
    d.row_bytes = 1 + b.below(1500);
    d.rows = 1 + b.below(8);
    d.source_stride = 4 * b.below(500);
    d.destination_stride = 1500 + 4 * b.below(100);
    std::vector<uint8_t> expected = b.memory.bytes;
    for (uint32_t r = 0; r < d.rows; ++r)
        for (uint32_t i = 0; i < d.row_bytes; ++i)
            expected[d.destination - TestMemory::base + r * d.destination_stride + i] =
                expected[d.source - TestMemory::base + r * d.source_stride + i];
    run_to_end([&] {
        const uint32_t chain = b.put(0, d);
        std::memcpy(expected.data(), b.memory.at(Bench::table), 128);  // the descriptor itself
        BOOST_TEST(b.run(7, chain) == 0u);
        BOOST_TEST((b.memory.bytes == expected));
    });
    check_log(b.memory, 512, 4);
}

BOOST_DATA_TEST_CASE_F(Simulation, outstanding_transactions_hide_latency,
                       data::make({Answer::fixed, Answer::at_once}), answer) {
    // 64 blocks, all latencies 100 ns: in groups of `outstanding`. A descriptor takes 100 ns too.
    for (uint32_t outstanding : {1u, 2u, 4u}) {
        Simulation fresh;
        Bench b(answer, 1, {512, outstanding});
        krhn_dma_descriptor d = descriptor_of(KRHN_DMA_COPY);
        d.source = Bench::data;
        d.destination = Bench::data + 0x10000;
        d.row_bytes = 64 * 512;
        d.rows = 1;
        sc_time begin, took;
        fresh.run_to_end([&] {
            b.cpu.write32(KRHN_DMA_CHANNEL(0) + KRHN_DMA_DESCRIPTOR, b.put(0, d));
            b.cpu.write32(KRHN_IRQ_ENABLE, KRHN_DMA_IRQ_DONE(0));
            begin = sc_time_stamp();
            b.cpu.write32(KRHN_DMA_CHANNEL(0) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_START);
            while (!b.irq.read()) sc_core::wait(b.irq.value_changed_event());
            took = sc_time_stamp() - begin;
        });
        // Each block is read and then written.
        // A completion without END_REQ ends the request too, and the next one begins after it.
        const uint32_t at_a_time = answer == Answer::fixed ? outstanding : 1;
        const uint32_t clocks = 100 * (1 + 2 * 64 / at_a_time);
        BOOST_TEST(took == sc_time(clocks, sc_core::SC_NS));
        if (answer == Answer::fixed) BOOST_TEST(b.memory.most_in_flight[0] == outstanding);
        // Reads wait for memory, and so do writes; nothing is left over but the fetch.
        Activity& activity = b.dma.activity(0);
        BOOST_TEST(activity.time_in(State::busy) == sc_time(100, sc_core::SC_NS));
        BOOST_TEST(activity.time_in(State::wait_input) + activity.time_in(State::wait_output) ==
                   sc_time(clocks - 100, sc_core::SC_NS));
        sc_time sum;
        for (const sc_time& t : activity.times()) sum += t;
        BOOST_TEST(sum == sc_time_stamp());
    }
}

BOOST_FIXTURE_TEST_CASE(chain_runs_in_order_and_a_second_waits, Simulation) {
    Bench b(Answer::random, 11);
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_LOAD, KRHN_PORT_WEIGHTS);
    d.row_bytes = 1000;
    d.rows = 2;
    d.source_stride = 1024;
    for (uint32_t i = 0; i < 4; ++i) {
        d.source = Bench::data + i * 4096;
        d.next = i == 3 || i == 2 ? 0 : Bench::table + 128 * (i + 1);
        b.put(i, d);
    }
    run_to_end([&] {
        b.cpu.write32(KRHN_IRQ_ENABLE, KRHN_DMA_IRQ_DONE(0));
        b.start(0, Bench::table);  // 0, 1, 2
        sc_core::wait(sc_time(1, sc_core::SC_NS));
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == KRHN_STATUS_BUSY);
        BOOST_TEST((b.cpu.read32(KRHN_IRQ_STATUS) == KRHN_DMA_IRQ_READY(0)));
        b.start(0, Bench::table + 128 * 3);  // 3
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == (KRHN_STATUS_BUSY | KRHN_STATUS_FULL));
        BOOST_TEST(b.cpu.read32(KRHN_STATUS) == KRHN_STATUS_BUSY);
        while (b.read(0, KRHN_DMA_CHAINS_DONE) < 1) sc_core::wait(b.irq.value_changed_event());
        BOOST_TEST(b.weights.deliveries.size() >= 6u);
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == KRHN_STATUS_BUSY);
        b.cpu.write32(KRHN_IRQ_STATUS, KRHN_DMA_IRQ_DONE(0));
        while (b.read(0, KRHN_DMA_CHAINS_DONE) < 2) sc_core::wait(b.irq.value_changed_event());
        BOOST_TEST(b.read(0, KRHN_DMA_CHANNEL_STATUS) == 0u);
        BOOST_TEST(b.cpu.read32(KRHN_JOBS_DONE) == 2u);
        BOOST_TEST(b.weights.deliveries.size() == 8u);
        for (uint32_t i = 0; i < b.weights.deliveries.size(); ++i)
            BOOST_TEST((b.weights.deliveries[i].bytes[0] ==
                        b.at(Bench::data + i / 2 * 4096 + i % 2 * 1024, 1000)));
    });
}

BOOST_DATA_TEST_CASE_F(Simulation, channels_share_the_memory, answers* seeds, answer, seed) {
    Bench b(answer, seed);
    std::vector<uint8_t> expected = b.memory.bytes;
    krhn_dma_descriptor d = descriptor_of(KRHN_DMA_COPY);
    d.row_bytes = 5000;
    d.rows = 1;
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) {
        d.source = Bench::data + c * 0x2004;
        d.destination = Bench::data + 0x40000 + c * 0x3000;
        b.put(c, d);
        std::copy_n(b.memory.at(d.source), d.row_bytes,
                    expected.begin() + (d.destination - TestMemory::base));
    }
    run_to_end([&] {
        for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) b.start(c, Bench::table + 128 * c);
        b.cpu.write32(KRHN_IRQ_ENABLE, 0xFF);
        while (b.cpu.read32(KRHN_JOBS_DONE) < KRHN_DMA_CHANNELS)
            sc_core::wait(sc_time(100, sc_core::SC_NS));
        BOOST_TEST((b.cpu.read32(KRHN_IRQ_STATUS) & 0xFF) == 0xFFu);
        std::copy_n(b.memory.at(Bench::table), 1024, expected.begin());
        BOOST_TEST((b.memory.bytes == expected));
    });
    check_log(b.memory, 512, 4);
}

}  // namespace
}  // namespace karhunen
