#include "models/resources/coefficients.h"

namespace karhunen::resources {

// UG474 and UG574: a carry bit per LUT; as two LUTs of five inputs it holds two 2:1 multiplexers
// with a common select; two flip-flops beside each. A gate is a quarter of a LUT: a function of six
// inputs has five gates, few are that full.
const LogicCosts lut_costs = {
    .adder_bit = 1, .mux_bit = 0.5, .gate = 0.25, .register_bit = 0, .registers_per_unit = 2};

// S10 and A10 core handbooks: two carry bits per ALM, two functions of five inputs that share two,
// four flip-flops.
const LogicCosts alm_costs = {
    .adder_bit = 0.5, .mux_bit = 0.5, .gate = 0.2, .register_bit = 0, .registers_per_unit = 4};

// NanGate 45 nm open cell library, area over that of NAND2_X1 (0.798 um2): FA_X1 4.256, MUX2_X1
// 1.862, AND2_X1 1.064, DFFR_X1 5.320. In gate equivalents libraries of 65 nm differ by some 10 %.
const LogicCosts gate_costs = {.adder_bit = 5.33,
                               .mux_bit = 2.33,
                               .gate = 1.33,
                               .register_bit = 6.67,
                               .registers_per_unit = 0};

}  // namespace karhunen::resources
