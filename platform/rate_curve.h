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

}  // namespace karhunen
