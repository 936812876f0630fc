// Which descriptors the DMA accepts. No SystemC.
#pragma once

#include <karhunen/dma.h>

#include <cstdint>

#include "models/interfaces/traffic_kind.h"

namespace karhunen {

/// Most descriptors in one chain: a chain that loops ends with an error instead of never.
constexpr unsigned max_chain_descriptors = 4096;

/// True when the fields that the kind uses are sound: a known kind, a port that fits it, lengths
/// that are not zero, addresses and strides that are multiples of 4, 1 to 12 substreams, and a
/// transfer that ends below 4 GiB.
bool is_valid(const krhn_dma_descriptor& descriptor);

/// What the data of the transfer is, for statistics.
TrafficKind traffic_of(const krhn_dma_descriptor& descriptor);

}  // namespace karhunen
