// Why a run did not end well, as sentences.
#pragma once

#include <optional>
#include <string>

#include "platform/machine.h"

namespace karhunen {

/// "" when firmware ended the simulation with code 0. Else what ended it and when, the errors on
/// the bus, and what firmware said on the UART (all of its characters).
/// built_in: the firmware is ours, so that the meaning of its codes is known.
std::string fault_text(Machine& machine, const ElfProgram& firmware, const std::string& uart,
                       bool built_in);

/// What an exception at a null pointer, or a stack pointer beside the stack, look like, and what is
/// wrong with descriptors of the DMA; each as "; SENTENCE". The stack is where
/// sw/firmware/firmware.ld has it.
std::string fault_hints(Machine& machine, const ElfProgram& firmware);

/// What was interrupted, from what sw/firmware/start.S saved of it.
struct TrapState {
    uint32_t pc, ra, sp;
};
/// Of the latest trap, while in its handler; none where other code than start.S was entered.
std::optional<TrapState> trap_state(Machine& machine);

}  // namespace karhunen
