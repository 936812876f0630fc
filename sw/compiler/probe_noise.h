// How much noise each tensor's codec makes where all the others are coded as well.
//
// measure_candidates.h measures a tensor alone. Its slope holds near no noise and no further: with
// all tensors coded it was found wrong by a factor of up to three either way (ResNet-18, steps of
// 7 to 9 bits). So what a choice foresees is measured again where it lies: each tensor in turn is
// coded more coarsely than chosen, all that follows is calibrated again, and by what the logits'
// noise grows over what the squared error does is its slope.
#pragma once

#include <span>
#include <vector>

#include "sw/compiler/calibrate_layers.h"
#include "sw/compiler/choose_codecs.h"
#include "sw/compiler/integer_layer.h"
#include "sw/compiler/logits.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/ranges.h"

namespace karhunen {

/// Noise of a logit per squared error of each tensor; 0 for those that lose nothing. layers: as
/// quantised for the choice, not yet calibrated. reference: logits without noise. Looks at most at
/// 64 pictures, of bigger networks at fewer.
std::vector<double> probe_noise(const Network& network, const std::vector<LayerRanges>& ranges,
                                std::vector<QuantisedLayer> layers, const CodecChoices& choices,
                                std::span<const IntegerMap> inputs,
                                std::span<const Logits> reference,
                                const CalibrationOptions& options);

}  // namespace karhunen
