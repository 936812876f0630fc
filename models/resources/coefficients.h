// What a primitive costs in each technology: the one place with numbers that synthesis may correct.
#pragma once

namespace karhunen::resources {

/// Units of logic: LUTs of six inputs, ALMs, or gate equivalents.
struct LogicCosts {
    double adder_bit, mux_bit, gate, register_bit;
    /// Registers that come free with a unit of logic; they are paid for only beyond that.
    double registers_per_unit;
};

extern const LogicCosts lut_costs, alm_costs, gate_costs;

}  // namespace karhunen::resources
