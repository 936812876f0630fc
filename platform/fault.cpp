#include "platform/fault.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <sstream>

#include <karhunen/boot.h>
#include <karhunen/registers.h>

#include "models/interfaces/time_text.h"

namespace karhunen {

namespace {

std::string ending(const Machine& machine, bool built_in) {
    const SimulationControl& control = machine.simulation_control;
    const std::string now = time_text(sc_core::sc_time_stamp());
    if (!control.exit_code())
        return machine.cpu.halt_report().empty()
                   ? "the machine came to rest at " + now +
                         ": nothing is left to happen, but firmware has not ended the simulation; "
                         "it waits for an interrupt that never comes"
                   : machine.cpu.halt_report();
    if (!control.report().empty())
        return control.report() + "; cpu.watchdog_ms in the machine's file is the time allowed";
    switch (*control.exit_code()) {
        case KRHN_EXIT_GOOD:
            return "";
        case KRHN_EXIT_REFUSED:
            return built_in
                       ? "firmware refused the loadable; compile it again with this program, "
                         "for this machine (--platform)"
                       : "firmware ended with code 2 (by convention: loadable refused) at " + now;
        default:
            return "firmware ended with code " + std::to_string(*control.exit_code()) + " at " +
                   now;
    }
}

/// From the first line that speaks of a fault, joined into one line; without such, the last line.
std::string last_words(const std::string& uart) {
    std::string words, last;
    std::istringstream lines(uart);
    for (std::string line; std::getline(lines, line);) {
        while (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        last = line;
        if (!words.empty() || line.find("fault: ") == 0 || line.find("refused") != line.npos)
            words += (words.empty() ? "" : "; ") + line;
    }
    return words.empty() ? last : words;
}

/// Of program and data; what is left is the stack.
uint32_t end_in_sram(const ElfProgram& firmware) {
    uint32_t end = KRHN_SRAM_BASE;
    for (const ElfSegment& segment : firmware.segments)
        if (segment.address - KRHN_SRAM_BASE < KRHN_SRAM_BYTES)
            end = std::max(end, segment.address + static_cast<uint32_t>(segment.bytes.size()));
    return end;
}

constexpr uint32_t null_page = 4096;  // members of structures and elements of arrays, too

void print_dma_hints(std::ostream& text, const Dma& dma) {
    for (uint32_t n = 0; n < KRHN_DMA_CHANNELS; ++n) {
        const DmaChannel& channel = dma.channel(n);
        if (!channel.defect().empty())
            text << "; DMA channel " << std::to_string(n) << ": descriptor at "
                 << channel.descriptor_address() << ": " << channel.defect();
        if (channel.error() & KRHN_ERROR_BUS && channel.error_address() < null_page)
            text << "; DMA channel " << std::to_string(n) << ": address " << channel.error_address()
                 << " looks like a null pointer";
    }
}

}  // namespace

std::optional<TrapState> trap_state(Machine& machine) {
    constexpr uint32_t ra = 0, pc = 16, sp = 17, words = 20;  // of the frame of start.S
    constexpr uint32_t machine_mode = 3 << 11;                // MRET clears mstatus.MPP
    const Cpu& cpu = machine.cpu;
    const uint32_t frame = cpu.csr(Csr::mscratch);
    const bool is_in_sram = frame - KRHN_SRAM_BASE < KRHN_SRAM_BYTES;
    const std::span<const uint8_t> memory = is_in_sram ? machine.sram.bytes() : machine.memory();
    const uint32_t offset = frame - (is_in_sram ? KRHN_SRAM_BASE : KRHN_DDR_BASE);
    if ((cpu.csr(Csr::mstatus) & machine_mode) == 0 || memory.size() < 4 * words ||
        offset > memory.size() - 4 * words)
        return {};
    uint32_t saved[words];
    std::memcpy(saved, memory.data() + offset, sizeof saved);
    const TrapState state{saved[pc], saved[ra], saved[sp]};
    if (state.pc != cpu.csr(Csr::mepc)) return {};
    return state;
}

std::string fault_hints(Machine& machine, const ElfProgram& firmware) {
    const Cpu& cpu = machine.cpu;
    const uint32_t cause = cpu.csr(Csr::mcause), value = cpu.csr(Csr::mtval);
    const std::optional<TrapState> trapped = trap_state(machine);
    const uint32_t sp = trapped ? trapped->sp : cpu.reg(2);
    const bool is_access = cause == 0 || cause == 1 || (cause >= 4 && cause <= 7);
    const bool has_trapped = cpu.csr(Csr::mepc) != 0 || cause != 0;
    std::ostringstream text;
    text << std::hex << std::showbase;
    if (has_trapped && is_access && value < null_page)
        text << "; address " << value << " looks like a null pointer";
    const uint32_t bottom = end_in_sram(firmware);
    if (sp != 0 && (sp < bottom || sp > KRHN_BOOT_BASE))
        text << "; the stack pointer, " << sp << ", is outside of firmware.ld's stack, " << bottom
             << " to " << KRHN_BOOT_BASE << ": stack overflow?";
    print_dma_hints(text, machine.dma);
    return text.str();
}

std::string fault_text(Machine& machine, const ElfProgram& firmware, const std::string& uart,
                       bool built_in) {
    std::string text = ending(machine, built_in);
    if (text.empty()) return text;
    text += fault_hints(machine, firmware);
    for (const BusError& error : machine.bus.last_errors()) text += "; " + error.text;
    const std::string words = last_words(uart);
    return text + (words.empty()
                       ? "; the UART has sent nothing (text of print() may wait in its buffer)"
                       : "; on the UART: " + words);
}

}  // namespace karhunen
