// Why a run did not end well, as sentences.
#pragma once

#include <string>

#include "platform/machine.h"

namespace karhunen {

/// "" when firmware ended the simulation with code 0. Else what ended it and when, the errors on
/// the bus, and what firmware said on the UART (all of its characters).
/// built_in: the firmware is ours, so that the meaning of its codes is known.
std::string fault_text(const Machine& machine, const std::string& uart, bool built_in);

}  // namespace karhunen
