// Codec `auto`: a codec for every tensor by measurement on the calibration pictures.
//
//   1. Compile with `raw`: the reference, its logits and the margins of its answers.
//   2. Measure what every way to code every tensor costs (measure_candidates.h).
//   3. Choose (choose_codecs.h), compile with the choice and measure the noise of its logits
//      against the reference on all calibration pictures. By as much as it differs from the sum
//      that was foreseen the next choice aims elsewhere; at most eight times. Of all choices within
//      the budget the one that moves the fewest bytes is kept. Where none is, the lossless one is:
//      it has no noise.
//
// The bound: predicted_drop() of the noise so measured is at most max_drop. That is the expected
// share of answers, in percentage points, that differ from those of `raw`, so top-1 accuracy
// against `raw` on pictures like these is expected to fall by no more (on a few hundred pictures
// chance alone moves it by a point).
// With a least logit SNR against `raw` instead, the noise that it allows is the budget.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sw/compiler/compile.h"
#include "sw/compiler/integer_layer.h"
#include "sw/compiler/logits.h"
#include "sw/compiler/quantise.h"
#include "sw/compiler/ranges.h"

namespace karhunen {

/// What all choices for a network are made from. Keeps references.
class CodecChooser {
public:
    /// Compiles the reference and measures the candidates. codecs: to choose from, none: all.
    /// Throws CompileError.
    CodecChooser(const Network& network, const std::vector<LayerRanges>& ranges,
                 const std::vector<Logits>& float_logits, double input_scale,
                 const std::vector<IntegerMap>& inputs, const CompileOptions& options,
                 std::vector<uint32_t> codecs);
    ~CodecChooser();

    /// The layers, compiled and calibrated with the choice within the bound of the options, which
    /// options.chosen is shown.
    std::vector<QuantisedLayer> choose();
    /// Settings with the fewest bits in the maps (tables and readers are not counted) whose logits
    /// are no farther from those in float than when all tensors have `setting`; that one where none
    /// is found. Bits are
    /// chosen in eighths, and the first two choices are probed (probe_noise.h).
    std::vector<QuantisedLayer> choose_like(const CodecSetting& setting);

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace karhunen
