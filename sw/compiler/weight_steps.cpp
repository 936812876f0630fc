#include "sw/compiler/weight_steps.h"

#include <algorithm>
#include <cmath>

namespace karhunen {

std::vector<double> steps_of_largest(const FloatConvolution& c) {
    const std::size_t channels = c.output_shape.channels;
    const int32_t largest = largest_weight(c.weight_bits);
    std::vector<double> steps(channels, 0.0);
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        steps[i % channels] =
            std::max<double>(steps[i % channels], std::fabs(c.weights[i]) / largest);
    return steps;
}

std::vector<double> rounding_errors(const FloatConvolution& c, std::span<const double> steps) {
    const std::size_t channels = steps.size();
    const double largest = largest_weight(c.weight_bits);
    std::vector<double> errors(channels);
    for (std::size_t row = 0; row < c.weights.size(); row += channels)
        for (std::size_t n = 0; n < channels; ++n) {
            const double weight = c.weights[row + n] / steps[n];
            // Rounds as floor() of halves more does: the sum is positive.
            const double raised = std::clamp(weight, -largest, largest) + largest + 0.5;
            const double error = weight - (static_cast<int32_t>(raised) - largest);
            errors[n] += error * error;
        }
    for (std::size_t n = 0; n < channels; ++n) errors[n] *= steps[n] * steps[n];
    return errors;
}

std::vector<double> steps_of_least_error(const FloatConvolution& c) {
    const std::vector<double> widest = steps_of_largest(c);
    std::vector<double> best = widest, tried(widest.size());
    std::vector<double> least(widest.size(), INFINITY);
    for (int percent = 100; percent >= 75; --percent) {
        for (std::size_t n = 0; n < tried.size(); ++n)
            tried[n] = widest[n] > 0 ? widest[n] * percent / 100 : 1;
        const std::vector<double> errors = rounding_errors(c, tried);
        for (std::size_t n = 0; n < tried.size(); ++n)
            if (widest[n] > 0 && errors[n] < least[n]) {
                least[n] = errors[n];
                best[n] = tried[n];
            }
    }
    return best;
}

std::vector<int8_t> rounded_weights(const FloatConvolution& c, std::span<const double> steps) {
    const double largest = largest_weight(c.weight_bits);
    std::vector<int8_t> weights(c.weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<int8_t>(std::clamp(
            std::floor(c.weights[i] / steps[i % steps.size()] + 0.5), -largest, largest));
    return weights;
}

}  // namespace karhunen
