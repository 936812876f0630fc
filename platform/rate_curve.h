// Rate and accuracy of one codec, from coarse to fine steps.
#pragma once

#include <optional>
#include <vector>

#include "platform/accuracy.h"

namespace karhunen {

struct CurvePoint {
    double bits = 0;  ///< of the quantiser
    double rate = 0;  ///< bits per value that are stored
    AccuracyReport report;
};

/// Bits per value at a logit SNR, between two neighbouring points; none outside the curve.
std::optional<double> rate_at(const std::vector<CurvePoint>& curve, double snr_db);

/// How curves compare over all SNRs that both have (G. Bjontegaard, "Calculation of average PSNR
/// differences between RD-curves", VCEG-M33, 2001; lines between points instead of cubics).
struct DeltaRate {
    double percent = 0;  ///< by which `curve` stores more than `base`, geometric mean
    double from_db = 0, to_db = 0;
};
/// None where the SNRs of the curves do not overlap.
std::optional<DeltaRate> delta_rate(const std::vector<CurvePoint>& curve,
                                    const std::vector<CurvePoint>& base);

}  // namespace karhunen
