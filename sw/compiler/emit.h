// Writes the loadable: places tensors, tables and weights, and spells out every operation.
#pragma once

#include <cstdint>
#include <vector>

#include <karhunen/loadable.h>

#include "sw/compiler/network.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/tile.h"

namespace karhunen {

/// The bytes of the whole file. input: scale and normalisation; classes and logit scale are filled
/// in. Throws CompileError when a table does not fit the table memory.
std::vector<uint8_t> emit(const Network& network, const std::vector<QuantisedLayer>& layers,
                          const std::vector<LayerPlan>& plans, krhn_input input,
                          const krhn_machine& machine, uint32_t batch);

}  // namespace karhunen
