#include "sw/compiler/quantise.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "sw/compiler/error.h"

namespace karhunen {

namespace {

constexpr double largest_multiplier = 2147483647.0;  // 31 bits
constexpr uint32_t largest_shift = 62;
constexpr double largest_bias = 1 << 30;  // leaves as much for the sum of products
// A mean over a window is one of few values, and a clipped one is worth a whole channel of logits:
// the largest seen in calibration gets as much again. Measured on ResNet-18's
// logits: 1.4 dB.
constexpr double average_headroom = 2;
constexpr uint32_t longest_reduction = (1u << 30) / (255 * 127);

/// Most bits behind the point so that every factor still fits 31 bits.
uint32_t shift_for(double largest_factor) {
    uint32_t shift = 0;
    while (shift < largest_shift &&
           largest_factor * std::ldexp(1.0, shift + 1) < largest_multiplier)
        ++shift;
    return shift;
}

int32_t fixed_point(double factor, uint32_t shift, const std::string& layer) {
    const double value = std::floor(factor * std::ldexp(1.0, static_cast<int>(shift)) + 0.5);
    if (!(value <= largest_multiplier))
        throw CompileError("layer " + layer + ": a factor of " + std::to_string(factor) +
                           " between scales does not fit a multiplier");
    return static_cast<int32_t>(value);
}

/// The step of each channel's weights: 127 of them make the largest. A channel with (nearly) no
/// weights gets a coarser one, so that its bias still fits.
std::vector<double> weight_scales(const FloatConvolution& c, double input_scale, bool shared) {
    const std::size_t channels = c.output_shape.channels;
    std::vector<double> scales(channels, 0.0);
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        scales[i % channels] =
            std::max<double>(scales[i % channels], std::fabs(c.weights[i]) / 127);
    const double largest = *std::max_element(scales.begin(), scales.end());
    for (std::size_t n = 0; n < channels; ++n) {
        if (shared || scales[n] == 0) scales[n] = largest > 0 ? largest : 1;
        scales[n] = std::max(scales[n], std::fabs(c.bias[n]) / (input_scale * largest_bias));
    }
    return scales;
}

/// What rounding the weights takes from each channel's sum on average, when the input is on average
/// as on the calibration pictures. Rectified maps have large means, so this is much of what
/// rounding does, and putting it into the bias costs nothing (Nagel et al., "Data-Free Quantization
/// Through Weight Equalization and Bias Correction", ICCV 2019). Measured: 1.4 dB of the logits.
/// input_mean: per channel; empty for the picture, whose mean is near zero.
std::vector<double> lost_by_rounding(const FloatConvolution& c, const QuantisedConvolution& q,
                                     const std::vector<double>& scales,
                                     std::span<const double> input_mean) {
    const std::size_t channels = scales.size();
    std::vector<double> lost(channels);
    if (input_mean.empty()) return lost;
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        lost[i % channels] += (c.weights[i] - q.weights[i] * scales[i % channels]) *
                              input_mean[i / channels % input_mean.size()];
    return lost;
}

/// What a convolution's sums mean: its input and its result.
struct Scales {
    double input = 1;
    std::span<const double> input_mean;
    double output = 0;        ///< 0: sums are kept as they are, in one scale for all channels
    double least_factor = 0;  ///< that the shift must leave room for
};

/// Returns the scale of the result.
double quantise_convolution(const FloatConvolution& c, const std::string& name, const Scales& scale,
                            QuantisedConvolution& q) {
    if (c.reduction() > longest_reduction)
        throw CompileError("layer " + name + ": " + std::to_string(c.reduction()) +
                           " products in one sum; the accumulator takes " +
                           std::to_string(longest_reduction));
    const bool keep_sums = scale.output == 0;
    const std::vector<double> steps = weight_scales(c, scale.input, keep_sums);
    const std::size_t channels = steps.size();
    q.weights.resize(c.weights.size());
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        q.weights[i] = static_cast<int8_t>(
            std::clamp(std::floor(c.weights[i] / steps[i % channels] + 0.5), -127.0, 127.0));
    const std::vector<double> lost = lost_by_rounding(c, q, steps, scale.input_mean);
    for (std::size_t n = 0; n < channels; ++n)
        q.bias.push_back(static_cast<int32_t>(
            std::clamp(std::floor((c.bias[n] + lost[n]) / (scale.input * steps[n]) + 0.5),
                       -largest_bias, largest_bias)));
    if (keep_sums) {
        q.multiplier.assign(channels, 1);
        return scale.input * steps[0];
    }
    double largest = scale.least_factor;
    for (const double step : steps) largest = std::max(largest, scale.input * step / scale.output);
    q.shift = shift_for(largest);
    for (const double step : steps)
        q.multiplier.push_back(fixed_point(scale.input * step / scale.output, q.shift, name));
    return scale.output;
}

class Quantiser {
public:
    Quantiser(const Network& network, const std::vector<LayerRanges>& ranges, double input_scale,
              uint32_t codec)
        : network_(network), ranges_(ranges), codec_(codec), scales_{input_scale} {}

