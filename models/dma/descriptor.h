// Which descriptors the DMA accepts. No SystemC.
#pragma once

#include <karhunen/dma.h>

#include <cstdint>
#include <string>

#include "models/interfaces/traffic_kind.h"

namespace karhunen {

/// Most descriptors in one chain: a chain that loops ends with an error instead of never.
constexpr unsigned max_chain_descriptors = 4096;

/// "" when the fields that the kind uses are sound: a known kind, a port that fits it, lengths
/// that are not zero, addresses and strides that are multiples of 4, 1 to 12 substreams, and a
/// transfer that ends below 4 GiB. Else the field that is not, and why: "row_bytes is 0".
std::string defect_of(const krhn_dma_descriptor& descriptor);
inline bool is_valid(const krhn_dma_descriptor& descriptor) {
    return defect_of(descriptor).empty();
}

/// "STREAM_IN", "weights"; unknown ones: "kind 9", "port 12".
std::string name_of_dma_kind(uint32_t kind);
std::string name_of_dma_port(uint32_t port);

/// What the data of the transfer is, for statistics.
TrafficKind traffic_of(const krhn_dma_descriptor& descriptor);

}  // namespace karhunen
