// Where a network's integers leave the path of its float model: each stored tensor of the golden
// executor beside the value of the model's node that it stands for (float reference,
// sw/compiler/graph_executor.h).
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "sw/compiler/graph_executor.h"
#include "sw/compiler/image.h"
#include "sw/compiler/network.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Over all pictures. Signal-to-noise ratios are 10 log10(sum reference^2 / sum error^2), in dB;
/// infinite where nothing differs.
struct TensorDifference {
    std::string tensor, node;  ///< in the loadable; in the model: operator and name
    std::string codec;
    uint64_t values = 0;
    double snr_db = 0;
    double cosine = 1;     ///< of the angle between the two
    double gain = 1;       ///< factor of the reference that comes nearest
    double max_error = 0;  ///< real value
    double largest = 0;    ///< magnitude in the reference
    double saturated = 0;  ///< share of values at the ends of the decoded format (0 of u8 is none)
    double coding_db = 0;  ///< what a decoder gives against what the encoder took
    double before_db = 0;  ///< the lowest SNR of the tensors it is made of; of the input tensor: of
                           ///< rounding the reference to the tensor's steps
    double lost_db() const;  ///< of before_db; ratios beyond 60 dB, either way, count as 60
};

struct OtherAnswer {
    size_t picture = 0, expected = 0, found = 0;  ///< classes: of the model, of the machine
};

struct NetworkDifference {
    uint64_t pictures = 0, agreement = 0;   ///< same top-1
    std::vector<OtherAnswer> others;        ///< one for each picture with another top-1
    std::vector<std::string> names;         ///< of the pictures, if they have any
    std::vector<TensorDifference> tensors;  ///< in the order of computation, the logits last
    double threshold_db = 0, enough_db = 0;
    std::optional<size_t> first;  ///< tensor that goes wrong
    std::string advice;           ///< one sentence

    double logit_snr_db() const { return tensors.back().snr_db; }
};

/// For each tensor of the loadable the node whose value it holds. network: of the same model,
/// folded. Throws std::runtime_error naming a tensor that the model does not have.
std::vector<uint32_t> nodes_of(const Loadable& loadable, const Graph& graph,
                               const Network& network);

struct ComparedPicture {
    std::vector<int16_t> input;  ///< of the loadable
    std::vector<float> picture;  ///< of the model: (row, column, channel)
};

/// A tensor goes wrong that loses more than threshold_db, and is left with less than enough_db. For
/// the input tensor, which is made of nothing that could be wrong, losing it is enough.
struct DifferenceOptions {
    double threshold_db = 10, enough_db = 18;
    unsigned threads = 0;
    std::function<void(size_t done, size_t all)> progress;
};

/// picture(i): called by several threads. The result does not depend on their number.
NetworkDifference measure_difference(const GraphExecutor& reference, const Loadable& loadable,
                                     const std::vector<uint32_t>& nodes, size_t pictures,
                                     const std::function<ComparedPicture(size_t)>& picture,
                                     const DifferenceOptions& options);

void print_text(const NetworkDifference& difference, std::ostream& out);
void print_csv(const NetworkDifference& difference, std::ostream& out);
void print_json(const NetworkDifference& difference, std::ostream& out);

}  // namespace karhunen
