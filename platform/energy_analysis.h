// How few principal components have how much of a map's variance (Chmiel et al., Fig. 5: "energy"
// is the sum of the largest eigenvalues of the covariance over the sum of all).
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "platform/codec_rates.h"

namespace karhunen {

struct EnergyCurve {
    std::string tensor;
    uint32_t channels = 0;
    uint64_t vectors = 0;          ///< pixels of all images: what the covariance is estimated from
    std::vector<double> variance;  ///< of the components, falling, in squared 8-bit steps
    std::vector<double> energy;    ///< [k]: share of the variance in the first k + 1
    /// Shannon's bound for Gaussian sources of these variances at the error of rounding to 8-bit
    /// steps, 1/12 each: mean of max(0, log2(12 variance) / 2), bits per value. For the components,
    /// and for the channels as they are. A uniform quantiser with entropy coding needs up to 0.25
    /// bits more.
    double bound = 0, bound_without = 0;
};

/// tensors: s12, from before the ReLU. One curve each.
std::vector<EnergyCurve> energy_curves(
    const std::vector<RateTensor>& tensors, unsigned threads,
    const std::function<void(size_t done, size_t all)>& progress);

/// Mean over the tensors of the share of components that have this share of the variance.
double mean_component_share(const std::vector<EnergyCurve>& curves, double energy);

void print_energy(const std::vector<EnergyCurve>& curves, std::ostream& out);
void print_energy_csv(const std::vector<EnergyCurve>& curves, std::ostream& out);
void print_energy_json(const std::vector<EnergyCurve>& curves, std::ostream& out);

}  // namespace karhunen
