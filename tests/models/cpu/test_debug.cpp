// The hart under a debugger: where it stops, and that all times stay the same.
#include "tests/models/cpu/bench.h"

#include <algorithm>

using namespace karhunen;
using Cause = DebugStop::Cause;
using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_US;

namespace {

/// Registers.
enum { a3 = 13, s2 = 18 };

struct Seen {
    std::vector<uint32_t> values;
    std::vector<sc_time> times;
    uint64_t instructions;
    bool operator==(const Seen&) const = default;
};

/// A run with something attached to the CPU, or nothing. For `external` programs the line rises.
Seen observe(const std::string& program, uint32_t quantum,
             const std::function<void(CpuBench&)>& attach) {
    CpuBench bench(quantum);
    attach(bench);
    bench.run_program(program, [&] {
        wait(sc_time(123456, SC_NS));
        bench.probe.line.write(true);
    });
    Seen seen{{}, {}, bench.cpu.instructions()};
    for (const Probe::Report& r : bench.probe.reports) {
        seen.values.push_back(r.value);
        seen.times.push_back(r.time);
    }
    return seen;
}

/// The program of that name, its stops, and what to do at each.
struct Debugged : CpuBench {
    const ElfProgram program = read_elf(PROGRAMS "/debugged.elf");
    std::vector<DebugStop> stops;
    std::vector<uint32_t> pcs;
    std::function<void(const DebugStop&)> on_stop;

