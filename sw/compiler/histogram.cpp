#include "sw/compiler/histogram.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sw/compiler/error.h"

namespace karhunen {

RangeMethod parse_range_method(const std::string& text) {
    RangeMethod method;
    const std::size_t colon = text.find(':');
    const std::string name = text.substr(0, colon);
    if (name == "minmax")
        method.kind = RangeMethod::largest;
    else if (name == "percentile")
        method.kind = RangeMethod::percentile;
    else if (name == "kl")
        method.kind = RangeMethod::divergence;
    else if (name != "mse")
        throw CompileError("unknown range method '" + text +
                           "'; known are mse, minmax, percentile[:PERCENT] and kl");
    if (colon == std::string::npos) return method;
    const char *first = text.data() + colon + 1, *last = text.data() + text.size();
    const auto [end, error] = std::from_chars(first, last, method.percent);
    if (method.kind != RangeMethod::percentile)
        throw CompileError("range method '" + text + "': " + name + " takes no number; expected " +
                           name + " or percentile:PERCENT");
    if (error != std::errc{} || end != last || !(method.percent > 0 && method.percent <= 100))
        throw CompileError("range method '" + text +
                           "': expected percentile:PERCENT, above 0 and at most 100");
    return method;
}

void Histogram::widen(double value) {
    while (value >= range_) {
        for (uint32_t i = 0; i < bins / 2; ++i) counts_[i] = counts_[2 * i] + counts_[2 * i + 1];
        std::fill(counts_.begin() + bins / 2, counts_.end(), 0);
        range_ *= 2;
    }
}

void Histogram::add(std::span<const float> values) {
    if (values.empty()) return;
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    largest_ = std::max<double>(largest_, *high);
    magnitude_ = std::max<double>({magnitude_, *high, -*low});
    widen(largest_);
    const auto per_bin = static_cast<float>(bins / range_);
    for (const float value : values)
        if (value > 0) ++counts_[static_cast<uint32_t>(value * per_bin)];
}

void Histogram::merge(Histogram other) {
    largest_ = std::max(largest_, other.largest_);
    magnitude_ = std::max(magnitude_, other.magnitude_);
    widen(largest_);
    while (other.range_ < range_) other.widen(other.range_);
    for (uint32_t i = 0; i < bins; ++i) counts_[i] += other.counts_[i];
}

double Histogram::of_least_squared_error(uint32_t levels) const {
    double best = largest_, least = INFINITY;
    for (int percent = 100; percent >= 20; --percent) {
        const double range = largest_ * percent / 100, step = range / levels;
        double error = 0;
        for (uint32_t i = 0; i < bins; ++i) {
            const double value = (i + 0.5) * range_ / bins;
            const double beyond = std::max(0.0, value - range);
            error += static_cast<double>(counts_[i]) * (step * step / 12 + beyond * beyond);
        }
        if (error < least) {
            least = error;
            best = range;
        }
    }
    return best;
}

double Histogram::of_percentile(double percent) const {
    uint64_t all = 0;
    for (const uint64_t count : counts_) all += count;
    uint64_t kept = 0;
    for (uint32_t i = 0; i < bins; ++i) {
        kept += counts_[i];
        if (static_cast<double>(kept) * 100 >= percent * static_cast<double>(all))
            return std::min(largest_, (i + 1) * range_ / bins);
    }
    return largest_;
}

namespace {

/// Of the first `end` bins with everything behind them in the last one, from what is left when each
/// of `levels` groups of them has one value.
double divergence(std::span<const uint64_t> counts, uint32_t end, uint32_t levels) {
    uint64_t beyond = 0, all = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) (i < end ? all : beyond) += counts[i];
    const double total = static_cast<double>(all + beyond), inside = static_cast<double>(all);
    double sum = 0;
    for (uint32_t group = 0; group < levels; ++group) {
        const uint32_t first = static_cast<uint32_t>(uint64_t{group} * end / levels);
        const uint32_t last = static_cast<uint32_t>(uint64_t{group + 1} * end / levels);
        uint64_t values = 0, used = 0;
        for (uint32_t i = first; i < last; ++i) values += counts[i], used += counts[i] > 0;
        for (uint32_t i = first; i < last; ++i) {
            const uint64_t seen = counts[i] + (i + 1 == end ? beyond : 0);
            if (seen == 0) continue;
            if (counts[i] == 0) return INFINITY;  // clipped values where no other ones are
            const double p = static_cast<double>(seen) / total;
            const double q = static_cast<double>(values) / static_cast<double>(used) / inside;
            sum += p * std::log(p / q);
        }
    }
    return sum;
}

}  // namespace

double Histogram::of_least_divergence(uint32_t levels) const {
    const auto used = static_cast<uint32_t>(std::ceil(largest_ / range_ * bins));
    double best = largest_, least = INFINITY;
    for (uint32_t end = std::min(used, bins); end >= std::max(levels, 8u); end -= 8) {
        const double d = divergence(counts_, end, levels);
        if (d < least) {
            least = d;
            best = std::min(largest_, end * range_ / bins);
        }
    }
    return best;
}

double Histogram::range(const RangeMethod& method, uint32_t levels) const {
    if (largest_ <= 0) return 1;
    switch (method.kind) {
        case RangeMethod::squared_error:
            return of_least_squared_error(levels);
        case RangeMethod::largest:
            break;
        case RangeMethod::percentile:
            return of_percentile(method.percent);
        case RangeMethod::divergence:
            return of_least_divergence(levels);
    }
    return largest_;
}

}  // namespace karhunen
