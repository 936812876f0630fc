#include "platform/rate_curve.h"

#include <algorithm>
#include <cmath>

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

std::optional<DeltaRate> delta_rate(const std::vector<CurvePoint>& curve,
                                    const std::vector<CurvePoint>& base) {
    const auto by_snr = [](const CurvePoint& a, const CurvePoint& b) {
        return a.report.snr_db < b.report.snr_db;
    };
    if (curve.empty() || base.empty()) return {};
    const auto [low, high] = std::minmax_element(curve.begin(), curve.end(), by_snr);
    const auto [base_low, base_high] = std::minmax_element(base.begin(), base.end(), by_snr);
    const double from = std::max(low->report.snr_db, base_low->report.snr_db);
    const double to = std::min(high->report.snr_db, base_high->report.snr_db);
    if (!(from < to)) return {};
    constexpr int parts = 1000;
    double sum = 0;
    for (int i = 0; i < parts; ++i) {
        const double snr = from + (to - from) * (i + 0.5) / parts;
        sum += std::log(*rate_at(curve, snr) / *rate_at(base, snr));
    }
    return DeltaRate{100 * std::expm1(sum / parts), from, to};
}

}  // namespace karhunen
