// What values the maps take on the calibration pictures, in float: the ranges that scales are made
// from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sw/compiler/float_executor.h"

namespace karhunen {

/// Distribution of the positive values and the largest magnitudes. Adding values in another order
/// or merging parts gives the same histogram: bins are halved by exact powers of two.
class Histogram {
public:
    void add(std::span<const float> values);
    void merge(Histogram other);

    double largest() const { return largest_; }              ///< positive value
    double largest_magnitude() const { return magnitude_; }  ///< of either sign

    /// The upper end of `levels` steps from 0 that has the least squared error, values beyond it
    /// being clipped. Never 0.
    double best_range(uint32_t levels) const;

private:
    static constexpr uint32_t bins = 4096;
    void widen(double value);

    std::vector<uint64_t> counts_ = std::vector<uint64_t>(bins);
    double range_ = 1.0 / (1 << 20);  ///< upper end of the last bin, a power of two
    double largest_ = 0, magnitude_ = 0;
};

struct LayerRanges {
    Histogram result;             ///< before the ReLU, after pooling
    Histogram magnitude;          ///< the same without signs, of maps that are not rectified
    Histogram shortcut;           ///< result of the shortcut convolution
    std::vector<Histogram> sums;  ///< FloatExecutor::Values
    std::vector<double> mean;     ///< of each channel of the result, after the ReLU if it has one
};

/// One per layer. pictures: normalised.
std::vector<LayerRanges> observe_ranges(const Network& network, std::span<const FloatMap> pictures,
                                        unsigned threads);

}  // namespace karhunen
