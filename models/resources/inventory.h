// What a block is made of, before a technology is chosen: adders, multiplexers, gates, registers,
// multipliers, memories. Counts are of a whole block and may be fractional (a share of a gate).
#pragma once

#include <cstdint>
#include <vector>

namespace karhunen::resources {

struct Memory {
    uint64_t depth = 0, width_bits = 0;  ///< words, and bits of the port
    uint64_t count = 1;                  ///< memories alike
    uint64_t bits() const { return depth * width_bits * count; }
    /// Of a capacity behind a port: as many words as it takes.
    static Memory of_bytes(uint64_t bytes, uint64_t width_bits);
};

struct Multipliers {
    uint32_t a_bits = 0, b_bits = 0;  ///< signed operands
    uint64_t count = 0;
};

struct Inventory {
    double adder_bits = 0;       ///< full adders: adders, subtracters, counters, comparators
    double pair_adder_bits = 0;  ///< those that add the products of two multipliers: a DSP block
                                 ///< with two multipliers has them inside
    double mux_bits = 0;         ///< 2:1 multiplexers
    double gates = 0;            ///< other logic, in gates of two inputs
    double register_bits = 0;
    std::vector<Multipliers> multipliers{};
    std::vector<Memory> memories{};

    Inventory& operator+=(const Inventory& other);
    /// So many of them side by side.
    Inventory operator*(uint64_t copies) const;
};
inline Inventory operator+(Inventory a, const Inventory& b) {
    return a += b;
}

/// Bits that number n things: ceil(log2 n); 0 for one.
uint32_t index_bits(uint64_t n);

Inventory adder(double bits);
Inventory gates(double count);
Inventory registers(double bits);
/// A register that counts.
Inventory counter(double bits);
/// One of `inputs` words: a tree of inputs - 1 multiplexers a bit.
Inventory mux(uint64_t inputs, double bits);
/// A word by 0 .. positions - 1 places: a stage of multiplexers per bit of the distance.
Inventory shifter(double bits, uint64_t positions);
/// The sum of `inputs` words, a register behind each level: level i has inputs / 2^i adders that
/// are i bits wider than the words. products: the words are products, see pair_adder_bits.
Inventory adder_tree(uint64_t inputs, uint32_t bits, bool products);
Inventory multiplier(uint32_t a_bits, uint32_t b_bits, uint64_t count = 1);
Inventory memory(uint64_t depth, uint64_t width_bits, uint64_t count = 1);

/// saturate((x * m + half) >> s) with m of 31 bits and a variable s: multiplier, adder for the
/// rounding, barrel shifter, two comparisons, and a register behind each (models/arithmetic).
Inventory rescaler(uint32_t input_bits, uint32_t output_bits);

}  // namespace karhunen::resources
