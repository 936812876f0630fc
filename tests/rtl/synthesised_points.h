// synthesis.csv, and what models/resources says of its points.
#pragma once

#include <string>
#include <vector>

#include "models/resources/inventory.h"

namespace karhunen::rtl {

struct SynthesisedPoint {
    std::string block, parameters;  ///< "ebpc_encoder", "WORD_BITS=8 BLOCK_WORDS=8 .."
    bool held_out = false;          ///< not one of those that coefficients were fitted to
    double lut = 0, ff = 0, dsp = 0, kge = 0;
    std::string tool;
};

/// Throws std::runtime_error that names file, line and what was expected.
std::vector<SynthesisedPoint> read_synthesised_points(const std::string& path);

/// Throws std::runtime_error for a block or parameter that there is no formula for.
resources::Inventory inventory_of(const SynthesisedPoint& point);

/// As synthesised: LUT with those of shallow memories, gates without memories. Flip-flops are those
/// of the formula; DSP slices take some in, and yosys finds pipelines that others do not.
struct EstimatedPoint {
    double lut = 0, ff = 0, dsp = 0, kge = 0;
};
EstimatedPoint estimate_of(const resources::Inventory& inventory);

/// Estimate over synthesised, less 1; 0 where both are none.
double relative_error(double estimated, double synthesised);

/// The coefficients (models/resources/coefficients.h) that synthesis decides: least squares of the
/// relative errors of the fitted points. All others stay as they are.
struct FittedCosts {
    double lut_mux_bit, lut_gate, gates_register_bit;
};
FittedCosts fitted_costs(const std::vector<SynthesisedPoint>& points);

}  // namespace karhunen::rtl
