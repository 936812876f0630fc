#include "platform/debug/machine_state.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <sstream>

#include "models/interfaces/time_text.h"
#include "platform/debug/debug_access.h"
#include "platform/debug/registers.h"
#include "platform/fault.h"
#include "platform/registers/register_map.h"
#include "platform/registers/text.h"

namespace karhunen::debug {

namespace {

std::string hex8(uint32_t value) {
    return hex_text(value, 8);
}

std::string place_text(const ElfProgram& firmware, uint32_t address) {
    const std::string place = place_of(firmware, address);
    return hex8(address) + (place.empty() ? "" : " <" + place + ">");
}

/// " BUSY=1 FULL=0" of what a register's fields are; only those that are not 0.
std::string fields_text(const MappedRegister& r, uint32_t value) {
    std::string text;
    for (const RegisterField& field : r.fields) {
        const uint32_t part = (value & field.mask()) >> field.first_bit;
        if (part == 0 || field.bits == 32) continue;
        text += ' ' + field.name;
        if (field.bits > 1) text += '=' + (part < 10 ? std::to_string(part) : hex_text(part));
    }
    return text;
}

std::string interrupt_names(uint32_t sources) {
    std::string text;
    for (uint32_t n = 1; n < KRHN_IRQ_SOURCES; ++n)
        if (sources >> n & 1) text += ' ' + interrupt_name(n);
    return text.empty() ? " none" : text;
}

std::string before_trap_text(Machine& machine, const ElfProgram& firmware) {
    const std::optional<TrapState> state = trap_state(machine);
    if (!state) return "";
    return "  at the trap: pc " + place_text(firmware, state->pc) + ", ra " +
           place_text(firmware, state->ra) + ", sp " + hex8(state->sp) + '\n';
}

}  // namespace

std::string cpu_text(Machine& machine, const ElfProgram& firmware) {
    Cpu& cpu = machine.cpu;
    std::ostringstream out;
    out << "cpu: " << (cpu.is_asleep() ? "asleep in WFI" : name_of(cpu.activity().state()))
        << " since " << time_text(cpu.activity().since()) << ", " << cpu.instructions()
        << " instructions\n"
        << "  pc " << place_text(firmware, cpu.pc()) << ", ra " << place_text(firmware, cpu.reg(1))
        << '\n';
    for (uint32_t n = 1; n < general_registers; ++n) {
        const std::string name(register_names[n]);
        out << (n % 4 == 1 ? "  " : "   ") << name << std::string(4 - name.size(), ' ')
            << hex8(cpu.reg(n)) << (n % 4 == 0 ? "\n" : "");
    }
    out << "\n  mstatus " << hex8(cpu.csr(Csr::mstatus)) << ", mie " << hex8(cpu.csr(Csr::mie))
        << ", mip " << hex8(cpu.interrupt_lines()) << ", mtvec "
        << place_text(firmware, cpu.csr(Csr::mtvec)) << "\n  mcause " << hex8(cpu.csr(Csr::mcause))
        << ", mepc " << place_text(firmware, cpu.csr(Csr::mepc)) << ", mtval "
        << hex8(cpu.csr(Csr::mtval)) << '\n';
    out << before_trap_text(machine, firmware);
    if (!cpu.halt_report().empty()) out << "  " << cpu.halt_report() << '\n';
    return out.str();
}

std::string interrupts_text(Machine& machine) {
    const Plic& plic = machine.plic;
    uint32_t lines = 0;
    for (uint32_t n = 1; n < KRHN_IRQ_SOURCES; ++n) lines |= uint32_t{plic.line(n)} << n;
    std::ostringstream out;
    out << "lines to the PLIC up:" << interrupt_names(lines)
        << "\nPLIC pending:" << interrupt_names(plic.pending())
        << "\nPLIC enabled:" << interrupt_names(plic.enabled())
        << "\nin service: " << interrupt_names(plic.in_service())
        << "\nthreshold:   " << plic.threshold() << '\n';
    constexpr std::pair<unsigned, const char*> at_hart[] = {
        {11, "external"}, {3, "software"}, {7, "timer"}};
    const Cpu& cpu = machine.cpu;
    out << "at the hart:";
    for (const auto& [bit, name] : at_hart)
        out << ' ' << name << (cpu.interrupt_lines() >> bit & 1 ? " up" : " down")
            << (cpu.csr(Csr::mie) >> bit & 1 ? "," : " (masked by mie),");
    out << " mstatus.MIE " << (cpu.csr(Csr::mstatus) >> 3 & 1) << '\n';
    return out.str();
}

std::string bus_errors_text(const Machine& machine) {
    std::ostringstream out;
    out << machine.bus.error_count() << " errors on the bus\n";
    for (const BusError& error : machine.bus.last_errors()) out << "  " << error.text << '\n';
    return out.str();
}

std::string registers_text(Machine& machine, const std::string& name) {
    std::string block = name;
    for (char& c : block) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    std::ostringstream out;
    for (const RegisterPlace& place : register_places()) {
        if (!place.name.starts_with(block + '.')) continue;
        const std::string bytes = debug_read(machine, place.address, place.bytes);
        out << hex8(place.address) << "  " << place.name
            << std::string(std::max<size_t>(42, place.name.size()) - place.name.size(), ' ');
        uint32_t value = 0;
        std::memcpy(&value, bytes.data(), bytes.size());
        if (bytes.size() == place.bytes)
            out << hex8(value) << fields_text(*place.description, value) << '\n';
        else
            out << "cannot be read\n";
    }
    if (out.str().empty()) {
        out << "registers of which block? There are";
        for (const MappedBlock& b : register_map()) out << ' ' << b.name;
        out << '\n';
    }
    return out.str();
}

}  // namespace karhunen::debug
