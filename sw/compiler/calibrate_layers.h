// What depends on the machine's own arithmetic, layer by layer on the calibration pictures: codec
// tables, the rounding of weights of few bits (round_weights.h) and the fine adjustment of biases.
// A layer sees inputs that the layers before it have made, coded and decoded (Chmiel et al.,
// section 3).
//
// Biases: rounded weights, and noise before a ReLU, shift the mean of every channel. The shift that
// the machine shows is taken out of the bias, once per layer, which costs nothing at run time
// (Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", ICCV
// 2019, appendix D). Measured on ResNet-18's logits: 1.6 dB with `raw`, 1.0 dB with `transform`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/codec/calibrate.h"
#include "sw/compiler/integer_layer.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/ranges.h"

namespace karhunen {

/// What of a channel's values a change of its bias moves.
struct ChannelShift {
    double missing = 0;   ///< by which its mean is to rise, real value
    double positive = 1;  ///< share of values above zero: a ReLU passes on no change of the others
};

/// Changes the biases of a convolution so that its channels rise; `trust`: by which share of it.
void shift_channels(std::span<const ChannelShift> channels, double trust, QuantisedLayer& layer);

struct CalibrationOptions {
    bool correct_biases = true;
    unsigned threads = 0;
};

/// ranges: of the float network. inputs: the first tensor on every calibration picture. Returns the
/// last one on every picture, as the finished layers make it. Throws CompileError naming the layer.
std::vector<IntegerMap> calibrate_layers(const Network& network,
                                         const std::vector<LayerRanges>& ranges,
                                         std::vector<IntegerMap> inputs,
                                         const CalibrationOptions& options,
                                         const std::function<void(const std::string&)>& progress,
                                         std::vector<QuantisedLayer>& layers);

using PictureMaps = std::vector<std::vector<IntegerMap>>;  ///< [picture][map], see network.h

/// The same from layer `first` on, for trials: keeps all maps and weights, changes no layer. maps:
/// decoded ones, up to the input of that layer.
PictureMaps calibrate_from(uint32_t first, const Network& network,
                           const std::vector<LayerRanges>& ranges, PictureMaps maps,
                           const CalibrationOptions& options, std::vector<QuantisedLayer> layers);

}  // namespace karhunen
