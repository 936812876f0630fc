#include "platform/debug/machine_target.h"

#include <algorithm>

#include "platform/debug/debug_access.h"
#include "platform/debug/monitor.h"
#include "platform/debug/registers.h"

namespace karhunen::debug {

namespace {

constexpr uint32_t mip = 0x344;

/// Empty: mip, which is not kept by the hart, or none of ours.
std::optional<Csr> csr_of(uint32_t number) {
    switch (number) {
        case 0x300:
            return Csr::mstatus;
        case 0x301:
            return Csr::misa;
        case 0x304:
            return Csr::mie;
        case 0x305:
            return Csr::mtvec;
        case 0x340:
            return Csr::mscratch;
        case 0x341:
            return Csr::mepc;
        case 0x342:
            return Csr::mcause;
        case 0x343:
            return Csr::mtval;
        default:
            return std::nullopt;
    }
}

bool is_writable(uint32_t csr) {
    return std::ranges::any_of(csrs,
                               [&](const NamedCsr& c) { return c.number == csr && c.is_writable; });
}

Watch watch_of(Point point) {
    return point == Point::write ? Watch::write : point == Point::read ? Watch::read : Watch::any;
}

bool is_breakpoint(Point point) {
    return point == Point::software || point == Point::hardware;
}

}  // namespace

std::optional<uint32_t> MachineTarget::read_register(uint32_t number) {
    if (number < general_registers) return machine_.cpu.reg(number);
    if (number == pc_number) return machine_.cpu.pc();
    const uint32_t csr = number - first_csr_number;
    if (csr == mip) return machine_.cpu.interrupt_lines();
    if (const auto known = csr_of(csr)) return machine_.cpu.csr(*known);
    return std::nullopt;
}

bool MachineTarget::write_register(uint32_t number, uint32_t value) {
    const auto csr = csr_of(number - first_csr_number);
    if (number < general_registers)
        machine_.cpu.set_reg(number, value);
    else if (number == pc_number)
        machine_.cpu.set_pc(value);
    else if (csr && is_writable(number - first_csr_number))
        machine_.cpu.set_csr(*csr, value);
    else
        return false;
    return true;
}

std::string MachineTarget::read_memory(uint32_t address, uint32_t bytes) {
    return debug_read(machine_, address, bytes);
}

bool MachineTarget::write_memory(uint32_t address, std::string_view bytes) {
    return debug_write(machine_, address, bytes);
}

void MachineTarget::insert(Point point, uint32_t address, uint32_t bytes) {
    if (is_breakpoint(point))
        machine_.cpu.triggers().add_breakpoint(address);
    else
        machine_.cpu.triggers().add_watchpoint(watch_of(point), address, bytes);
}

void MachineTarget::remove(Point point, uint32_t address, uint32_t bytes) {
    if (is_breakpoint(point))
        machine_.cpu.triggers().remove_breakpoint(address);
    else
        machine_.cpu.triggers().remove_watchpoint(watch_of(point), address, bytes);
}

std::string MachineTarget::monitor(std::string_view command) {
    return debug::monitor(machine_, firmware_, command);
}

}  // namespace karhunen::debug
