#include "models/resources/pca_unit.h"

#include <algorithm>

namespace karhunen::resources {

namespace {

constexpr uint32_t coefficient_bits = 15, mean_bits = 12, offset_bits = 32;

uint64_t words_of_vector(const PcaUnit& p) {
    return (p.channels + p.multipliers - 1) / p.multipliers;
}

Inventory unit(const PcaUnit& p, uint32_t stored_bits, uint32_t operand_bits) {
    Inventory u = memory(2 * words_of_vector(p), uint64_t{p.multipliers} * stored_bits);
    u += registers(double{1} * p.multipliers * (operand_bits + p.weight_bits));
    u += multiplier(operand_bits, p.weight_bits, p.multipliers);
    u += adder_tree(p.multipliers, operand_bits + p.weight_bits, true);
    // A tree wider than the vector gives several components at once, from its inner levels.
    const uint32_t least = std::min(p.fewest_channels, p.multipliers);
    u += mux(index_bits(p.multipliers / least) + 1, p.accumulator_bits);
    u += counter(p.accumulator_bits);
    return u + counter(3 * 10) + gates(60);
}

}  // namespace

Inventory pca_unit(const PcaUnit& p) {
    const uint32_t centred_bits = p.input_bits + 1;
    return unit(p, p.input_bits, centred_bits) +
           memory(words_of_vector(p), uint64_t{p.multipliers} * mean_bits) +
           adder(double{1} * p.multipliers * centred_bits);
}

Inventory inverse_pca_unit(const PcaUnit& p) {
    return unit(p, coefficient_bits, coefficient_bits) + memory(p.channels, offset_bits) +
           adder(p.accumulator_bits);
}

Memory pca_matrix(const PcaUnit& p) {
    const uint64_t weights = uint64_t{p.channels} * p.channels;
    return {(weights + p.multipliers - 1) / p.multipliers, uint64_t{p.multipliers} * p.weight_bits};
}

Inventory quantiser(uint32_t input_bits, uint32_t output_bits, uint32_t streams) {
    return rescaler(input_bits, output_bits) * streams;
}

}  // namespace karhunen::resources
