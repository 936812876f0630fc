// Scales and integers: weights, biases, multipliers and shifts of every layer, in the number
// formats of models/arithmetic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <karhunen/loadable.h>

#include "models/arithmetic/format.h"
#include "models/codec/calibrate.h"
#include "sw/compiler/network.h"
#include "sw/compiler/ranges.h"

namespace karhunen {

struct QuantisedConvolution {
    std::vector<int8_t> weights;  ///< [reduction][output channel]
    std::vector<int32_t> bias, multiplier;
    uint32_t shift = 0;
    std::vector<double> steps;  ///< of the weights, per output channel, real value
};

/// One addition in a layer's input: of what there is so far and of a map. The result is u8.
struct QuantisedSum {
    int32_t multiplier = 0, residual_multiplier = 0;  ///< of the map, of the sum so far
    uint32_t shift = 0;
};

struct QuantisedLayer {
    std::vector<QuantisedSum> sums;    ///< FloatLayer::sum, from the second map on
    QuantisedConvolution convolution;  ///< kind convolution
    std::vector<QuantisedConvolution> beside;
    QuantisedConvolution shortcut;  ///< its result is s12
    int32_t residual_multiplier = 0;
    int32_t pass_multiplier = 1;  ///< pooling layers, with pass_shift
    uint32_t pass_shift = 0;
    double input_scale = 1;              ///< real value of one step of the input
    Format stored = Format::u8;          ///< what goes to the encoder
    double stored_scale = 1, scale = 1;  ///< real value of one step, stored and decoded
    CodecSetting coding;                 ///< raw, if nothing else is said
    bool folded = false;                 ///< the transform is to become a part of the convolution
    std::vector<uint8_t> table;          ///< the codec's parameters, from calibrate_layers.h
};

/// Why a codec cannot take the layer's map, "" if it can: a map with negative values, as linear
/// layers make, is s8, which lossless codecs without a table take; tables must fit the machine.
std::string objection(const CodecSetting& setting, const FloatLayer& layer,
                      const krhn_machine& machine);

/// A bias in steps of the sums, rounded and kept small enough that no sum overflows.
int32_t limited_bias(double steps);

/// As the layer's own is quantised, for results of another scale.
QuantisedConvolution quantise_for(const FloatConvolution& c, const std::string& name,
                                  double input_scale, double output_scale);

/// settings[layer] codes a convolution result; pooling layers and logits are raw. Throws
/// CompileError where a layer does not fit the number formats.
std::vector<QuantisedLayer> quantise(const Network& network, const std::vector<LayerRanges>& ranges,
                                     double input_scale, std::span<const CodecSetting> settings,
                                     bool folded = false, const RangeMethod& method = {});

}  // namespace karhunen
