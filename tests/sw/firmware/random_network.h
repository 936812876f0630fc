// Random small networks, tiled and given addresses like the compiler's, for buffers that are just
// large enough.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include <karhunen/loadable.h>

namespace karhunen {

struct NetworkChoices {
    uint32_t layers = 8;
    uint32_t batch = 1;
    bool tables_fit_together = true;  ///< else some layer must reload its input tables
    uint32_t slack_bytes = 0;         ///< in every buffer beyond the least that does
    uint32_t sums_percent = 0;        ///< of the layers, whose input is a sum of maps
    uint32_t parts_percent = 0;       ///< of the layers, which several operations make together
    uint32_t streams_percent = 0;     ///< of those that load weights by chunks: several bands
    uint32_t dilated_percent = 0;     ///< of the convolutions; as many have groups
};

/// A loadable that Loadable::parse accepts: convolutions in both layer modes, pooling, identity and
/// convolved residuals, and a fully connected layer that makes the logits.
std::vector<uint8_t> random_network(std::mt19937& random, const NetworkChoices& choices);

}  // namespace karhunen
