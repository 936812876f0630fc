// Words of a plan looked up in the network and the machine of a run.
#pragma once

#include "platform/band_map.h"
#include "platform/faults/active_fault.h"
#include "platform/registers/register_map.h"

namespace karhunen {

// All throw ConfigurationError, with the nearest word that there is.
uint32_t find_tensor(const FaultScene& scene, const PlacedWord& name);
const krhn_layer& find_layer(const FaultScene& scene, const PlacedWord& name);
BandPlace find_band(const FaultScene& scene, const BandName& name);

/// BLOCK.REGISTER as in docs/registers.md.
const RegisterPlace& find_register(const FaultScene& scene, const PlacedWord& name);

}  // namespace karhunen
