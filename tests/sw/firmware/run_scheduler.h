// Runs the firmware's scheduler on the model of the machine.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/loadable/loadable.h"
#include "tests/sw/firmware/expected.h"
#include "tests/sw/firmware/machine.h"

namespace karhunen {

/// Puts the input pictures into the machine's memory.
void store_input(Machine& machine, const Loadable& loadable, uint32_t images);

/// Whether the firmware takes what lies in the machine's memory.
bool open_network(Machine& machine, uint32_t images, refusal& why);

/// Until every band is stored, `runs` times. Returns the scheduler's final state. Throws
/// MachineError, also when nothing can go on.
scheduler run_scheduler(Machine& machine, uint32_t images, uint32_t runs = 1);

/// As the maps lie in memory: [tensor][image][row]; absent bands have no rows.
StoredRows rows_in(const Machine& machine, const Loadable& loadable, uint32_t images);

}  // namespace karhunen
