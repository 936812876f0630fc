#include "sw/compiler/quantise.h"

#include <algorithm>
#include <cmath>

#include <karhunen/loadable.h>

#include "models/codec/codec.h"
#include "models/codec/transform_codec.h"
#include "sw/compiler/error.h"
#include "sw/compiler/weight_steps.h"

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

/// The step of each channel's weights. A channel with (nearly) no weights gets a coarser one, so
/// that its bias still fits.
std::vector<double> weight_scales(const FloatConvolution& c, double input_scale, bool shared) {
    // With 8 bits clipping gains nothing (README.md, "Scales").
    std::vector<double> scales = c.weight_bits == 8 ? steps_of_largest(c) : steps_of_least_error(c);
    const double largest = *std::max_element(scales.begin(), scales.end());
    for (std::size_t n = 0; n < scales.size(); ++n) {
        if (shared || scales[n] == 0) scales[n] = largest > 0 ? largest : 1;
        scales[n] = std::max(scales[n], std::fabs(c.bias[n]) / (input_scale * largest_bias));
    }
    return scales;
}

/// output_scale 0: sums are kept as they are, in one scale for all channels. least_factor: that the
/// shift must leave room for. Returns the scale of the result.
double quantise_convolution(const FloatConvolution& c, const std::string& name, double input_scale,
                            double output_scale, double least_factor, QuantisedConvolution& q) {
    if (c.reduction() > longest_reduction)
        throw CompileError("layer " + name + ": " + std::to_string(c.reduction()) +
                           " products in one sum; the accumulator takes " +
                           std::to_string(longest_reduction));
    const bool keep_sums = output_scale == 0;
    const std::vector<double> scales = weight_scales(c, input_scale, keep_sums);
    const std::size_t channels = scales.size();
    q.weights = rounded_weights(c, scales);
    q.steps = scales;
    for (std::size_t n = 0; n < channels; ++n)
        q.bias.push_back(limited_bias(c.bias[n] / (input_scale * scales[n])));
    if (keep_sums) {
        q.multiplier.assign(channels, 1);
        return input_scale * scales[0];
    }
    double largest = least_factor;
    for (const double scale : scales)
        largest = std::max(largest, input_scale * scale / output_scale);
    q.shift = shift_for(largest);
    for (const double scale : scales)
        q.multiplier.push_back(fixed_point(input_scale * scale / output_scale, q.shift, name));
    return output_scale;
}

class Quantiser {
public:
    Quantiser(const Network& network, const std::vector<LayerRanges>& ranges, double input_scale,
              std::span<const CodecSetting> settings, bool folded, const RangeMethod& method)
        : network_(network),
          ranges_(ranges),
          settings_(settings),
          folded_(folded),
          method_(method),
          scales_{input_scale} {}

    std::vector<QuantisedLayer> run() {
        for (uint32_t l = 0; l < network_.layers.size(); ++l) {
            QuantisedLayer q;
            const FloatLayer& layer = network_.layers[l];
            q.coding = settings_[l];
            q.input_scale = sums(layer, ranges_[l], q);
            if (layer.kind == LayerKind::convolution)
                convolution(layer, ranges_[l], q);
            else
                pooling(layer, ranges_[l], q);
            scales_.push_back(q.scale);
            layers_.push_back(std::move(q));
        }
        return std::move(layers_);
    }

private:
    /// Returns the scale of the layer's input.
    double sums(const FloatLayer& layer, const LayerRanges& ranges, QuantisedLayer& q) const {
        double scale = scales_[layer.sum.empty() ? input_of(layer) : layer.sum[0]];
        for (std::size_t i = 1; i < layer.sum.size(); ++i) {
            QuantisedSum& sum = q.sums.emplace_back();
            const double result = ranges.sums[i - 1].range(method_, 255) / 255;
            const double map_factor = scales_[layer.sum[i]] / result, factor = scale / result;
            sum.shift = shift_for(std::max(map_factor, factor));
            sum.multiplier = fixed_point(map_factor, sum.shift, layer.name);
            sum.residual_multiplier = fixed_point(factor, sum.shift, layer.name);
            scale = result;
        }
        return scale;
    }

