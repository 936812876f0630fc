// Memory and registers as the CPU sees them, by the debug transport of the bus: without effect but
// what is stored, in no time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/machine.h"

namespace karhunen::debug {

/// From the address on, up to the first byte that cannot be read. Of registers any part can.
std::string debug_read(Machine& machine, uint32_t address, uint32_t bytes);
/// False: nothing there can be written like that (maybe behind something that was).
bool debug_write(Machine& machine, uint32_t address, std::string_view bytes);

}  // namespace karhunen::debug
