// GDB's command `monitor`: what the machine is doing, as text.
#pragma once

#include <string>
#include <string_view>

#include "platform/machine.h"

namespace karhunen::debug {

/// Takes no simulated time and changes nothing. `monitor help` says what there is.
std::string monitor(Machine& machine, const ElfProgram& firmware, std::string_view command);

}  // namespace karhunen::debug
