// Weights as integers: the step of each output channel, and rounding to it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sw/compiler/network.h"

namespace karhunen {

/// Weights reach from -largest to largest: 127 with 8 bits, 7 with 4.
constexpr int32_t largest_weight(uint32_t bits) {
    return (1 << (bits - 1)) - 1;
}

/// Step of each output channel with which its largest weight is the largest integer; 0 where all
/// weights are.
std::vector<double> steps_of_largest(const FloatConvolution& c);

/// Step of each output channel with the least squared error of rounding and clipping, of some
/// between 0.75 and 1 times steps_of_largest().
std::vector<double> steps_of_least_error(const FloatConvolution& c);

/// Squared error of each output channel's weights.
std::vector<double> rounding_errors(const FloatConvolution& c, std::span<const double> steps);

/// [reduction][output channel], of the nearest integers.
std::vector<int8_t> rounded_weights(const FloatConvolution& c, std::span<const double> steps);

}  // namespace karhunen
