#include "sw/compiler/round_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>

#include "sw/compiler/parallel.h"
#include "sw/compiler/weight_steps.h"

namespace karhunen {

namespace {

constexpr int most_sweeps = 8;

/// Sums over one picture or all of them; integers, so that their order does not matter.
struct Moments {
    std::vector<int64_t> sums;      ///< [channel]
    std::vector<int64_t> products;  ///< [channel][channel], upper half
    std::vector<int64_t> lags;      ///< [channel][lag]: products of values that far apart
    std::vector<int64_t> pairs;     ///< [lag]

    void add(const Moments& other) {
        const auto add = [](std::vector<int64_t>& to, const std::vector<int64_t>& from) {
            to.resize(from.size());
            for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
        };
        add(sums, other.sums);
        add(products, other.products);
        add(lags, other.lags);
        add(pairs, other.pairs);
    }
};

int64_t product(const int16_t* a, const int16_t* b, std::size_t count) {
    constexpr std::size_t exact = 1 << 14;  // 255 * 255 * 2^14 < 2^31
    int64_t sum = 0;
    for (std::size_t first = 0; first < count; first += exact) {
        int32_t part = 0;
        for (std::size_t i = first; i < std::min(count, first + exact); ++i) part += a[i] * b[i];
        sum += part;
    }
    return sum;
}

/// Distances between taps: rows from 0, columns of either sign.
struct Lags {
    explicit Lags(const FloatConvolution& c)
        : rows(c.kernel_y), columns(2 * c.kernel_x - 1), middle(c.kernel_x - 1) {}
    uint32_t rows, columns, middle;
    std::size_t count() const { return std::size_t{rows} * columns; }
};

Moments moments_of(const FloatConvolution& c, std::span<const int16_t> map) {
    const MapShape& shape = c.input_shape;
    const std::size_t channels = shape.channels, pixels = map.size() / channels;
    std::vector<int16_t> planes(map.size());  // [channel][pixel]
    for (std::size_t i = 0; i < map.size(); ++i)
        planes[i % channels * pixels + i / channels] = map[i];
    const Lags lags(c);
    Moments m;
    m.products.resize(channels * channels);
    m.lags.resize(channels * lags.count());
    m.pairs.resize(lags.count());
    for (std::size_t i = 0; i < channels; ++i) {
        const int16_t* plane = &planes[i * pixels];
        int64_t sum = 0;
        for (std::size_t p = 0; p < pixels; ++p) sum += plane[p];
        m.sums.push_back(sum);
        for (std::size_t j = i; j < channels; ++j)
            m.products[i * channels + j] = product(plane, &planes[j * pixels], pixels);
        for (std::size_t lag = 0; lag < lags.count(); ++lag) {
            const uint32_t down = static_cast<uint32_t>(lag / lags.columns) * c.dilation_y;
            const int64_t right =
                (static_cast<int64_t>(lag % lags.columns) - lags.middle) * c.dilation_x;
            const auto columns = static_cast<int64_t>(shape.width) - std::abs(right);
            if (columns <= 0) continue;
            for (uint32_t y = 0; y + down < shape.height; ++y) {
                m.lags[i * lags.count() + lag] +=
                    product(plane + y * shape.width + std::max<int64_t>(-right, 0),
                            plane + (y + down) * shape.width + std::max<int64_t>(right, 0),
                            static_cast<std::size_t>(columns));
                if (i == 0) m.pairs[lag] += columns;
            }
        }
    }
    return m;
}

/// One output channel.
class Rounding {
public:
    Rounding(const FloatConvolution& c, const WindowCovariance& covariance, std::size_t n,
             QuantisedConvolution& q)
        : covariance_(covariance),
          weights_(q.weights),
          channels_(c.group_channels()),
          taps_(std::size_t{c.kernel_y} * c.kernel_x),
          outputs_(c.output_shape.channels),
          n_(n),
          first_(n / (outputs_ / c.groups) * channels_),
          largest_(largest_weight(c.weight_bits)) {
        for (std::size_t k = 0; k < taps_ * channels_; ++k)
            error_.push_back(weight(k) - c.weights[k * outputs_ + n] / q.steps[n]);
    }

    void run() {
        start();
        for (int sweep = 0; sweep < most_sweeps; ++sweep)
            if (!this->sweep()) return;
    }

private:
    int8_t& weight(std::size_t k) { return weights_[k * outputs_ + n_]; }
    const double* row(std::size_t channel) const {
        return &covariance_.channel[(first_ + channel) * covariance_.channels + first_];
    }

