#include "platform/rate_distortion.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/comparison.h"
#include "platform/paper.h"
#include "platform/table.h"

namespace karhunen {

namespace {

using Interval = std::pair<double, double>;

std::string text_of(const Interval& interval) {
    return fixed(interval.first, 1) + " to " + fixed(interval.second, 1);
}

std::string signed_text(double points) {
    return (points > 0 ? "+" : "") + fixed(points, 1);
}

Interval agreement_interval(const AccuracyReport& r) {
    const Interval share = confidence_interval(r.agreement, r.images);
    return {100 * share.first, 100 * share.second};
}

/// By how much less the point stores than the uniform curve at its SNR, in percent.
std::optional<double> saved(const RateDistortion& curves, const CurvePoint& point) {
    if (!point.report.has_reference) return {};
    const auto rate = rate_at(curves.uniform, point.report.snr_db);
    return rate ? std::optional(100 - 100 * point.rate / *rate) : std::nullopt;
}

std::optional<DeltaRate> delta_of(const RateDistortion& curves) {
    if (!curves.raw.has_reference) return {};
    return delta_rate(curves.per_tensor, curves.uniform);
}

/// Calls line(steps, point, saved) for all points.
template <typename Line>
void for_all(const RateDistortion& curves, Line&& line) {
    for (const CurvePoint& p : curves.uniform) line("uniform", p, std::optional<double>{});
    for (const CurvePoint& p : curves.per_tensor) line("per tensor", p, saved(curves, p));
}

}  // namespace

void print_rate_distortion(const RateDistortion& curves, std::ostream& out) {
    const AccuracyReport& raw = curves.raw;
    out << raw.images << " images, codec " << curves.codec
        << ". bits: of the quantiser. rate: entropy in bits per value. change: of\ntop-1 against "
           "raw ("
        << percent(raw.top1, raw.images)
        << " %) on the same images, in points. Intervals: 95 %. Steps per\ntensor: chosen on "
           "calibration pictures to be as noisy as the uniform ones with the same bits.\nsaved: at "
           "the same logit SNR, against uniform steps.\n\n";
    const bool reference = raw.has_reference;
    std::vector<std::string> head = {"steps", "bits", "rate", "top-1", "change", "interval"};
    if (reference) head.insert(head.end(), {"agree", "interval", "SNR dB", "saved"});
    Table table(head, 1);
    const auto add = [&](const char* steps, const CurvePoint& p, std::optional<double> less) {
        const AccuracyReport& r = p.report;
        const PairedChange change = paired_change(raw, r);
        std::vector<std::string> row = {steps,
                                        fixed(p.bits, 2),
                                        fixed(p.rate, 3),
                                        percent(r.top1, r.images),
                                        signed_text(change.points),
                                        text_of({change.low, change.high})};
        if (reference)
            row.insert(row.end(), {percent(r.agreement, r.images), text_of(agreement_interval(r)),
                                   fixed(r.snr_db, 2), less ? fixed(*less, 1) + " %" : "-"});
        table.add(std::move(row));
    };
    for_all(curves, add);
    table.print(out);
    if (const auto delta = delta_of(curves))
        out << "\nSteps per tensor store " << signed_text(delta->percent)
            << " % at equal SNR, mean from " << fixed(delta->from_db, 1) << " to "
            << fixed(delta->to_db, 1) << " dB (Bjontegaard's delta rate).\n";
    if (curves.codec != "transform") return;
    out << "\npublished (Chmiel et al., Fig. 3, their ResNet-18; 8-bit maps: "
        << fixed(paper::accuracy_8_bit, 2) << " % top-1):";
    for (const paper::AccuracyPoint& p : paper::accuracy_curve)
        out << (&p == paper::accuracy_curve.data() ? " " : ", ") << fixed(p.bits_per_value, 2)
            << " bits " << signed_text(p.top1_percent - paper::accuracy_8_bit);
    out << "\n";
}

void print_rate_distortion_csv(const RateDistortion& curves, std::ostream& out) {
    out << "steps,quantiser_bits,bits_per_value,code_bits,stream_words,dram_bursts,images,"
           "top1_percent,top5_percent,top1_change_points,change_low,change_high,agreement_percent,"
           "agreement_low,agreement_high,logit_snr_db,saved_percent\n";
    for_all(curves, [&](const char* steps, const CurvePoint& p, std::optional<double> less) {
        const AccuracyReport& r = p.report;
        const PairedChange change = paired_change(curves.raw, r);
        const auto share = [&](uint64_t part) {
            return fixed(100.0 * static_cast<double>(part) / static_cast<double>(r.images), 4);
        };
        out << steps << ',' << p.bits << ',' << fixed(p.rate, 6) << ','
            << fixed(r.average.code_bits, 6) << ',' << fixed(r.average.stream_words, 6) << ','
            << fixed(r.average.dram_bursts, 6) << ',' << r.images << ',' << share(r.top1) << ','
            << share(r.top5) << ',' << fixed(change.points, 4) << ',' << fixed(change.low, 4) << ','
            << fixed(change.high, 4) << ',';
        if (r.has_reference) {
            const Interval interval = agreement_interval(r);
            out << share(r.agreement) << ',' << fixed(interval.first, 4) << ','
                << fixed(interval.second, 4) << ',' << fixed(r.snr_db, 4);
        } else {
            out << ",,,";
        }
        out << ',' << (less ? fixed(*less, 4) : "") << '\n';
    });
}

void print_rate_distortion_json(const RateDistortion& curves, std::ostream& out) {
    using Json = nlohmann::ordered_json;
    Json points = Json::array();
    for_all(curves, [&](const char* steps, const CurvePoint& p, std::optional<double> less) {
        const PairedChange change = paired_change(curves.raw, p.report);
        Json point = json_of(p.report);
        point["steps"] = steps;
        point["quantiser_bits"] = p.bits;
        point["rate"] = p.rate;
        point["top1_change"] = {{"points", change.points}, {"interval", {change.low, change.high}}};
        if (less) point["saved_percent"] = *less;
        points.push_back(std::move(point));
    });
    Json all{{"codec", curves.codec}, {"raw", json_of(curves.raw)}, {"points", points}};
    if (const auto delta = delta_of(curves))
        all["delta_rate"] = {
            {"percent", delta->percent}, {"from_db", delta->from_db}, {"to_db", delta->to_db}};
    out << all.dump(2) << '\n';
}

}  // namespace karhunen
