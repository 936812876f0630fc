// Rounding weights of few bits up or down so that what they do to the sums of a convolution is
// small, not what they do to the weights one by one.
//
// With errors D (in steps) of an output channel's weights, its sums are off by sum D x, where the
// mean over the pictures is taken out by the bias (calibrate_layers.h): what is left is D' H D with
// the covariance H of the values in a window. H is taken to be the product of that of channels and
// that of taps (neighbours in rows and columns are alike in all channels), both measured on the
// maps that the machine makes of the calibration pictures. From the nearest integers on, weights
// are moved to the other side one after the other as long as that makes D' H D less.
// M. Nagel et al., "Up or Down? Adaptive Rounding for Post-Training Quantization", ICML 2020, have
// the measure; coordinate descent and the product are simpler, and without a learning rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sw/compiler/network.h"
#include "sw/compiler/quantise.h"

namespace karhunen {

struct WindowCovariance {
    uint32_t channels = 0;        ///< of the map
    std::vector<double> channel;  ///< [channel][channel]
    std::vector<double> tap;      ///< [tap][tap], 1 on the diagonal
};

/// Of the windows of c in its input, on every picture (row, column, channel).
WindowCovariance window_covariance(const FloatConvolution& c,
                                   std::span<const std::span<const int16_t>> maps,
                                   unsigned threads);

/// Changes q.weights, which are those of c in q.steps.
void round_weights(const FloatConvolution& c, const WindowCovariance& covariance, unsigned threads,
                   QuantisedConvolution& q);

}  // namespace karhunen
