// A machine of CPU, bus, SRAM, timer and a probe that records what the program does.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "models/bus/bus.h"
#include "models/bus/memory.h"
#include "models/cpu/cpu.h"
#include "models/cpu/elf.h"
#include "models/interfaces/sanitizer.h"
#include "models/timer/clint.h"
#include "tests/support/simulation.h"

namespace karhunen {

/// 256 bytes of registers. Offset 0: reports. 4: stops the simulation. 8: drives the interrupt
/// line. 0x10 to 0x7F: plain bytes of any size and alignment. From 0x80: errors. Words must be
/// aligned.
class Probe : public sc_core::sc_module {
public:
    static constexpr uint64_t base = 0x10000000;
    struct Report {
        uint32_t value;
        sc_core::sc_time time;
    };

    tlm_utils::simple_target_socket<Probe> socket{"socket"};
    std::vector<Report> reports;
    sc_core::sc_signal<bool, sc_core::SC_UNCHECKED_WRITERS> line{"line"};
    sc_core::sc_event reported;

    explicit Probe(sc_core::sc_module_name name) : sc_module(name) {
        socket.register_b_transport(this, &Probe::b_transport);
    }
    std::vector<uint32_t> values() const {
        std::vector<uint32_t> all;
        for (const Report& r : reports) all.push_back(r.value);
        return all;
    }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
        const uint64_t address = payload.get_address(), count = payload.get_data_length();
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        if (address >= 0x80) return payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        if (address % count != 0) return payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        if (payload.is_read()) {
            std::copy_n(&bytes_[address], count, payload.get_data_ptr());
            return;
        }
        std::copy_n(payload.get_data_ptr(), count, &bytes_[address]);
        uint32_t word = 0;
        std::copy_n(&bytes_[address & ~3ull], 4, reinterpret_cast<unsigned char*>(&word));
        if (address == 0) {
            reports.push_back({word, sc_core::sc_time_stamp() + delay});
            reported.notify(sc_core::SC_ZERO_TIME);
        } else if (address == 4) {
            sc_core::sc_stop();
        } else if (address == 8) {
            line.write(word);
        }
    }

    std::array<unsigned char, 0x80> bytes_{};
};

struct CpuBench : Simulation {
    const sc_core::sc_time clock{10, sc_core::SC_NS};
    const sc_core::sc_time bus_latency{30, sc_core::SC_NS};
    Bus bus{"bus", bus_latency};
    Memory sram{"sram", 0x10000, sc_core::SC_ZERO_TIME};
    Clint clint{"clint", clock, sc_core::SC_ZERO_TIME};
    Probe probe{"probe"};
    Cpu cpu;
    Initiator host{"host"};
    sc_core::sc_signal<bool> timer_line{"timer_line"}, software_line{"software_line"};

    explicit CpuBench(uint32_t quantum = 1000) : cpu("cpu", clock, quantum, 0x20000000) {
        cpu.socket.bind(bus.initiators);
        host.socket.bind(bus.initiators);
        bus.map("sram", 0x20000000, 0x10000, sram.socket);
        bus.map("clint", 0x02000000, 0x10000, clint.socket);
        bus.map("probe", Probe::base, 0x100, probe.socket);
        clint.timer_irq.bind(timer_line);
        clint.software_irq.bind(software_line);
        cpu.timer_irq.bind(timer_line);
        cpu.software_irq.bind(software_line);
        cpu.external_irq.bind(probe.line);
    }

    /// Loads the program and simulates until it stops; at most 10 ms.
    void run_program(const std::string& name, std::function<void()> stimulus = {}) {
        spawn([this, name] {
            const ElfProgram program = read_elf(std::string(PROGRAMS "/") + name + ".elf");
            load_elf(program, [this](uint32_t address, std::span<const uint8_t> bytes) {
                return host.debug_write(address, bytes.data(), bytes.size()) == bytes.size();
            });
            BOOST_TEST(program.entry == 0x20000000u);
        });
        if (stimulus) spawn(stimulus);
        sc_core::sc_start(10, sc_core::SC_MS);
        restore_stack_bounds();
    }
    double clocks_between(size_t first, size_t second) const {
        return (probe.reports.at(second).time - probe.reports.at(first).time) / clock;
    }
};

/// The default bench, as a fixture.
struct Machine : CpuBench {
    Machine() = default;
};

}  // namespace karhunen