    Debugged() {
        cpu.attach_debugger([this](const DebugStop& stop) {
            stops.push_back(stop);
            pcs.push_back(cpu.pc());
            on_stop(stop);
        });
        cpu.break_in();
    }
    uint32_t at(const std::string& symbol) const {
        const auto found = std::ranges::find(program.symbols, symbol, &ElfSymbol::name);
        BOOST_REQUIRE((found != program.symbols.end()));
        return found->address;
    }
    size_t count(Cause cause) const { return std::ranges::count(stops, cause, &DebugStop::cause); }
    void run() { run_program("debugged"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cpu_debug)

BOOST_AUTO_TEST_CASE(a_debugger_that_looks_on_changes_no_time) {
    for (const uint32_t quantum : {1u, 64u, 1000u})
        for (const char* program : {"debugged", "timer", "external", "window", "accesses"}) {
            const Seen alone = observe(program, quantum, [](CpuBench&) {});
            const Seen guarded = observe(
                program, quantum, [](CpuBench& b) { b.cpu.attach_debugger([](const auto&) {}); });
            const Seen stepped = observe(program, quantum, [](CpuBench& b) {
                b.cpu.attach_debugger([&b](const auto&) { b.cpu.triggers().step(); });
                b.cpu.triggers().step();
            });
            const Seen interrupted = observe(program, quantum, [](CpuBench& b) {
                b.cpu.attach_debugger([&b](const auto&) { b.cpu.break_in(); });
                b.cpu.break_in();
            });
            BOOST_TEST_CONTEXT(program << ", quantum " << quantum) {
                BOOST_TEST(alone.values.size() >= 1u);
                BOOST_TEST((guarded == alone));
                BOOST_TEST((stepped == alone));
                BOOST_TEST((interrupted == alone));
            }
        }
}

BOOST_FIXTURE_TEST_CASE(breakpoints_stop_before_the_instruction_each_time, Debugged) {
    on_stop = [&](const DebugStop& stop) {
        if (stop.cause == Cause::break_in) return cpu.triggers().add_breakpoint(at("handler"));
        BOOST_TEST(cpu.csr(Csr::mcause) == 0x80000007u);
        BOOST_TEST(cpu.reg(s2) == stops.size() - 2);  // the handler has not counted yet
        if (stops.size() == 4) cpu.triggers().remove_breakpoint(at("handler"));
    };
    run();
    BOOST_TEST(pcs == (std::vector{at("_start"), at("handler"), at("handler"), at("handler")}),
               boost::test_tools::per_element());
    BOOST_TEST(count(Cause::breakpoint) == 3u);
}

BOOST_FIXTURE_TEST_CASE(steps_pass_over_handlers_unless_they_begin_there, Debugged) {
    size_t in_handler = 0, elsewhere = 0;
    on_stop = [&](const DebugStop& stop) {
        const bool is_in_handler = cpu.pc() > at("handler") && cpu.pc() <= at("handled");
        if (stop.cause == Cause::break_in) cpu.triggers().add_breakpoint(at("handler"));
        if (stop.cause == Cause::step) ++(is_in_handler ? in_handler : elsewhere);
        if (count(Cause::breakpoint) == 3) cpu.triggers().remove_breakpoint(at("handler"));
        cpu.triggers().step();
    };
    run();
    BOOST_TEST(count(Cause::breakpoint) == 3u);
    BOOST_TEST(in_handler == 3u * 11);  // instructions behind the first one, MRET included
    BOOST_TEST(elsewhere > 10000u);
}

BOOST_FIXTURE_TEST_CASE(watchpoints_stop_before_the_access_wherever_it_goes, Debugged) {
    std::vector<uint32_t> addresses;
    const uint32_t variable = at("variable"), device = Probe::base + 0x23;
    on_stop = [&](const DebugStop& stop) {
        Triggers& triggers = cpu.triggers();
        if (stop.cause == Cause::break_in) {
            triggers.add_watchpoint(Watch::read, variable + 1, 1);
            triggers.add_watchpoint(Watch::write, variable, 4);
            triggers.add_watchpoint(Watch::any, device, 1);
            return;
        }
        BOOST_TEST((stop.cause == Cause::watchpoint));
        if (addresses.empty()) BOOST_TEST(sram.bytes()[variable - 0x20000000] == 0u);
        addresses.push_back(stop.address);
        if (addresses.size() == 7) triggers.clear();
    };
    run();
    const std::vector expected{variable,     device,   device, variable + 1,
                               variable + 1, variable, device};
    BOOST_TEST(addresses == expected, boost::test_tools::per_element());
    BOOST_TEST(pcs[1] == at("store_variable"));
    BOOST_TEST(pcs[2] == at("store_register"));
    BOOST_TEST(pcs[3] == at("load_register"));
    BOOST_TEST(pcs[4] == at("atomic"));
    BOOST_TEST(pcs[6] == at("store_variable"));
}

BOOST_FIXTURE_TEST_CASE(a_step_to_a_watched_access_does_not_hide_it, Debugged) {
    on_stop = [&](const DebugStop& stop) {
        Triggers& triggers = cpu.triggers();
        if (stop.cause == Cause::break_in) {
            triggers.add_breakpoint(at("main"));
        } else if (stop.cause == Cause::breakpoint) {
            triggers.clear();
            triggers.add_watchpoint(Watch::write, at("variable"), 4);
            triggers.step();
        } else if (stop.cause == Cause::watchpoint) {
            triggers.clear();
        }
    };
    run();
    BOOST_TEST(
        pcs == (std::vector{at("_start"), at("main"), at("store_variable"), at("store_variable")}),
        boost::test_tools::per_element());
    BOOST_TEST((stops[2].cause == Cause::step));
    BOOST_TEST((stops[3].cause == Cause::watchpoint));
}

BOOST_FIXTURE_TEST_CASE(what_the_debugger_changes_counts, Debugged) {
    on_stop = [&](const DebugStop& stop) {
        if (stop.cause == Cause::break_in)
            return cpu.triggers().add_breakpoint(at("store_variable"));
        if (stops.size() == 2) {
            BOOST_TEST(cpu.reg(a3) == 1u);
            const uint16_t add_16 = 0x06C1;  // c.addi a3, 16, where 1 was added a moment ago
            BOOST_TEST(host.debug_write(at("main"), &add_16, 2) == 2u);
            cpu.set_pc(at("main"));
            cpu.set_reg(a3, 100);
        } else if (stops.size() == 3) {
            BOOST_TEST(cpu.reg(a3) == 116u);
            cpu.set_pc(cpu.pc());  // where there is a breakpoint
        } else {
            cpu.triggers().clear();
            cpu.set_csr(Csr::mie, 0);
            cpu.set_pc(at("finish"));
        }
    };
    run();
    BOOST_TEST(stops.size() == 4u);
    BOOST_TEST(probe.reports.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(sleep_is_broken_into_at_once, Machine) {
    std::vector<sc_time> stopped;
    cpu.attach_debugger([&](const DebugStop&) {
        stopped.push_back(sc_core::sc_time_stamp());
        BOOST_TEST(cpu.is_asleep());
        if (stopped.size() == 2) cpu.set_pc(0x20000000);  // again from the start
    });
    run_program("timer", [&] {
        for (int i = 0; i < 2; ++i) {
            wait(sc_time(5, SC_US));
            cpu.break_in();
        }
    });
    BOOST_TEST(stopped == (std::vector<sc_time>{{5, SC_US}, {10, SC_US}}),
               boost::test_tools::per_element());
    BOOST_TEST(probe.reports.size() == 6u);
    BOOST_TEST(probe.values()[0] > 1000u);
}

BOOST_FIXTURE_TEST_CASE(sleep_is_broken_into_before_it_has_begun, Machine) {
    std::vector<sc_time> stopped;
    cpu.attach_debugger([&](const DebugStop&) {
        stopped.push_back(sc_core::sc_time_stamp());
        BOOST_TEST(cpu.is_asleep());
    });
    // The program's time has come to WFI at once; simulated time follows.
    run_program("sleep", [&] {
        wait(clock + clock / 2);
        cpu.break_in();
    });
    BOOST_REQUIRE_EQUAL(stopped.size(), 1u);
    BOOST_TEST(stopped[0] < sc_time(1, SC_US));
}

BOOST_FIXTURE_TEST_CASE(ebreak_stops_and_then_traps, Machine) {
    std::vector<uint32_t> pcs;
    cpu.attach_debugger([&](const DebugStop& stop) {
        BOOST_TEST((stop.cause == Cause::ebreak));
        pcs.push_back(cpu.pc());
    });
    run_program("faults");
    BOOST_REQUIRE_EQUAL(pcs.size(), 2u);                          // EBREAK and C.EBREAK
    BOOST_TEST(std::ranges::count(probe.values(), pcs[0]) == 3);  // announced, mepc, mtval
}

BOOST_AUTO_TEST_SUITE_END()
