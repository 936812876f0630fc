// Fills in the codec tables of a quantised network, layer by layer, on maps that the machine's own
// arithmetic makes: a layer is calibrated on inputs that have been coded and decoded already
// (Chmiel et al., section 3).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/codec/calibrate.h"
#include "sw/compiler/integer_layer.h"
#include "sw/compiler/quantise.h"

namespace karhunen {

/// inputs: the first tensor on every calibration picture. Throws CompileError naming the layer.
void calibrate_codecs(const Network& network, std::vector<QuantisedLayer>& layers,
                      std::vector<IntegerMap> inputs, const QuantiserOptions& options,
                      unsigned threads, const std::function<void(const std::string&)>& progress);

}  // namespace karhunen
