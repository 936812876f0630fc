#include "platform/rate_curve.h"

#include <algorithm>

namespace karhunen {

std::optional<double> rate_at(const std::vector<CurvePoint>& curve, double snr_db) {
    for (size_t i = 0; i + 1 < curve.size(); ++i) {
        const CurvePoint &a = curve[i], &b = curve[i + 1];
        if (!(std::min(a.report.snr_db, b.report.snr_db) <= snr_db &&
              snr_db <= std::max(a.report.snr_db, b.report.snr_db)))
            continue;
        const double span = b.report.snr_db - a.report.snr_db;
        return span == 0 ? a.rate : a.rate + (b.rate - a.rate) * (snr_db - a.report.snr_db) / span;
    }
    return {};
}

}  // namespace karhunen
