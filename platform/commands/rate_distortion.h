// karhunen accuracy --rate-distortion
#pragma once

#include <string>
#include <vector>

#include "platform/commands/evaluation.h"
#include "platform/commands/networks.h"
#include "platform/rate_distortion.h"

namespace karhunen {

/// model: an ONNX file or 'default'. bits: of the quantiser, a point of each curve. per_tensor:
/// also with steps chosen for each tensor. Throws std::runtime_error.
RateDistortion measure_rate_distortion(const std::string& model, std::vector<double> bits,
                                       bool per_tensor, const EvaluationOptions& evaluation,
                                       const NetworkOptions& compile);

}  // namespace karhunen
