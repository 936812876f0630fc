// Compute array, and the post-processing behind it.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

/// `output_lanes` dot products of `reduction_lanes` each per clock, models/compute_array.
struct ComputeArray {
    uint32_t reduction_lanes = 576, output_lanes = 4;
    uint32_t map_bits = 8, weight_bits = 8, accumulator_bits = 32;
};

/// Registers for the window of the map (shared by the outputs) and for the weights, multipliers,
/// an adder tree with a register per level and an accumulator for each output.
Inventory compute_array(const ComputeArray& p);

/// Per output lane (models/post_processing): bias, two rescalers (sum and residual) with one
/// rounding, comparator of pooling. Per value that is handed through: a comparator and a rescaler
/// of 8 bits, as passes pool and requantise.
Inventory post_processing(const ComputeArray& array, uint32_t pass_values_per_clock);

}  // namespace karhunen::resources
