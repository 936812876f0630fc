#include "models/timer/clint.h"

#include <karhunen/registers.h>

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

namespace {

struct Bench : Simulation {
    const sc_time tick{10, SC_NS};
    Clint clint{"clint", tick, sc_time(2, SC_NS)};
    Initiator master{"master"};
    sc_core::sc_signal<bool> timer{"timer"}, software{"software"};

    Bench() {
        master.socket.bind(clint.socket);
        clint.timer_irq.bind(timer);
        clint.software_irq.bind(software);
    }
    void compare(uint64_t value) {
        master.write32(KRHN_CLINT_MTIMECMP + 4, value >> 32);
        master.write32(KRHN_CLINT_MTIMECMP, static_cast<uint32_t>(value));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(clint)

BOOST_FIXTURE_TEST_CASE(mtime_counts_ticks, Bench) {
    run([&] {
        wait(1005, SC_NS);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME) == 100u);  // at 1007 ns
        wait(2, SC_NS);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME) == 101u);  // at 1011 ns
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME + 4) == 0u);
        wait(sc_time(50, sc_core::SC_SEC));
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME + 4) == 1u);  // 5e9 ticks
    });
}

BOOST_FIXTURE_TEST_CASE(mtime_can_be_written, Bench) {
    run([&] {
        wait(1000, SC_NS);
        master.write32(KRHN_CLINT_MTIME + 4, 7);
        master.write32(KRHN_CLINT_MTIME, 0xFFFFFFFF);
        wait(12, SC_NS);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME) == 0u);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIME + 4) == 8u);
    });
}

BOOST_FIXTURE_TEST_CASE(the_timer_interrupt_comes_at_the_tick, Bench) {
    spawn([&] {
        wait(timer.posedge_event());
        BOOST_TEST(sc_core::sc_time_stamp() == 500 * tick);
        wait(timer.posedge_event());
        BOOST_TEST(sc_core::sc_time_stamp() == 800 * tick);
    });
    run([&] {
        compare(500);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIMECMP) == 500u);
        BOOST_TEST(master.read32(KRHN_CLINT_MTIMECMP + 4) == 0u);
        BOOST_TEST(!timer.read());
        wait(501 * tick);
        BOOST_TEST(timer.read());
        compare(1000);
        wait(tick);
        BOOST_TEST(!timer.read());
        compare(800);  // earlier than before
    });
    BOOST_TEST(timer.read());
    BOOST_TEST(sc_core::sc_time_stamp() == 800 * tick);
}

BOOST_FIXTURE_TEST_CASE(a_time_in_the_past_or_never, Bench) {
    run([&] {
        wait(100 * tick);
        compare(3);
        wait(tick);
        BOOST_TEST(timer.read());
        compare(UINT64_MAX);
        wait(tick);
        BOOST_TEST(!timer.read());
    });
    BOOST_TEST(sc_core::sc_time_stamp() < 110 * tick);  // nothing is left to happen
}

BOOST_FIXTURE_TEST_CASE(software_interrupt, Bench) {
    run([&] {
        master.write32(KRHN_CLINT_MSIP, 0xFFFFFFFF);
        wait(tick);
        BOOST_TEST(software.read());
        BOOST_TEST(master.read32(KRHN_CLINT_MSIP) == 1u);
        master.write32(KRHN_CLINT_MSIP, 0);
        wait(tick);
        BOOST_TEST(!software.read());
        BOOST_TEST(!timer.read());
    });
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_accesses, Bench) {
    run([&] {
        uint64_t data = 0;
        BOOST_TEST(master.read(0x8, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.write(0x8, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.read(KRHN_CLINT_MTIME, &data, 8) == tlm::TLM_BURST_ERROR_RESPONSE);
        BOOST_TEST(master.read(KRHN_CLINT_MTIME + 1, &data, 4) == tlm::TLM_BURST_ERROR_RESPONSE);
        uint32_t word = 77;
        BOOST_TEST(master.debug_write(KRHN_CLINT_MTIMECMP, &word, 4) == 4u);
        word = 0;
        BOOST_TEST(master.debug_read(KRHN_CLINT_MTIMECMP, &word, 4) == 4u);
        BOOST_TEST(word == 77u);
    });
}

BOOST_AUTO_TEST_SUITE_END()
