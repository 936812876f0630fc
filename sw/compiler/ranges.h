// What values the maps take on the calibration pictures, in float: the ranges that scales are made
// from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sw/compiler/float_executor.h"
#include "sw/compiler/histogram.h"

namespace karhunen {

struct LayerRanges {
    Histogram result;             ///< before the ReLU, after pooling
    Histogram magnitude;          ///< the same without signs, of maps that are not rectified
    Histogram shortcut;           ///< result of the shortcut convolution
    std::vector<Histogram> sums;  ///< FloatExecutor::Values
    std::vector<double> mean;     ///< of each channel of the result, after the ReLU if it has one
};

/// One per layer. pictures: normalised. logits: is given those of every picture.
std::vector<LayerRanges> observe_ranges(const Network& network, std::span<const FloatMap> pictures,
                                        unsigned threads,
                                        std::vector<std::vector<double>>* logits = nullptr);

}  // namespace karhunen
