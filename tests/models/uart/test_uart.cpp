// Register numbers and bits: National Semiconductor PC16550D data sheet, section 8.
#include "models/uart/uart.h"

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

enum { RBR = 0, THR = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7 };

struct Bench : Simulation {
    Uart uart{"uart", sc_time(2, SC_NS)};
    Initiator master{"master"};
    sc_core::sc_signal<bool> irq{"irq"};
    std::string output;

    Bench() {
        master.socket.bind(uart.socket);
        uart.irq.bind(irq);
        uart.on_output([this](char c) { output += c; });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(uart_16550)

BOOST_FIXTURE_TEST_CASE(sends, Bench) {
    run([&] {
        BOOST_TEST(master.read8(LSR) == 0x60);
        for (const char c : std::string("Loeve\n")) {
            master.write8(THR, c);
            BOOST_TEST(master.read8(LSR) == 0x60);
        }
    });
    BOOST_TEST(output == "Loeve\n");
}

BOOST_FIXTURE_TEST_CASE(receives, Bench) {
    run([&] {
        BOOST_TEST(master.read8(RBR) == 0);
        uart.receive("ok");
        BOOST_TEST(master.read8(LSR) == 0x61);
        BOOST_TEST(master.read8(RBR) == 'o');
        BOOST_TEST(master.read8(RBR) == 'k');
        BOOST_TEST(master.read8(LSR) == 0x60);
        uart.receive("lost");
        master.write8(FCR, 0x03);
        BOOST_TEST(master.read8(LSR) == 0x60);
    });
}

BOOST_FIXTURE_TEST_CASE(divisor_latch_hides_data_and_ier, Bench) {
    run([&] {
        master.write8(IER, 0x01);
        master.write8(LCR, 0x83);
        master.write8(0, 0x34);
        master.write8(1, 0x12);
        BOOST_TEST(master.read8(0) == 0x34);
        BOOST_TEST(master.read8(1) == 0x12);
        master.write8(LCR, 0x03);
        BOOST_TEST(master.read8(LCR) == 0x03);
        BOOST_TEST(master.read8(IER) == 0x01);
        master.write8(SCR, 0x5A);
        BOOST_TEST(master.read8(SCR) == 0x5A);
        BOOST_TEST(master.read8(MSR) == 0xB0);
    });
    BOOST_TEST(output.empty());
}

BOOST_FIXTURE_TEST_CASE(receive_interrupt, Bench) {
    run([&] {
        master.write8(IER, 0x01);
        BOOST_TEST(!irq.read());
        BOOST_TEST(master.read8(IIR) == 0x01);
        uart.receive("ab");
        wait(1, SC_NS);
        BOOST_TEST(irq.read());
        BOOST_TEST(master.read8(IIR) == 0x04);
        master.read8(RBR);
        BOOST_TEST(irq.read());
        master.read8(RBR);
        BOOST_TEST(!irq.read());
        master.write8(FCR, 0x01);
        BOOST_TEST(master.read8(IIR) == 0xC1);
    });
}

BOOST_FIXTURE_TEST_CASE(transmit_interrupt, Bench) {
    run([&] {
        master.write8(IER, 0x02);
        BOOST_TEST(irq.read());  // the transmitter is empty when the interrupt is enabled
        BOOST_TEST(master.read8(IIR) == 0x02);
        BOOST_TEST(!irq.read());  // reading IIR took it back
        master.write8(THR, 'x');
        BOOST_TEST(irq.read());
        uart.receive("y");
        master.write8(IER, 0x03);
        BOOST_TEST(master.read8(IIR) == 0x04);  // received data comes first
        master.read8(RBR);
        BOOST_TEST(master.read8(IIR) == 0x02);
        BOOST_TEST(master.read8(IIR) == 0x01);
    });
}

BOOST_FIXTURE_TEST_CASE(loops_back, Bench) {
    run([&] {
        master.write8(MCR, 0x10);
        master.write8(THR, 'q');
        BOOST_TEST(master.read8(RBR) == 'q');
    });
    BOOST_TEST(output.empty());
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_accesses, Bench) {
    run([&] {
        uint32_t data = 0;
        BOOST_TEST(master.read(0, &data, 4) == tlm::TLM_BURST_ERROR_RESPONSE);
        BOOST_TEST(master.read(8, &data, 1) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        uart.receive("z");
        BOOST_TEST(master.debug_read(RBR, &data, 1) == 1u);
        BOOST_TEST(data == static_cast<uint32_t>('z'));
        BOOST_TEST(master.read8(RBR) == 'z');  // the debug access did not take it
    });
}

BOOST_AUTO_TEST_SUITE_END()
