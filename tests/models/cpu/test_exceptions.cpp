#include "tests/models/cpu/bench.h"

using namespace karhunen;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cpu_exceptions)

BOOST_FIXTURE_TEST_CASE(exceptions_are_precise, Machine) {
    run_program("faults");
    struct {
        uint32_t cause, value;
    } const expected[] = {
        {5, 0x30000008}, {5, 0x30000001}, {7, 0x2FFFFFFC}, {5, 0x30000004},
        {7, 0x10000080}, {5, 0x10000042}, {7, 0x10000000}, {5, 0x30000000},
        {1, 0x30000000}, {5, 0x30000010}, {2, 0xFFFFFFFF}, {2, 0},
        {2, 0x7C002573}, {3, 0},          {3, 0},          {11, 0},
    };
    const auto value = probe.values();
    BOOST_REQUIRE_EQUAL(value.size(), 5 * std::size(expected));
    for (size_t i = 0; i < std::size(expected); ++i) BOOST_TEST_CONTEXT("instruction " << i) {
            const uint32_t pc = value[5 * i];
            // A jump to nowhere faults there; a breakpoint's mtval is its address.
            BOOST_TEST(value[5 * i + 1] == (expected[i].cause == 1 ? expected[i].value : pc));
            BOOST_TEST(value[5 * i + 2] == expected[i].cause);
            BOOST_TEST(value[5 * i + 3] == (expected[i].cause == 3 ? pc : expected[i].value));
            BOOST_TEST(value[5 * i + 4] == 0x5A5Au);
        }
    BOOST_TEST(bus.error_count() == 7u);  // atomics and fetches do not get to the bus
    BOOST_TEST(contains(bus.last_errors()[0].text, "read of 4 bytes at 0x30000008 by cpu"));
    BOOST_TEST(contains(bus.last_errors()[4].text, "probe does not allow that"));
    BOOST_TEST(cpu.halt_report() == "");
}

BOOST_FIXTURE_TEST_CASE(an_exception_without_handler_stops_with_a_report, Machine) {
    run_program("no_handler");
    BOOST_TEST(cpu.halt_report() ==
               "cpu stopped: store access fault (mcause 7), address 0x30000010, at pc 0x20000010, "
               "90 ns: there is no trap handler (mtvec is 0)");
    BOOST_TEST((sc_core::sc_get_status() == sc_core::SC_STOPPED));
}

BOOST_FIXTURE_TEST_CASE(a_handler_that_faults_stops_with_a_report, Machine) {
    run_program("bad_handler");
    BOOST_TEST(contains(cpu.halt_report(), "the trap handler itself raises it"));
    BOOST_TEST(contains(cpu.halt_report(), "store access fault"));
    BOOST_TEST(bus.error_count() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_handler_that_is_nowhere_stops_with_a_report, Machine) {
    run_program("lost_handler");
    BOOST_TEST(contains(cpu.halt_report(), "instruction access fault (mcause 1) at pc 0x30000000"));
    BOOST_TEST(contains(cpu.halt_report(), "the trap handler itself raises it"));
}

BOOST_FIXTURE_TEST_CASE(repeated_exceptions_that_return_go_on, Machine) {
    run_program("repeated_ecall");
    BOOST_TEST(probe.values() == std::vector<uint32_t>{10}, boost::test_tools::per_element());
    BOOST_TEST(cpu.halt_report() == "");
}

BOOST_FIXTURE_TEST_CASE(leaving_machine_mode_is_reported, Machine) {
    run_program("user_mode");
    BOOST_TEST(contains(cpu.halt_report(), "left machine mode"));
}

BOOST_AUTO_TEST_SUITE_END()
