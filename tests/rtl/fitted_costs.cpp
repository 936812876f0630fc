#include <algorithm>

#include "models/resources/coefficients.h"
#include "models/resources/ram_packing.h"
#include "models/resources/usage.h"
#include "tests/rtl/synthesised_points.h"

namespace karhunen::rtl {
namespace {

using namespace resources;

/// What is left for the coefficients that are fitted, and how often each is in it; all over what
/// was synthesised.
struct Equation {
    double a, b, rest;
};

Equation lut_equation(const SynthesisedPoint& point) {
    const Inventory i = inventory_of(point);
    double known = (i.adder_bits + i.pair_adder_bits) * lut_costs.adder_bit;
    for (const Multipliers& m : i.multipliers)
        known += joining_adders(m, Family::ultrascale_plus) * lut_costs.adder_bit;
    for (const Memory& m : i.memories)
        known += logic_of_one(m, Family::ultrascale_plus) * static_cast<double>(m.count);
    return {i.mux_bits / point.lut, i.gates / point.lut, 1 - known / point.lut};
}

/// Registers beside and inside multipliers.
Equation register_equation(const SynthesisedPoint& point) {
    const Inventory i = inventory_of(point);
    const double gates = 1000 * point.kge, estimate = 1000 * estimate_of(i).kge;
    double bits = i.register_bits;
    for (const Multipliers& m : i.multipliers)
        bits += static_cast<double>(m.count) * (m.a_bits + m.b_bits);
    return {bits / gates, 0, 1 - (estimate - bits * gate_costs.register_bit) / gates};
}

}  // namespace

FittedCosts fitted_costs(const std::vector<SynthesisedPoint>& points) {
    double aa = 0, ab = 0, bb = 0, ar = 0, br = 0, registers = 0, gates = 0;
    for (const SynthesisedPoint& point : points) {
        if (point.held_out) continue;
        const Equation lut = lut_equation(point), reg = register_equation(point);
        aa += lut.a * lut.a;
        ab += lut.a * lut.b;
        bb += lut.b * lut.b;
        ar += lut.a * lut.rest;
        br += lut.b * lut.rest;
        registers += reg.a * reg.a;
        gates += reg.a * reg.rest;
    }
    const double determinant = aa * bb - ab * ab;
    return {(ar * bb - br * ab) / determinant, (br * aa - ar * ab) / determinant,
            gates / registers};
}

}  // namespace karhunen::rtl
