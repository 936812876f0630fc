// How each layer is cut to fit the buffers: mode, bands, weight chunks, regions.
//
// weights-resident  all weight chunks of the layer stay in the weight buffer, bands of rows stream
//                   through; the output buffer holds two bands where it can, so that one is encoded
//                   while the next is computed.
// map-resident      whole input and output maps (and the residual) are on chip, weights stream
//                   through once; one band, chunk outermost.
#pragma once

#include <cstdint>
#include <vector>

#include <karhunen/loadable.h>

#include "models/arithmetic/format.h"
#include "sw/compiler/network.h"

namespace karhunen {

struct OperationPlan {
    uint32_t region = 0, region_bytes = 0;
    uint32_t chunk_channels = 0, chunks = 0;  ///< 0 without weights
    uint32_t chunk_bytes = 0, last_chunk_bytes = 0;
    std::vector<krhn_band> bands;
};

struct LayerPlan {
    bool map_resident = false;
    uint32_t bands = 0, band_rows = 0;  ///< of the output map
    uint32_t residual_region_bytes = 0;
    std::vector<OperationPlan> operations;  ///< shortcut or sums first, where there are any
};

/// Bytes of a weight chunk of n output channels, a multiple of 64 (loadable.h).
uint64_t weight_chunk_bytes(uint32_t reduction, uint32_t n);

/// Rows per band of the picture.
uint32_t input_band_rows(const MapShape& picture, const krhn_machine& machine);

/// Whether the weights of the layer fit into the weight buffer all at once.
bool weights_fit(const FloatLayer& layer, const krhn_machine& machine);

/// stored: format that each layer gives to its encoder. Throws CompileError naming the layer, the
/// buffer, the bytes needed and the bytes there are.
std::vector<LayerPlan> tile(const Network& network, const std::vector<Format>& stored,
                            const krhn_machine& machine);

}  // namespace karhunen
