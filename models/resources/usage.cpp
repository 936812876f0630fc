#include "models/resources/usage.h"

#include <algorithm>
#include <cmath>

#include "models/resources/coefficients.h"
#include "models/resources/ram_packing.h"

namespace karhunen::resources {

namespace {

uint64_t up(double value) {
    return static_cast<uint64_t>(std::ceil(value - 1e-9));
}

bool is_intel(Family family) {
    return family == Family::stratix_10 || family == Family::arria_10;
}

/// Parts that an operand is cut into: the top one signed, the others one bit narrower.
uint32_t parts(uint32_t bits, uint32_t port_bits) {
    return bits <= port_bits ? 1 : 1 + (bits - port_bits + port_bits - 2) / (port_bits - 1);
}

double logic_of(const Inventory& i, const LogicCosts& costs, bool pairs_are_free) {
    const double adders = i.adder_bits + (pairs_are_free ? 0 : i.pair_adder_bits);
    return adders * costs.adder_bit + i.mux_bits * costs.mux_bit + i.gates * costs.gate +
           i.register_bits * costs.register_bit;
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
    logic += other.logic;
    registers += other.registers;
    dsp += other.dsp;
    ram_blocks += other.ram_blocks;
    memory_bits += other.memory_bits;
    kge += other.kge;
    return *this;
}

double dsp_of_one(uint32_t a, uint32_t b, Family family) {
    if (family == Family::asic) return 0;
    const auto [narrow, wide] = std::minmax(a, b);
    if (is_intel(family)) {
        if (narrow <= 18 && wide <= 19) return 0.5;
        if (wide <= 27) return 1;
        return 0.5 * parts(narrow, 18) * parts(wide, 18);
    }
    return parts(narrow, 18) * parts(wide, family == Family::ultrascale_plus ? 27 : 25);
}

double joining_adders(const Multipliers& m, Family family) {
    const auto [narrow, wide] = std::minmax(m.a_bits, m.b_bits);
    const double rows = parts(narrow, 18);
    const double columns = parts(wide, family == Family::ultrascale_plus ? 27 : 25);
    const double row = narrow + rows - 1 + rows * (wide - 17.0);
    return static_cast<double>(m.count) *
           ((columns - 1) * row + (rows - 1) * (narrow + wide - 17.0));
}

double gates_of_one(uint32_t a, uint32_t b) {
    const auto [narrow, wide] = std::minmax(a, b);
    return a * b * gate_costs.gate + (narrow - 1.0) * wide * gate_costs.adder_bit +
           (a + b) * gate_costs.register_bit;
}

double logic_gates(const Inventory& i) {
    return logic_of(i, gate_costs, false);
}

Usage usage_of(const Inventory& i, const Device& device) {
    Usage usage;
    double dsp = 0, distributed = 0, gate_equivalents = logic_gates(i);
    for (const Multipliers& m : i.multipliers) {
        dsp += dsp_of_one(m.a_bits, m.b_bits, device.family) * static_cast<double>(m.count);
        gate_equivalents += gates_of_one(m.a_bits, m.b_bits) * static_cast<double>(m.count);
    }
    for (const Memory& m : i.memories) {
        const double count = static_cast<double>(m.count);
        usage.ram_blocks += blocks_of_one(m, device.family) * count;
        distributed += logic_of_one(m, device.family) * count;
        usage.memory_bits += m.bits();
        if (is_distributed(m))  // a register and a branch of the multiplexer behind it
            gate_equivalents +=
                static_cast<double>(m.bits()) * (gate_costs.register_bit + gate_costs.mux_bit);
    }
    usage.dsp = up(dsp);
    usage.registers = up(i.register_bits);
    usage.kge = gate_equivalents / 1000;
    if (!device.is_asic()) {
        const bool intel = is_intel(device.family);
        const LogicCosts& costs = intel ? alm_costs : lut_costs;
        double logic = logic_of(i, costs, intel) + distributed;
        if (!intel)
            for (const Multipliers& m : i.multipliers)
                logic += joining_adders(m, device.family) * costs.adder_bit;
        usage.logic = up(std::max(logic, i.register_bits / costs.registers_per_unit));
    }
    return usage;
}

double largest_share(const Usage& usage, const Device& device) {
    if (device.is_asic()) return 0;
    return std::max({static_cast<double>(usage.logic) / static_cast<double>(device.logic),
                     static_cast<double>(usage.dsp) / static_cast<double>(device.dsp),
                     usage.ram_blocks / static_cast<double>(device.ram_blocks)});
}

}  // namespace karhunen::resources
