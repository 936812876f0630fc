// Bits per value against accuracy (Chmiel et al., Fig. 3), with the same quantiser for every tensor
// and with steps, of transform also the number of components, chosen for each.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "platform/rate_curve.h"

namespace karhunen {

struct RateDistortion {
    std::string codec;
    AccuracyReport raw;                  ///< what changes are against
    std::vector<CurvePoint> uniform;     ///< by bits
    std::vector<CurvePoint> per_tensor;  ///< each as noisy in calibration as its uniform one
};

/// Entropy; points of the curves one below the other, published ones last.
void print_rate_distortion(const RateDistortion& curves, std::ostream& out);
/// A line for each point.
void print_rate_distortion_csv(const RateDistortion& curves, std::ostream& out);
void print_rate_distortion_json(const RateDistortion& curves, std::ostream& out);

}  // namespace karhunen
