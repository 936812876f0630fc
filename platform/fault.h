// Why a run did not end well, as sentences.
#pragma once

#include <string>

#include "platform/machine.h"

namespace karhunen {

/// "" when firmware ended the simulation with code 0. Else what ended it and when, the errors on
/// the bus, and what firmware said on the UART (all of its characters).
std::string fault_text(const Machine& machine, const std::string& uart);

}  // namespace karhunen
