// A DMA with a memory, a CPU that writes its registers, sinks that are slow, and a source.
#pragma once

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include <deque>
#include <random>
#include <vector>

#include "models/dma/dma.h"
#include "tests/models/dma/memory.h"
#include "tests/support/protocol_checker.h"
#include "tests/support/simulation.h"

namespace karhunen {

/// Takes bytes like a decoder that needs one byte of every substream in turn: while one substream
/// is empty, room in the others does not come free. Keeps what it got.
class LockstepSink : public sc_core::sc_module, public StreamSink {
public:
    struct Delivery {
        StreamHeader header;
        std::vector<std::vector<uint8_t>> bytes;
        bool has_ended = false, error = false;
    };
    std::vector<Delivery> deliveries;

    LockstepSink(sc_core::sc_module_name name, uint32_t capacity, uint32_t seed)
        : sc_module(name), capacity_(capacity), random_(seed) {
        SC_HAS_PROCESS(LockstepSink);
        SC_THREAD(consume);
    }

    void begin(const StreamHeader& header) override {
        BOOST_TEST((deliveries.empty() || deliveries.back().has_ended));
        pause();
        deliveries.push_back({header, std::vector<std::vector<uint8_t>>(header.bytes.size())});
        reserved_.assign(header.bytes.size(), 0);
        used_.assign(header.bytes.size(), 0);
    }
    uint32_t reserve(uint32_t most) override {
        const auto& total = deliveries.back().header.bytes;
        for (;;) {
            uint32_t best = 0;
            for (uint32_t s = 1; s < total.size(); ++s)
                if (total[s] > reserved_[s] &&
                    (total[best] == reserved_[best] ||
                     reserved_[s] - used_[s] < reserved_[best] - used_[best]))
                    best = s;
            const uint32_t bytes = std::min(most, total[best] - reserved_[best]);
            BOOST_TEST(bytes > 0u);
            if (reserved_[best] - used_[best] + bytes <= capacity_) {
                reserved_[best] += bytes;
                return best;
            }
            wait(room_);
        }
    }
    void write(uint32_t stream, std::span<const uint8_t> bytes) override {
        auto& got = deliveries.back().bytes.at(stream);
        got.insert(got.end(), bytes.begin(), bytes.end());
        BOOST_TEST(got.size() <= reserved_[stream]);
        arrived_.notify(sc_core::SC_ZERO_TIME);
    }
    void end(bool error) override {
        Delivery& d = deliveries.back();
        d.has_ended = true;
        d.error = error;
        for (size_t s = 0; s < d.bytes.size(); ++s) {
            if (!error) BOOST_TEST(d.bytes[s].size() == d.header.bytes[s]);
            used_[s] = reserved_[s];
        }
    }

private:
    void pause() { wait(sc_core::sc_time(random_() % 300, sc_core::SC_NS)); }
    /// Bytes that every unfinished substream has to offer; 0 when nothing is left.
    uint32_t common() const {
        if (deliveries.empty() || deliveries.back().has_ended) return 0;
        const Delivery& d = deliveries.back();
        uint32_t least = UINT32_MAX;
        for (uint32_t s = 0; s < d.bytes.size(); ++s)
            if (used_[s] < d.header.bytes[s])
                least = std::min(least, static_cast<uint32_t>(d.bytes[s].size()) - used_[s]);
        return least == UINT32_MAX ? 0 : least;
    }
    void consume() {
        for (;;) {
            while (common() == 0) wait(arrived_);
            pause();
            const uint32_t most = common(), n = most ? 1 + random_() % most : 0;
            const auto& total = deliveries.back().header.bytes;
            for (uint32_t s = 0; s < total.size(); ++s) used_[s] = std::min(total[s], used_[s] + n);
            room_.notify(sc_core::SC_ZERO_TIME);
        }
    }

    uint32_t capacity_;
    std::mt19937 random_;
    std::vector<uint32_t> reserved_, used_;
    sc_core::sc_event room_, arrived_;
};

/// Hands out the blocks of bands, substream by substream at random, at random times.
class RandomSource : public sc_core::sc_module, public StreamSource {
public:
    std::deque<std::vector<std::vector<uint8_t>>> bands;  ///< [band][substream][byte]
    unsigned reads = 0;

