#include "models/resources/inventory.h"

#include <algorithm>
#include <bit>

namespace karhunen::resources {

Memory Memory::of_bytes(uint64_t bytes, uint64_t width_bits) {
    return {std::max<uint64_t>(1, (8 * bytes + width_bits - 1) / width_bits), width_bits};
}

Inventory& Inventory::operator+=(const Inventory& other) {
    adder_bits += other.adder_bits;
    pair_adder_bits += other.pair_adder_bits;
    mux_bits += other.mux_bits;
    gates += other.gates;
    register_bits += other.register_bits;
    multipliers.insert(multipliers.end(), other.multipliers.begin(), other.multipliers.end());
    memories.insert(memories.end(), other.memories.begin(), other.memories.end());
    return *this;
}

Inventory Inventory::operator*(uint64_t copies) const {
    Inventory all = *this;
    const double n = static_cast<double>(copies);
    for (double* count :
         {&all.adder_bits, &all.pair_adder_bits, &all.mux_bits, &all.gates, &all.register_bits})
        *count *= n;
    for (Multipliers& m : all.multipliers) m.count *= copies;
    for (Memory& m : all.memories) m.count *= copies;
    return all;
}

uint32_t index_bits(uint64_t n) {
    return n < 2 ? 0 : static_cast<uint32_t>(std::bit_width(n - 1));
}

Inventory adder(double bits) {
    return {.adder_bits = bits};
}

Inventory gates(double count) {
    return {.gates = count};
}

Inventory registers(double bits) {
    return {.register_bits = bits};
}

Inventory counter(double bits) {
    return {.adder_bits = bits, .register_bits = bits};
}

Inventory mux(uint64_t inputs, double bits) {
    return {.mux_bits = inputs < 2 ? 0 : static_cast<double>(inputs - 1) * bits};
}

Inventory shifter(double bits, uint64_t positions) {
    return {.mux_bits = bits * index_bits(positions)};
}

Inventory adder_tree(uint64_t inputs, uint32_t bits, bool products) {
    Inventory tree;
    for (bool first = products; inputs > 1; first = false) {
        const uint64_t adders = inputs / 2;
        ++bits;
        (first ? tree.pair_adder_bits : tree.adder_bits) += static_cast<double>(adders) * bits;
        inputs -= adders;
        tree.register_bits += static_cast<double>(inputs) * bits;
    }
    return tree;
}

Inventory multiplier(uint32_t a_bits, uint32_t b_bits, uint64_t count) {
    Inventory one;
    one.multipliers.push_back({a_bits, b_bits, count});
    return one;
}

Inventory memory(uint64_t depth, uint64_t width_bits, uint64_t count) {
    Inventory one;
    one.memories.push_back({depth, width_bits, count});
    return one;
}

Inventory rescaler(uint32_t input_bits, uint32_t output_bits) {
    constexpr uint32_t multiplier_bits = 32;  // 31 bits and a sign
    const uint32_t product = input_bits + multiplier_bits - 1;
    Inventory r = multiplier(input_bits, multiplier_bits) + registers(product);
    r += gates(product) + adder(product) + registers(product);  // half from the shift
    r += shifter(product, product) + registers(product);
    r += gates(product) + adder(2.0 * output_bits);  // beyond the output, the limits
    return r + mux(3, output_bits) + registers(output_bits);
}

}  // namespace karhunen::resources
