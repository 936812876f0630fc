// What the machine of a configuration is made of, for models/resources.
#pragma once

#include <cstdint>
#include <vector>

#include "models/resources/machine.h"
#include "platform/configuration.h"
#include "platform/machine.h"

namespace karhunen {

/// The machine that `run` would simulate, for these codecs (krhn_codec). Its data path to DRAM has
/// the power of two of bits that carries the pins' rate at the clock of the array. Throws
/// std::invalid_argument where that is absurd.
resources::Machine machine_resources(const PlatformConfiguration& configuration,
                                     const DdrSettings& ddr, std::vector<uint32_t> codecs);

}  // namespace karhunen
