// Results, instruction counts and times.
#include "tests/models/cpu/bench.h"

using namespace karhunen;
using sc_core::SC_NS;
using sc_core::sc_time;

BOOST_AUTO_TEST_SUITE(cpu_execution)

BOOST_FIXTURE_TEST_CASE(arithmetic_has_the_known_results, Machine) {
    run_program("arithmetic");
    const std::vector<uint32_t> expected = {0xCBF43926,  // the check value of CRC-32
                                            static_cast<uint32_t>(-3),
                                            static_cast<uint32_t>(-1),
                                            0xFFFFFFFE,  // high word of (2^32 - 1)^2
                                            0xFFFFFFFF,  // high word of -14
                                            1000u * 1001 / 2 * 2001 / 3,
                                            5,
                                            1,
                                            42,
                                            0};
    BOOST_TEST(probe.values() == expected, boost::test_tools::per_element());
    BOOST_TEST(cpu.halt_report() == "");
}

BOOST_FIXTURE_TEST_CASE(loads_and_stores_do_the_same_on_bus_and_ram, Machine) {
    run_program("accesses");
    BOOST_REQUIRE_EQUAL(probe.reports.size(), 2u);
    BOOST_TEST(probe.reports[0].value == probe.reports[1].value);
    BOOST_TEST(bus.error_count() == 0u);
}

BOOST_AUTO_TEST_CASE(an_instruction_takes_a_clock_whatever_the_quantum) {
    uint64_t instructions = 0;
    sc_time end;
    for (const uint32_t quantum : {1u, 7u, 1000u, 1000000u}) {
        CpuBench bench(quantum);
        bench.run_program("count");
        // 3 clocks of the bus for the first report, 2 of li, the loop, the second report.
        BOOST_TEST(bench.clocks_between(0, 1) == 3 + 2 + 20000 + 1);
        if (instructions == 0) {
            instructions = bench.cpu.instructions();
            end = sc_core::sc_time_stamp();
        }
        BOOST_TEST(bench.cpu.instructions() == instructions);
        BOOST_TEST(sc_core::sc_time_stamp() == end);
    }
    // sp, s0, the first report, li, the loop, the second report, the end.
    BOOST_TEST(instructions == 3 + 1 + 2 + 20000 + 2u);
}

BOOST_FIXTURE_TEST_CASE(code_changed_by_another_master_is_seen, Machine) {
    run_program("changed_code", [&] {
        while (probe.reports.size() < 2) wait(probe.reported);
        wait(100, SC_NS);
        host.write32(probe.reports[0].value, 0x00200513);  // li a0, 2
        probe.line.write(true);
    });
    BOOST_REQUIRE_EQUAL(probe.reports.size(), 3u);
    BOOST_TEST(probe.reports[1].value == 1u);
    BOOST_TEST(probe.reports[2].value == 2u);
}

BOOST_FIXTURE_TEST_CASE(two_runs_are_the_same, Machine) {
    run_program("arithmetic");
    CpuBench again;
    again.run_program("arithmetic");
    BOOST_REQUIRE_EQUAL(again.probe.reports.size(), probe.reports.size());
    for (size_t i = 0; i < probe.reports.size(); ++i)
        BOOST_TEST(again.probe.reports[i].time == probe.reports[i].time);
    BOOST_TEST(again.cpu.instructions() == cpu.instructions());
}

BOOST_AUTO_TEST_SUITE_END()
