#include "models/resources/array_blocks.h"

namespace karhunen::resources {

Inventory compute_array(const ComputeArray& p) {
    const uint32_t product_bits = p.map_bits + p.weight_bits;
    const Inventory output = registers(double{1} * p.reduction_lanes * p.weight_bits) +
                             multiplier(p.map_bits, p.weight_bits, p.reduction_lanes) +
                             adder_tree(p.reduction_lanes, product_bits, true) +
                             counter(p.accumulator_bits);
    // Loops over rows, columns, channels and kernel, and addresses of both buffers.
    const Inventory control = counter(8 * 16) + adder(2 * 20) + gates(200);
    return registers(double{1} * p.reduction_lanes * p.map_bits) + output * p.output_lanes +
           control;
}

Inventory post_processing(const ComputeArray& array, uint32_t pass_values_per_clock) {
    constexpr uint32_t stored_bits = 12;
    const Inventory lane = counter(array.accumulator_bits) +
                           rescaler(array.accumulator_bits, stored_bits) +
                           multiplier(array.map_bits, 32) + adder(array.accumulator_bits + 31) +
                           adder(array.map_bits) + registers(array.map_bits);
    const Inventory passed =
        adder(array.map_bits) + mux(2, array.map_bits) + rescaler(array.map_bits, array.map_bits);
    return lane * array.output_lanes + passed * pass_values_per_clock;
}

}  // namespace karhunen::resources