    void convolution(const FloatLayer& layer, const LayerRanges& ranges, QuantisedLayer& q) const {
        const FloatConvolution& c = layer.convolution;
        if (layer.logits) {
            q.coding = {};
            q.stored = Format::s32;
            q.scale = q.stored_scale =
                quantise_convolution(c, layer.name, q.input_scale, 0, 0, q.convolution);
            return;
        }
        // Values beyond a ceiling saturate: the range must not reach further.
        q.scale = q.stored_scale =
            std::min<double>(ranges.result.range(method_, 255), layer.ceiling) / 255;
        q.stored = stored_format_of(q.coding);
        if (q.stored == Format::s12) q.stored_scale = s12_scale(ranges.result);
        if (!has_relu(layer)) {
            if (q.stored != Format::s12) q.stored = Format::s8;
            q.scale = q.stored_scale = layer.before_add
                                           ? signed_scale(ranges.result, q.stored)
                                           : ranges.magnitude.range(method_, 127) / 127;
        }
        q.folded = folded_ && q.coding.codec == KRHN_CODEC_TRANSFORM && !layer.pool &&
                   !layer.shortcut && !layer.residual && layer.beside.empty();
        double residual_scale = 0;
        if (layer.shortcut) {
            residual_scale = s12_scale(ranges.shortcut);
            quantise_convolution(*layer.shortcut, layer.name, scales_[layer.shortcut->input],
                                 residual_scale, 0, q.shortcut);
        } else if (layer.residual) {
            residual_scale = scales_[*layer.residual];
        }
        const double factor = residual_scale / q.stored_scale;
        quantise_convolution(c, layer.name, q.input_scale, q.stored_scale, factor, q.convolution);
        q.residual_multiplier = fixed_point(factor, q.convolution.shift, layer.name);
        for (const FloatConvolution& other : layer.beside)
            quantise_convolution(other, layer.name, scales_[other.input], q.stored_scale, 0,
                                 q.beside.emplace_back());
    }

    void pooling(const FloatLayer& layer, const LayerRanges& ranges, QuantisedLayer& q) const {
        q.coding = {};
        q.scale = q.stored_scale = q.input_scale;
        if (!has_relu(layer)) q.stored = Format::s8;
        if (layer.kind == LayerKind::max_pool) return;  // the same values: factor 1
        const double window = static_cast<double>(layer.pool->kernel) * layer.pool->kernel;
        if (layer.logits) {  // sums
            q.stored = Format::s32;
            q.scale = q.stored_scale = q.input_scale / window;
            return;
        }
        const double largest = ranges.result.largest();
        q.scale = q.stored_scale = largest > 0 ? average_headroom * largest / 255 : 1;
        if (q.stored == Format::s8)
            q.scale = q.stored_scale = average_headroom * signed_scale(ranges.result, q.stored);
        const double factor = q.input_scale / window / q.scale;
        q.pass_shift = shift_for(factor);
        q.pass_multiplier = fixed_point(factor, q.pass_shift, layer.name);
    }

    static double signed_scale(const Histogram& histogram, Format format) {
        const double largest = histogram.largest_magnitude();
        return largest > 0 ? largest / static_cast<double>(max_of(format)) : 1.0;
    }
    static double s12_scale(const Histogram& histogram) {
        return signed_scale(histogram, Format::s12);
    }

    const Network& network_;
    const std::vector<LayerRanges>& ranges_;
    const std::span<const CodecSetting> settings_;
    const bool folded_;
    const RangeMethod method_;
    std::vector<double> scales_;  ///< of the maps so far
    std::vector<QuantisedLayer> layers_;
};

}  // namespace

std::string objection(const CodecSetting& setting, const FloatLayer& layer,
                      const krhn_machine& machine) {
    const std::string name(codec_name(setting.codec));
    if (!has_relu(layer) && !layer.before_add && codec_traits(setting.codec).has_table)
        return "its map has negative values, and " + name + " decodes to rectified maps";
    if (setting.codec != KRHN_CODEC_TRANSFORM) return "";
    const uint64_t channels = layer.output.channels;
    if (channels > transform_max_channels)
        return "transform takes at most " + std::to_string(transform_max_channels) +
               " channels, not " + std::to_string(channels);
    if (channels * channels > machine.table_bytes)
        return "transform's matrix needs " + std::to_string(channels * channels) +
               " bytes of the table memory, which has " + std::to_string(machine.table_bytes);
    return "";
}

int32_t limited_bias(double steps) {
    return static_cast<int32_t>(std::clamp(std::floor(steps + 0.5), -largest_bias, largest_bias));
}

QuantisedConvolution quantise_for(const FloatConvolution& c, const std::string& name,
                                  double input_scale, double output_scale) {
    QuantisedConvolution q;
    quantise_convolution(c, name, input_scale, output_scale, 0, q);
    return q;
}

std::vector<QuantisedLayer> quantise(const Network& network, const std::vector<LayerRanges>& ranges,
                                     double input_scale, std::span<const CodecSetting> settings,
                                     bool folded, const RangeMethod& method) {
    return Quantiser(network, ranges, input_scale, settings, folded, method).run();
}

}  // namespace karhunen
