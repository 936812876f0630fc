// Layers as options name them: by name or by number.
#pragma once

#include <cstdint>
#include <string>

#include "sw/loadable/loadable.h"

namespace karhunen {

/// By name first, so that names that are numbers are found. Throws std::runtime_error that begins
/// with `option`, what the user wrote, and lists the layers there are.
uint32_t layer_number(const Loadable& loadable, const std::string& layer,
                      const std::string& option);

}  // namespace karhunen
