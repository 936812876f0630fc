// The device files compiled into the program.
#pragma once

#include <map>
#include <string>

namespace karhunen::ddr {

/// Name without .yaml -> text of the file.
const std::map<std::string, std::string>& built_in_devices();

}  // namespace karhunen::ddr
