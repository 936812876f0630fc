// How often values of each size occur, and up to which one a quantiser should reach.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace karhunen {

/// How the range of a quantiser is found.
struct RangeMethod {
    enum Kind {
        squared_error,  ///< least mean squared error of rounding and clipping together
        largest,        ///< the largest value seen (min-max): nothing is clipped
        percentile,     ///< that share of the positive values is not clipped
        /// least Kullback-Leibler divergence between what is seen and what the levels leave of it
        /// (S. Migacz, "8-bit Inference with TensorRT", GTC 2017)
        divergence,
    } kind = squared_error;
    double percent = 99.99;  ///< of `percentile`
};

/// "mse", "minmax", "percentile", "percentile:99.9" or "kl". Throws CompileError.
RangeMethod parse_range_method(const std::string& text);

/// Distribution of the positive values and the largest magnitudes. Adding values in another order
/// or merging parts gives the same histogram: bins are halved by exact powers of two.
class Histogram {
public:
    void add(std::span<const float> values);
    void merge(Histogram other);

    double largest() const { return largest_; }              ///< positive value
    double largest_magnitude() const { return magnitude_; }  ///< of either sign

    /// The upper end of `levels` steps from 0 that the method wants, values beyond it being
    /// clipped. Never 0.
    double range(const RangeMethod& method, uint32_t levels) const;

private:
    static constexpr uint32_t bins = 4096;
    void widen(double value);
    double of_least_squared_error(uint32_t levels) const;
    double of_percentile(double percent) const;
    double of_least_divergence(uint32_t levels) const;

    std::vector<uint64_t> counts_ = std::vector<uint64_t>(bins);
    double range_ = 1.0 / (1 << 20);  ///< upper end of the last bin, a power of two
    double largest_ = 0, magnitude_ = 0;
};

}  // namespace karhunen
