// What an inventory takes of a device.
#pragma once

#include "models/resources/device.h"
#include "models/resources/inventory.h"

namespace karhunen::resources {

struct Usage {
    uint64_t logic = 0;  ///< ALMs or LUTs; 0 in an ASIC
    uint64_t registers = 0;
    uint64_t dsp = 0;
    double ram_blocks = 0;  ///< M20K or BRAM36; halves of the latter occur
    uint64_t memory_bits = 0;
    double kge = 0;  ///< the same in gates, multipliers included, memory (but for the shallow) not

    Usage& operator+=(const Usage& other);
};

/// Whole units, rounded up per inventory.
Usage usage_of(const Inventory& inventory, const Device& device);

/// DSP blocks of one multiplier, by halves where a block has two.
double dsp_of_one(uint32_t a_bits, uint32_t b_bits, Family family);
/// Adder bits that join the partial products of Xilinx' slices, each above the 17 lower bits of the
/// one before: the parts of the wide operand within a row, then the rows. Intel's blocks have them
/// inside.
double joining_adders(const Multipliers& m, Family family);
/// Gate equivalents of one multiplier with a register behind it: an array of AND gates and full
/// adders.
double gates_of_one(uint32_t a_bits, uint32_t b_bits);
/// Gate equivalents without multipliers and memories.
double logic_gates(const Inventory& inventory);

/// How often the device would have to be there: the largest share of anything; 0 for an ASIC.
double largest_share(const Usage& usage, const Device& device);
inline bool fits(const Usage& usage, const Device& device) {
    return largest_share(usage, device) <= 1;
}

}  // namespace karhunen::resources
