#include "tests/models/cpu/bench.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_US;

BOOST_AUTO_TEST_SUITE(cpu_interrupts)

BOOST_FIXTURE_TEST_CASE(the_timer_wakes_wfi_and_traps, Machine) {
    run_program("timer");
    BOOST_REQUIRE_EQUAL(probe.reports.size(), 6u);
    const auto value = probe.values();
    // mtime read by the handler: it wakes at 2000 and needs 4 instructions and 3 clocks of bus.
    BOOST_TEST(value[0] == 2000u + 4 + 3);
    BOOST_TEST(value[1] == 0x80000007u);
    BOOST_TEST(value[2] == value[4]);            // mepc: behind the WFI
    BOOST_TEST((value[3] & 0x1888) == 0x1880u);  // MPP = machine, MPIE, not MIE
    BOOST_TEST((value[5] & 0x0088) == 0x0088u);  // MRET: MIE is back
    BOOST_TEST(cpu.activity().time_in(State::idle) > sc_time(15, SC_US));
    BOOST_TEST(cpu.instructions() < 100u);
}

BOOST_FIXTURE_TEST_CASE(an_external_interrupt_interrupts_a_loop, Machine) {
    const sc_time raised(123456, SC_NS);
    run_program("external", [&] {
        wait(raised);
        probe.line.write(true);
    });
    BOOST_REQUIRE_EQUAL(probe.reports.size(), 1u);
    BOOST_TEST(probe.reports[0].value == 0x8000000Bu);
    BOOST_TEST(probe.reports[0].time > raised);
    BOOST_TEST(probe.reports[0].time <= raised + 1010 * clock);  // a quantum and the handler
}

BOOST_FIXTURE_TEST_CASE(a_masked_interrupt_ends_wfi_without_a_trap, Machine) {
    const sc_time raised(50, SC_US);
    run_program("masked_wfi", [&] {
        wait(raised);
        probe.line.write(true);
    });
    BOOST_REQUIRE_EQUAL(probe.reports.size(), 1u);
    BOOST_TEST(probe.reports[0].value == 1u);
    // li, store and the bus
    BOOST_TEST(probe.reports[0].time == raised + 2 * clock + bus_latency);
}

BOOST_FIXTURE_TEST_CASE(interrupts_are_taken_in_the_shortest_window, Machine) {
    run_program("window");
    BOOST_TEST(probe.values() == (std::vector<uint32_t>{0, 1, 1, 2}),
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(sleeping_for_ever_uses_no_time_of_the_host, Machine) {
    run_program("sleep");
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(10, sc_core::SC_MS));
    BOOST_TEST(cpu.instructions() < 10u);
    BOOST_TEST((cpu.activity().state() == State::idle));
}

BOOST_AUTO_TEST_SUITE_END()
