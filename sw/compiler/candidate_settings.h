// Which ways to code a tensor are tried.
#pragma once

#include <vector>

#include "models/codec/calibrate.h"
#include "sw/compiler/measure_candidates.h"

namespace karhunen {

/// Every codec that the machine has the streams for, and is asked for, or `raw`; one with a table
/// at 4 to 9 bits in steps of a half. Where codecs are asked for: to 11 bits, and transform also
/// without components that deviate by less than half and three quarters of a step.
std::vector<CodecSetting> candidate_settings(const CandidateOptions& options);

}  // namespace karhunen