    std::vector<QuantisedLayer> run() {
        for (uint32_t l = 0; l < network_.layers.size(); ++l) {
            QuantisedLayer q;
            if (network_.layers[l].kind == LayerKind::convolution)
                convolution(network_.layers[l], ranges_[l], q);
            else
                pooling(network_.layers[l], ranges_[l], q);
            scales_.push_back(q.scale);
            layers_.push_back(std::move(q));
        }
        return std::move(layers_);
    }

private:
    void convolution(const FloatLayer& layer, const LayerRanges& ranges, QuantisedLayer& q) const {
        const FloatConvolution& c = layer.convolution;
        if (layer.logits) {
            q.stored = Format::s32;
            q.scale = q.stored_scale =
                quantise_convolution(c, layer.name, scales_of(c, 0, 0), q.convolution);
            return;
        }
        q.codec = codec_;
        q.scale = q.stored_scale = ranges.result.best_range(255) / 255;
        if (codec_ != KRHN_CODEC_RAW) {
            q.stored = Format::s12;
            q.stored_scale = s12_scale(ranges.result);
        }
        double residual_scale = 0;
        if (layer.shortcut) {
            residual_scale = s12_scale(ranges.shortcut);
            quantise_convolution(*layer.shortcut, layer.name,
                                 scales_of(*layer.shortcut, residual_scale, 0), q.shortcut);
        } else if (layer.residual) {
            residual_scale = scales_[*layer.residual];
        }
        const double factor = residual_scale / q.stored_scale;
        quantise_convolution(c, layer.name, scales_of(c, q.stored_scale, factor), q.convolution);
        q.residual_multiplier = fixed_point(factor, q.convolution.shift, layer.name);
    }

    void pooling(const FloatLayer& layer, const LayerRanges& ranges, QuantisedLayer& q) const {
        q.scale = q.stored_scale = scales_[layer.input];
        if (layer.kind == LayerKind::max_pool) return;  // the same values: factor 1
        const double window = static_cast<double>(layer.pool->kernel) * layer.pool->kernel;
        const double largest = ranges.result.largest();
        q.scale = q.stored_scale = largest > 0 ? average_headroom * largest / 255 : 1;
        const double factor = scales_[layer.input] / window / q.scale;
        q.pass_shift = shift_for(factor);
        q.pass_multiplier = fixed_point(factor, q.pass_shift, layer.name);
    }

    Scales scales_of(const FloatConvolution& c, double output, double least_factor) const {
        Scales scales{scales_[c.input], {}, output, least_factor};
        if (c.input > 0) scales.input_mean = ranges_[c.input - 1].mean;
        return scales;
    }

    static double s12_scale(const Histogram& histogram) {
        const double largest = histogram.largest_magnitude();
        return largest > 0 ? largest / 2047 : 1.0;
    }

    const Network& network_;
    const std::vector<LayerRanges>& ranges_;
    const uint32_t codec_;
    std::vector<double> scales_;  ///< of the maps so far
    std::vector<QuantisedLayer> layers_;
};

}  // namespace

std::vector<QuantisedLayer> quantise(const Network& network, const std::vector<LayerRanges>& ranges,
                                     double input_scale, uint32_t codec) {
    return Quantiser(network, ranges, input_scale, codec).run();
}

}  // namespace karhunen
