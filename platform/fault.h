// Why a run did not end well, as sentences.
#pragma once

#include <string>

#include "platform/machine.h"

namespace karhunen {

/// "" when firmware ended the simulation with code 0. Else what ended it and when, the errors on
/// the bus, and what firmware said on the UART (all of its characters).
/// built_in: the firmware is ours, so that the meaning of its codes is known.
std::string fault_text(const Machine& machine, const ElfProgram& firmware, const std::string& uart,
                       bool built_in);

/// What an exception at a null pointer, or a stack pointer beside the stack, look like; each as
/// "; SENTENCE". The stack is where sw/firmware/firmware.ld has it.
std::string fault_hints(const Machine& machine, const ElfProgram& firmware);

}  // namespace karhunen
