// Predictors of `context` from calibration maps.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/codec/context.h"

namespace karhunen {

/// Sums over pixels of a channel's W, N, NE, NW, value, and of their products; exact.
struct NeighbourMoments {
    std::array<int64_t, 5> sum{};
    std::array<std::array<int64_t, 5>, 5> products{};  ///< of i and j <= i
    void add(const std::array<int32_t, 5>& values);
};

/// Sets weights, bias and deviation class of all channels by least squares, each channel's weights
/// drawn a little to those that suit all; or these for all. Doubles, but additions and products in
/// fixed order only: the same on every host.
void fit_predictors(const std::vector<NeighbourMoments>& moments, int64_t pixels, bool shared,
                    ContextParameters& p);

}  // namespace karhunen