    RandomSource(sc_core::sc_module_name name, uint32_t seed) : sc_module(name), random_(seed) {}

    StreamBlock read(uint32_t most) override {
        ++reads;
        wait(sc_core::sc_time(random_() % 200, sc_core::SC_NS));
        BOOST_TEST(!bands.empty());
        auto& band = bands.front();
        std::vector<uint32_t> left;
        for (uint32_t s = 0; s < band.size(); ++s)
            if (!band[s].empty()) left.push_back(s);
        StreamBlock block;
        if (!left.empty()) {
            block.stream = left[random_() % left.size()];
            auto& from = band[block.stream];
            const size_t n = std::min<size_t>(most, from.size());
            block.bytes.assign(from.begin(), from.begin() + static_cast<ptrdiff_t>(n));
            from.erase(from.begin(), from.begin() + static_cast<ptrdiff_t>(n));
        }
        // The end may come with the last block or after it.
        const bool is_empty = left.empty() || (left.size() == 1 && band[left[0]].empty());
        block.last = is_empty && (left.empty() || random_() % 2);
        if (block.last) bands.pop_front();
        return block;
    }

private:
    std::mt19937 random_;
};

struct Bench {
    static constexpr uint32_t table = 0x80000000;  ///< descriptors, 128 bytes apart
    static constexpr uint32_t data = 0x80020000;

    std::mt19937 random;
    TestMemory memory;
    Dma dma;
    ProtocolChecker protocol{"protocol"};
    Initiator cpu{"cpu"};
    sc_core::sc_signal<bool> irq{"irq"};
    LockstepSink weights, stream;
    RandomSource source;

    explicit Bench(Answer answer, uint32_t seed = 1, DmaParameters parameters = {},
                   DmaObservers observers = {})
        : random(seed),
          memory("memory", answer, seed),
          dma("dma", parameters, sc_core::sc_time(10, sc_core::SC_NS), std::move(observers)),
          weights("weights", 4096, seed + 1),
          stream("stream", 1024, seed + 2),
          source("source", seed + 3) {
        BOOST_TEST_MESSAGE("seed " << seed);
        cpu.socket.bind(dma.registers.socket);
        dma.memory.bind(protocol.target);
        protocol.initiator.bind(memory.socket);
        dma.irq.bind(irq);
        dma.sinks[KRHN_PORT_WEIGHTS].bind(weights);
        dma.sinks[KRHN_PORT_INPUT_STREAM].bind(stream);
        dma.encoder_stream.bind(source);
    }
    ~Bench() { BOOST_TEST(protocol.violations() == ""); }

    uint32_t below(uint32_t n) { return static_cast<uint32_t>(random() % n); }
    std::vector<uint8_t> at(uint32_t address, uint32_t bytes) {
        return {memory.at(address), memory.at(address) + bytes};
    }
    /// Writes descriptor number `index` of the table and returns its address.
    uint32_t put(uint32_t index, const krhn_dma_descriptor& d) {
        memory.put(table + 128 * index, d);
        return table + 128 * index;
    }
    uint32_t read(uint32_t channel, uint32_t offset) {
        return cpu.read32(KRHN_DMA_CHANNEL(channel) + offset);
    }
    void start(uint32_t channel, uint32_t descriptor) {
        cpu.write32(KRHN_DMA_CHANNEL(channel) + KRHN_DMA_DESCRIPTOR, descriptor);
        cpu.write32(KRHN_DMA_CHANNEL(channel) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_START);
    }
    /// Starts a chain and waits for it to end. Returns CHANNEL_ERROR.
    uint32_t run(uint32_t channel, uint32_t descriptor) {
        const uint32_t ends = KRHN_DMA_IRQ_DONE(channel) | KRHN_DMA_IRQ_ERROR(channel);
        cpu.write32(KRHN_IRQ_STATUS, ~0u);
        cpu.write32(KRHN_IRQ_ENABLE, ends);
        start(channel, descriptor);
        while (!irq.read()) sc_core::wait(irq.value_changed_event());
        return read(channel, KRHN_DMA_CHANNEL_ERROR);
    }
};

inline krhn_dma_descriptor descriptor_of(uint32_t kind, uint32_t port = 0) {
    krhn_dma_descriptor d{};
    d.kind = kind;
    d.port = port;
    d.tag = 7;
    return d;
}

}  // namespace karhunen
