// Which codec each tensor gets: the decision alone, made from a table of what each would cost.
//
// Bytes: what a choice moves over the DRAM pins for one image, see measure_candidates.h. Noise: the
// mean squared error that it adds to a logit, after the mean over all logits is taken away (which
// moves no answer). Errors of different tensors are taken as independent, so noises add up.
//
// From noise to accuracy: with Gaussian errors of variance v on each logit, an answer of margin m
// (the best logit less the second) changes with probability Q(m / sqrt(2 v)). Over margins that lie
// with density d near 0 that is the share d sqrt(v / pi) of all answers (large margins are rarer
// and change nothing, so for large v it is too high, on the safe side). Accuracy cannot fall by
// more than the share of answers that change, and usually falls by less: some were wrong before,
// some are right after. Measured with ResNet-18, margins of 64 photographs, answers on 136 others,
// 12 settings of vlc and transform: 79 changes foreseen, 93 found; accuracy fell by a third of
// that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/codec/calibrate.h"

namespace karhunen {

/// One way to code a tensor.
struct CodecCandidate {
    CodecSetting setting;
    bool lossless = false;
    double bytes = 0;          ///< all that it moves, per image
    double noise = 0;          ///< that it adds to a logit, squared logits
    double map_bytes = 0;      ///< of the stored map, in whole DRAM bursts, per image
    uint64_t table_bytes = 0;  ///< of the codec's parameters
    /// mean, of the decoded map, in steps of the uint8 map; without the mean of each channel
    double squared_error = 0;
};

struct TensorCandidates {
    std::string name;
    uint64_t values = 0;   ///< of the map of one image
    uint32_t readers = 0;  ///< decoders that read the map, one after the other
    std::vector<CodecCandidate> candidates;
};

/// Margins per unit near 0: the rate of an exponential distribution, by maximum likelihood from the
/// lower half of the margins (B. Epstein and M. Sobel, "Life testing", JASA 1953). Infinite when
/// they are 0, 0 when there are none.
double margin_density(std::vector<double> margins);

/// Share of answers that change, in percent: the most percentage points that accuracy may fall by.
double predicted_drop(double density, double noise);
/// The most noise for which predicted_drop() is at most max_drop.
double noise_budget(double density, double max_drop);

/// The index of a candidate for each tensor, so that their noises add up to no more than the
/// budget. Each tensor begins with its cheapest lossless candidate (there must be one) and goes
/// along the lower convex hull of its candidates (bytes over noise); of all tensors' next steps the
/// one that saves most bytes per noise is taken first, and a tensor whose next step exceeds the
/// budget stays where it is. The sum of the bytes exceeds the least possible by less than the
/// largest of all steps along the hulls saves. Budget 0: nothing but lossless ones.
std::vector<size_t> choose_codecs(std::span<const TensorCandidates> tensors, double budget);

/// The same setting for every tensor that moves the fewest bytes with no more noise than the
/// budget. Throws std::invalid_argument when there is none.
struct UniformChoice {
    CodecSetting setting;
    double bytes = 0, noise = 0;
};
UniformChoice best_uniform_choice(std::span<const TensorCandidates> tensors, double budget);

/// What was chosen, from what, and what came of it.
struct CodecChoices {
    std::vector<TensorCandidates> tensors;
    std::vector<size_t> chosen;  ///< the candidate of each tensor
    double max_drop = 0;         ///< percentage points; not looked at if there is
    std::optional<double> min_snr_db;
    double budget = 0;  ///< of noise
    /// Of the network compiled with this choice against the one compiled with `raw`.
    double noise = 0;
    double drop = 0;                   ///< predicted_drop() of `noise`
    size_t changed = 0, pictures = 0;  ///< calibration pictures with another answer, all of them
    double snr_db = 0;                 ///< of the logits, infinite without noise

    const CodecCandidate& candidate(size_t tensor) const {
        return tensors[tensor].candidates[chosen[tensor]];
    }
};

}  // namespace karhunen
