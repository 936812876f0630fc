#include "models/resources/coefficients.h"

namespace karhunen::resources {

// UG474 and UG574: a carry bit per LUT, two flip-flops beside each. The other two are fitted to
// synthesis by yosys (tests/rtl/SYNTHESIS.md). A LUT may hold two multiplexers with a common select
// and five gates, which place and route uses more than synthesis does.
const LogicCosts lut_costs = {
    .adder_bit = 1, .mux_bit = 0.692, .gate = 0.585, .register_bit = 0, .registers_per_unit = 2};

// S10 and A10 core handbooks: two carry bits per ALM, two functions of five inputs that share two,
// four flip-flops. Not synthesised.
const LogicCosts alm_costs = {
    .adder_bit = 0.5, .mux_bit = 0.5, .gate = 0.25, .register_bit = 0, .registers_per_unit = 4};

// NanGate 45 nm open cell library, area over that of NAND2_X1 (0.798 um2): MUX2_X1 1.862, AND2_X1
// 1.064; libraries of 65 nm differ by some 10 %. An adder bit is two XORs and three NANDs, as yosys
// makes it of the PCA unit; the library's cell for it is 5.33. A register bit is fitted
// (tests/rtl/SYNTHESIS.md): DFF_X1 is 5.67, DFFR_X1 6.67, a multiplexer that holds it 2.33 more.
const LogicCosts gate_costs = {
    .adder_bit = 7, .mux_bit = 2.33, .gate = 1.33, .register_bit = 7.02, .registers_per_unit = 0};

}  // namespace karhunen::resources
