#include "platform/fault.h"

#include <sstream>

#include <karhunen/boot.h>

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

}  // namespace

std::string fault_text(const Machine& machine, const std::string& uart, bool built_in) {
    std::string text = ending(machine, built_in);
    if (text.empty()) return text;
    for (const BusError& error : machine.bus.last_errors()) text += "; " + error.text;
    const std::string words = last_words(uart);
    return text + (words.empty() ? "; the UART was silent" : "; on the UART: " + words);
}

}  // namespace karhunen
