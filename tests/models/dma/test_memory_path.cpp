// DMA, bus and DDR controller wired as in the machine, with the base protocol checked on each hop.
#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include <random>

#include "models/bus/bus.h"
#include "models/ddr/ddr_controller.h"
#include "models/dma/dma.h"
#include "tests/models/dma/bench.h"
#include "tests/support/protocol_checker.h"
#include "tests/support/simulation.h"

namespace karhunen {

namespace {

using sc_core::SC_NS;
using sc_core::sc_time;

DdrSettings ddr_settings() {
    DdrSettings settings;
    settings.device = ddr::Device::find("ddr3-1600-4gb-x16");
    settings.size_bytes = 16 << 20;
    return settings;
}

struct MemoryPath : Simulation {
    static constexpr uint32_t base = 0x80000000, registers = 0x10000000;

    const sc_time period{6.25, SC_NS};
    Initiator cpu{"cpu"};
    Dma dma{"dma", {512, 16}, period, {}};
    Bus bus{"bus", period};
    DdrController ddr{"ddr", ddr_settings()};
    sc_core::sc_signal<bool> irq{"irq"};
    LockstepSink weights{"weights", 4096, 1};
    RandomSource source{"source", 2};
    ProtocolChecker at_cpu{"at_cpu", ProtocolChecker::Downstream::interconnect};
    ProtocolChecker at_dma{"at_dma", ProtocolChecker::Downstream::interconnect};
    ProtocolChecker at_ddr{"at_ddr"}, at_registers{"at_registers"};

    MemoryPath() {
        cpu.socket.bind(at_cpu.target);
        at_cpu.initiator.bind(bus.initiators);
        dma.memory.bind(at_dma.target);
        at_dma.initiator.bind(bus.initiators);
        bus.map("DMA", registers, KRHN_BLOCK_BYTES, at_registers.target);
        at_registers.initiator.bind(dma.registers.socket);
        bus.map("DDR", base, 16 << 20, at_ddr.target);
        at_ddr.initiator.bind(ddr.socket);
        bus.map("DDR controller", registers + KRHN_BLOCK_BYTES, KRHN_BLOCK_BYTES,
                ddr.registers.socket);
        dma.irq.bind(irq);
        dma.sinks[KRHN_PORT_WEIGHTS].bind(weights);
        dma.encoder_stream.bind(source);
        std::mt19937 random(3);
        for (uint8_t& b : ddr.storage()) b = static_cast<uint8_t>(random());
    }
    ~MemoryPath() {
        for (const ProtocolChecker* checker : {&at_cpu, &at_dma, &at_ddr, &at_registers})
            BOOST_TEST(checker->violations() == "");
    }

    uint32_t channel(uint32_t index) const { return registers + KRHN_DMA_CHANNEL(index); }
    void start(uint32_t index, const krhn_dma_descriptor& descriptor) {
        const uint32_t at = base + 128 * index;
        cpu.write(at, &descriptor, sizeof descriptor);
        cpu.write32(channel(index) + KRHN_DMA_DESCRIPTOR, at);
        cpu.write32(channel(index) + KRHN_DMA_CHANNEL_CONTROL, KRHN_CONTROL_START);
    }
    void wait_for(uint32_t interrupts) {
        while ((cpu.read32(registers + KRHN_IRQ_STATUS) & interrupts) != interrupts)
            sc_core::wait(100, SC_NS);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_path)

// Copies, a load into a slow port, and the CPU between them; the last copy leaves the memory.
BOOST_FIXTURE_TEST_CASE(keeps_the_base_protocol_under_contention, MemoryPath) {
    constexpr uint32_t from = base + 0x100000, to = base + 0x800000, bytes = 200'000;
    run_to_end([&] {
        krhn_dma_descriptor copy = descriptor_of(KRHN_DMA_COPY);
        copy.rows = 1;
        copy.row_bytes = bytes;
        for (uint32_t i = 0; i < 2; ++i) {
            copy.source = from + i * 0x40004;
            copy.destination = to + i * 0x40008;
            start(i, copy);
        }
        krhn_dma_descriptor load = descriptor_of(KRHN_DMA_LOAD, KRHN_PORT_WEIGHTS);
        load.source = from + 0x80000;
        load.rows = 40;
        load.row_bytes = load.source_stride = 1000;
        start(2, load);
        copy.source = base + (16 << 20) - 10'000;
        copy.destination = base + 0x400000;
        start(3, copy);
        for (uint32_t i = 0; i < 3000; ++i)
            if (i % 2)
                cpu.read32(from + 4 * (i * 7919 % 0x10000));
            else
                cpu.write32(base + 0x10000 + 4 * i, i);
        wait_for(KRHN_DMA_IRQ_DONE(0) | KRHN_DMA_IRQ_DONE(1) | KRHN_DMA_IRQ_DONE(2) |
                 KRHN_DMA_IRQ_ERROR(3));
    });
    const uint8_t* const memory = ddr.storage().data();
    for (uint32_t i = 0; i < 2; ++i)
        BOOST_TEST(std::equal(memory + (from - base) + i * 0x40004,
                              memory + (from - base) + i * 0x40004 + bytes,
                              memory + (to - base) + i * 0x40008));
    BOOST_TEST(weights.deliveries.size() == 40u);
    BOOST_TEST(at_dma.transactions() > 1600u);
    BOOST_TEST(at_ddr.transactions() < at_dma.transactions());  // without those to nowhere
    BOOST_TEST(at_ddr.blocking_transactions() >= 3000u);
    BOOST_TEST(ddr.statistics().violation() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen
