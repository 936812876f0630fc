// Writes a device as the text of a file, so that tests can make devices up and hand them to both
// readers, the controller's and the checker's.
#pragma once

#include <string>

#include "models/ddr/device.h"

namespace karhunen::ddr {

std::string text_of(const Device& device);

}  // namespace karhunen::ddr