    /// Half the gradient: H D.
    void start() {
        std::vector<double> mixed(error_.size());
        for (std::size_t t = 0; t < taps_; ++t)
            for (std::size_t i = 0; i < channels_; ++i) {
                const double error = error_[t * channels_ + i];
                const double* c = row(i);
                for (std::size_t j = 0; j < channels_; ++j)
                    mixed[t * channels_ + j] += error * c[j];
            }
        gradient_.assign(error_.size(), 0);
        for (std::size_t t = 0; t < taps_; ++t)
            for (std::size_t u = 0; u < taps_; ++u)
                for (std::size_t j = 0; j < channels_; ++j)
                    gradient_[u * channels_ + j] +=
                        covariance_.tap[u * taps_ + t] * mixed[t * channels_ + j];
    }

    bool sweep() {
        bool moved = false;
        for (std::size_t k = 0; k < error_.size(); ++k) {
            const std::size_t i = k % channels_, t = k / channels_;
            const int step = gradient_[k] > 0 ? -1 : 1;
            const double curvature = row(i)[i];
            if (2 * std::fabs(gradient_[k]) <= curvature) continue;
            if (std::fabs(error_[k] + step) >= 1 || std::abs(weight(k) + step) > largest_) continue;
            weight(k) = static_cast<int8_t>(weight(k) + step);
            error_[k] += step;
            const double* c = row(i);
            for (std::size_t u = 0; u < taps_; ++u) {
                const double factor = step * covariance_.tap[u * taps_ + t];
                for (std::size_t j = 0; j < channels_; ++j)
                    gradient_[u * channels_ + j] += factor * c[j];
            }
            moved = true;
        }
        return moved;
    }

    const WindowCovariance& covariance_;
    std::vector<int8_t>& weights_;
    const std::size_t channels_, taps_, outputs_, n_, first_;
    const int largest_;
    std::vector<double> error_, gradient_;  ///< [tap][channel of the group], in steps
};

}  // namespace

WindowCovariance window_covariance(const FloatConvolution& c,
                                   std::span<const std::span<const int16_t>> maps,
                                   unsigned threads) {
    Moments all;
    std::mutex adding;
    for_each_index(maps.size(), threads, [&](std::size_t i) {
        const Moments one = moments_of(c, maps[i]);
        const std::lock_guard lock(adding);
        all.add(one);
    });
    const std::size_t channels = c.input_shape.channels;
    const double samples = static_cast<double>(maps.size() * maps[0].size() / channels);
    std::vector<double> mean;
    for (const int64_t sum : all.sums) mean.push_back(static_cast<double>(sum) / samples);
    WindowCovariance result;
    result.channels = c.input_shape.channels;
    result.channel.resize(channels * channels);
    // Few values say little about how channels go together.
    const double trust = samples / (samples + static_cast<double>(channels));
    double variance = 0;
    for (std::size_t i = 0; i < channels; ++i)
        for (std::size_t j = i; j < channels; ++j) {
            const double value =
                static_cast<double>(all.products[i * channels + j]) / samples - mean[i] * mean[j];
            if (i == j) variance += value;
            result.channel[i * channels + j] = result.channel[j * channels + i] =
                i == j ? value : trust * value;
        }
    const Lags lags(c);
    const std::size_t taps = std::size_t{c.kernel_y} * c.kernel_x;
    std::vector<double> correlation(lags.count());
    for (std::size_t lag = 0; lag < lags.count(); ++lag) {
        for (std::size_t i = 0; i < channels && all.pairs[lag] > 0; ++i)
            correlation[lag] += static_cast<double>(all.lags[i * lags.count() + lag]) /
                                    static_cast<double>(all.pairs[lag]) -
                                mean[i] * mean[i];
        correlation[lag] = variance > 0 ? correlation[lag] / variance : 0;
    }
    for (std::size_t t = 0; t < taps; ++t)
        for (std::size_t u = 0; u < taps; ++u) {
            const std::size_t a = std::min(t, u), b = std::max(t, u);
            const std::size_t down = b / c.kernel_x - a / c.kernel_x;
            const std::size_t right = lags.middle + b % c.kernel_x - a % c.kernel_x;
            result.tap.push_back(t == u ? 1 : correlation[down * lags.columns + right]);
        }
    return result;
}

void round_weights(const FloatConvolution& c, const WindowCovariance& covariance, unsigned threads,
                   QuantisedConvolution& q) {
    for_each_index(c.output_shape.channels, threads,
                   [&](std::size_t n) { Rounding(c, covariance, n, q).run(); });
}

}  // namespace karhunen
