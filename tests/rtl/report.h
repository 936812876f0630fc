// The table of SYNTHESIS.md.
#pragma once

#include <string>
#include <vector>

#include "tests/rtl/synthesised_points.h"

namespace karhunen::rtl {

std::string synthesis_report(const std::vector<SynthesisedPoint>& points);

}  // namespace karhunen::rtl
