// What a machine is doing, for people: GDB's `monitor` commands and crash dumps. Takes no simulated
// time and changes nothing.
#pragma once

#include <string>

#include "platform/machine.h"

namespace karhunen::debug {

/// Where the program is, in symbols too, and all registers.
std::string cpu_text(Machine& machine, const ElfProgram& firmware);
/// Of each block: its state, since when, what it waits for, its jobs, how full it is, its errors.
std::string blocks_text(Machine& machine);
/// The lines from their sources to the hart.
std::string interrupts_text(Machine& machine);
/// The latest errors on the bus.
std::string bus_errors_text(const Machine& machine);
/// Every register of a block, by the name that `karhunen registers` has for it, capitals or not.
/// An unknown block: which ones there are.
std::string registers_text(Machine& machine, const std::string& block);

}  // namespace karhunen::debug
