#include "models/simulation_control/simulation_control.h"

#include <karhunen/registers.h>

#include "tests/support/simulation.h"

using namespace karhunen;
using sc_core::SC_MS;
using sc_core::sc_time;

namespace {

struct Bench : Simulation {
    SimulationControl control;
    Initiator master{"master"};

    explicit Bench(sc_time watchdog = sc_time(1, SC_MS))
        : control("control", watchdog, sc_core::SC_ZERO_TIME) {
        master.socket.bind(control.registers.socket);
    }
};

struct Default : Bench {};

struct WithoutWatchdog : Bench {
    WithoutWatchdog() : Bench(sc_core::SC_ZERO_TIME) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(simulation_control)

BOOST_FIXTURE_TEST_CASE(ends_with_a_code, Default) {
    bool went_on = false;
    run([&] {
        wait(0.5, SC_MS);
        BOOST_TEST(!control.exit_code().has_value());
        master.write32(KRHN_SIMULATION_EXIT, 0xDEADBEEF);
        master.write32(KRHN_SIMULATION_EXIT, 1);  // the first counts
        wait(0.1, SC_MS);
        went_on = true;
    });
    BOOST_TEST((sc_core::sc_get_status() == sc_core::SC_STOPPED));
    BOOST_TEST((control.exit_code() == 0xDEADBEEF));
    BOOST_TEST(control.report() == "");
    BOOST_TEST(!went_on);
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(0.5, SC_MS));
}

BOOST_FIXTURE_TEST_CASE(zero_is_a_code, Default) {
    run([&] { master.write32(KRHN_SIMULATION_EXIT, 0); });
    BOOST_TEST((control.exit_code() == 0u));
}

BOOST_FIXTURE_TEST_CASE(the_watchdog_ends_silence, Default) {
    run([&] {
        for (int i = 0; i < 5; ++i) {
            wait(0.9, SC_MS);
            master.write32(KRHN_SIMULATION_WATCHDOG, 0);
        }
        wait(100, SC_MS);
    });
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(5.5, SC_MS));
    BOOST_TEST((control.exit_code() == SimulationControl::watchdog_code));
    BOOST_TEST(
        control.report() ==
        "watchdog: no sign of progress from firmware since 4.5 ms (1 ms allowed), stopped at "
        "5.5 ms");
}

BOOST_FIXTURE_TEST_CASE(the_watchdog_also_sees_that_nothing_ever_happens, Default) {
    run([] {});
    BOOST_TEST(sc_core::sc_time_stamp() == sc_time(1, SC_MS));
    BOOST_TEST((control.exit_code() == SimulationControl::watchdog_code));
}

BOOST_FIXTURE_TEST_CASE(without_a_watchdog_time_is_free, WithoutWatchdog) {
    run([] { sc_core::wait(1000, SC_MS); });
    BOOST_TEST(!control.exit_code().has_value());
    BOOST_TEST((sc_core::sc_get_status() != sc_core::SC_STOPPED));
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_accesses, Default) {
    run([&] {
        uint32_t data = 0;
        BOOST_TEST(master.write(0x10, &data, 4) == tlm::TLM_ADDRESS_ERROR_RESPONSE);
        BOOST_TEST(master.write(KRHN_SIMULATION_EXIT, &data, 1) == tlm::TLM_BURST_ERROR_RESPONSE);
        BOOST_TEST(master.read32(KRHN_SIMULATION_EXIT) == 0u);
    });
    BOOST_TEST((control.exit_code() == SimulationControl::watchdog_code));
}

BOOST_AUTO_TEST_SUITE_END()
