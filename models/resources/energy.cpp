#include "models/resources/energy.h"

#include <algorithm>
#include <cmath>

#include <karhunen/loadable.h>

#include "models/resources/coefficients.h"
#include "models/resources/ram_packing.h"
#include "models/resources/usage.h"

namespace karhunen::resources {

namespace {

constexpr double multiply_8x8_pj = 0.2, add_32_pj = 0.1;
constexpr uint32_t word_bytes = 8;
struct BankEnergy {
    double bytes, word_pj;
};
constexpr BankEnergy banks[] = {{8 << 10, 10}, {32 << 10, 20}, {1 << 20, 100}};

double gates_pj(double gate_equivalents, const Process& process) {
    return gate_equivalents * add_32_pj / (32 * gate_costs.adder_bit) * process.factor;
}

double parts_pj(const std::vector<Part>& parts, uint32_t channels, const Process& process) {
    double energy = 0;
    for (const Part& part : parts)
        energy += (part.clocks_per_value + part.clocks_per_value_and_channel * channels) *
                  clock_pj(part.inventory, process);
    return energy;
}

}  // namespace

double multiply_pj(uint32_t a_bits, uint32_t b_bits, const Process& process) {
    return multiply_8x8_pj * a_bits * b_bits / 64 * process.factor;
}

double add_pj(uint32_t bits, const Process& process) {
    return add_32_pj * bits / 32 * process.factor;
}

double mac_pj(const Process& process) {
    return multiply_pj(8, 8, process) + add_pj(32, process);
}

double sram_pj_per_byte(uint64_t bank_bytes, const Process& process) {
    const double bytes =
        std::clamp(static_cast<double>(bank_bytes), banks[0].bytes, banks[2].bytes);
    const size_t i = bytes > banks[1].bytes;
    const double exponent = std::log(banks[i + 1].word_pj / banks[i].word_pj) /
                            std::log(banks[i + 1].bytes / banks[i].bytes);
    return banks[i].word_pj * std::pow(bytes / banks[i].bytes, exponent) / word_bytes *
           process.factor;
}

double sram_pj_per_byte(const Memory& memory, const Process& process) {
    return sram_pj_per_byte(memory.depth * word_bytes, process);
}

double clock_pj(const Inventory& inventory, const Process& process) {
    double energy = gates_pj(logic_gates(inventory), process);
    for (const Multipliers& m : inventory.multipliers)
        energy += multiply_pj(m.a_bits, m.b_bits, process) * static_cast<double>(m.count);
    for (const Memory& m : inventory.memories) {
        const double bits = static_cast<double>(m.width_bits * m.count);
        energy += is_distributed(m)
                      ? gates_pj(bits * (gate_costs.register_bit + gate_costs.mux_bit), process)
                      : bits / 8 * sram_pj_per_byte(m, process);
    }
    return energy;
}

CodecEnergy codec_energy(uint32_t codec, const CodecUnit& unit, uint32_t channels,
                         const Process& process) {
    CodecEnergy energy{parts_pj(encoder_parts(codec, unit), channels, process),
                       parts_pj(decoder_parts(codec, unit), channels, process)};
    if (codec == KRHN_CODEC_TRANSFORM) {
        const Memory matrix =
            Memory::of_bytes(unit.table_bytes, uint64_t{8} * unit.transform_multipliers);
        const double per_value = channels * sram_pj_per_byte(matrix, process);  // a byte a product
        energy.encode_pj += per_value;
        energy.decode_pj += per_value;
    }
    return energy;
}

double bits_to_save(const CodecEnergy& energy, double dram_pj_per_bit) {
    return energy.both_pj() / dram_pj_per_bit;
}

double energy_pj(const OperationCounts& counts, const OperationCosts& costs) {
    return static_cast<double>(counts.macs) * costs.mac_pj +
           static_cast<double>(counts.sram_bytes) * costs.sram_byte_pj +
           static_cast<double>(counts.values_encoded) * costs.codec.encode_pj +
           static_cast<double>(counts.values_decoded) * costs.codec.decode_pj;
}

}  // namespace karhunen::resources
