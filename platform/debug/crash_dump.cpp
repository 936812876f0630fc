#include "platform/debug/crash_dump.h"

#include <iostream>
#include <sstream>

#include "models/interfaces/time_text.h"
#include "platform/debug/machine_state.h"
#include "platform/exit_code.h"
#include "platform/files.h"

namespace karhunen::debug {

namespace {

constexpr size_t shown_lines = 10;

/// The last lines, without carriage returns.
std::string tail(const std::string& text) {
    size_t begin = text.size(), lines = 0;
    while (begin > 0 &&
           !(text[begin - 1] == '\n' && begin != text.size() && ++lines == shown_lines))
        --begin;
    std::string last;
    for (const char c : text.substr(begin))
        if (c != '\r') last += c;
    return last;
}

}  // namespace

std::string crash_text(Machine& machine, const ElfProgram& firmware, const std::string& why,
                       const std::string& uart) {
    std::ostringstream out;
    out << "---- " << why << "\n---- at " << time_text(sc_core::sc_time_stamp()) << ", MTIME "
        << machine.clint.mtime(sc_core::sc_time_stamp()) << '\n'
        << cpu_text(machine, firmware) << "---- blocks\n"
        << blocks_text(machine) << "---- interrupts\n"
        << interrupts_text(machine) << "---- " << bus_errors_text(machine)
        << "---- end of the UART's output"
        << (uart.empty() ? ": nothing was sent; text of print() may wait in its buffer\n" : "\n")
        << tail(uart);
    return out.str();
}

CrashDump::CrashDump(const std::filesystem::path& path) : path_(path) {
    if (!path_.empty()) check_writable(path_);
}

void CrashDump::finish(Machine& machine, RunReport& report) {
    if (report.exit_code != exit_firmware_fault && report.exit_code != exit_stopped) return;
    const std::string text = crash_text(machine, *firmware_, report.fault, report.uart);
    if (path_.empty())
        std::cerr << text;
    else {
        write_text_file(path_, text);
        std::cerr << "dump: " << path_.string() << std::endl;
    }
}

}  // namespace karhunen::debug
