// Principal components of integer vectors.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

struct PrincipalComponents {
    std::vector<double> mean;        ///< per channel
    std::vector<double> variance;    ///< per component, falling
    std::vector<double> components;  ///< [component][channel], orthonormal
};

/// Of all vectors of `channels` values (|value| <= 4096) in the images together, with their
/// population covariance. Each component's largest entry is positive. Same bits on every host.
PrincipalComponents principal_components(std::span<const std::span<const int16_t>> images,
                                         uint32_t channels);

/// The smallest number of components that have `share` of the whole variance; at least 1.
uint32_t components_for(std::span<const double> variance, double share);

}  // namespace karhunen
