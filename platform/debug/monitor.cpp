#include "platform/debug/monitor.h"

#include <sstream>

#include "models/interfaces/time_text.h"
#include "platform/debug/machine_state.h"

namespace karhunen::debug {

namespace {

constexpr const char* help =
    "monitor blocks           what every block is doing, its jobs, how full it is\n"
    "monitor cpu              registers, and where the program is\n"
    "monitor errors           the latest errors on the bus\n"
    "monitor irq              interrupt lines, PLIC, and what the hart sees\n"
    "monitor registers BLOCK  every register of a block; without BLOCK: which ones there are\n"
    "monitor time             simulated time\n"
    "Nothing of this takes simulated time or changes anything. There is no reset: start the\n"
    "program again.\n";

std::string time(Machine& machine) {
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    std::ostringstream out;
    out << time_text(now) << ", MTIME " << machine.clint.mtime(now) << ", "
        << machine.cpu.instructions() << " instructions\n";
    return out.str();
}

}  // namespace

std::string monitor(Machine& machine, const ElfProgram& firmware, std::string_view command) {
    std::istringstream words{std::string(command)};
    std::string name, argument;
    words >> name >> argument;
    if (name == "blocks") return blocks_text(machine);
    if (name == "cpu") return cpu_text(machine, firmware);
    if (name == "errors") return bus_errors_text(machine);
    if (name == "irq") return interrupts_text(machine);
    if (name == "registers") return registers_text(machine, argument);
    if (name == "time") return time(machine);
    if (name == "help") return help;
    return "monitor knows no \"" + name + "\"; there is:\n" + help;
}

}  // namespace karhunen::debug
