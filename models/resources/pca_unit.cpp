#include "models/resources/pca_unit.h"

namespace karhunen::resources {

namespace {

constexpr uint32_t coefficient_bits = 15, mean_bits = 12, offset_bits = 32;

Inventory unit(const PcaUnit& p, uint32_t input_bits) {
    const uint64_t words = (p.channels + p.multipliers - 1) / p.multipliers;
    Inventory u = memory(2 * words, uint64_t{p.multipliers} * input_bits);
    u += registers(double{1} * p.multipliers * (input_bits + p.weight_bits));
    u += multiplier(input_bits, p.weight_bits, p.multipliers);
    u += adder_tree(p.multipliers, input_bits + p.weight_bits, true);
    // A tree wider than the vector gives several components at once, from its inner levels.
    u += mux(index_bits(p.multipliers) + 1, p.accumulator_bits) + counter(p.accumulator_bits);
    return u + counter(3 * 10) + gates(60);
}

}  // namespace

Inventory pca_unit(const PcaUnit& p) {
    return unit(p, p.input_bits) + memory(p.channels, mean_bits) + adder(p.input_bits + 1);
}

Inventory inverse_pca_unit(const PcaUnit& p) {
    return unit(p, coefficient_bits) + memory(p.channels, offset_bits) + adder(p.accumulator_bits);
}

Memory pca_matrix(const PcaUnit& p) {
    const uint64_t weights = uint64_t{p.channels} * p.channels;
    return {(weights + p.multipliers - 1) / p.multipliers, uint64_t{p.multipliers} * p.weight_bits};
}

Inventory quantiser(uint32_t input_bits, uint32_t output_bits, uint32_t streams) {
    return rescaler(input_bits, output_bits) * streams;
}

}  // namespace karhunen::resources
