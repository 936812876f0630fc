// Memories in block RAMs, which have a few shapes: a wide and shallow memory takes many of them and
// leaves them nearly empty.
#pragma once

#include <span>

#include "models/resources/device.h"
#include "models/resources/inventory.h"

namespace karhunen::resources {

/// Words x bits of one block with one port to write and one to read.
struct RamShape {
    uint32_t depth, width_bits;
};
/// Of M20K, or of half a BRAM36, which is two memories of 18 Kbit. Empty: no blocks.
std::span<const RamShape> ram_shapes(Family family);

/// Too shallow for a block: at most 32 words and 64 Kbit, or at most 4 words. Made of LUTs, or of
/// registers in an ASIC. (A buffer of 32 words and a Mbit takes blocks, if nearly empty ones.)
bool is_distributed(const Memory& memory);
/// Blocks of one memory, all in the shape that takes the fewest; BRAM36 by halves. A tool may mix
/// shapes and save some.
double blocks_of_one(const Memory& memory, Family family);
/// LUTs or ALMs of one distributed memory.
double logic_of_one(const Memory& memory, Family family);

}  // namespace karhunen::resources
