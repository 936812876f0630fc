// How each layer is cut to fit the buffers: mode, bands, weight chunks, regions.
//
// weights-resident  all weight chunks of the layer stay in the weight buffer, bands of rows stream
//                   through; the output buffer holds two bands where it can, so that one is encoded
//                   while the next is computed.
// map-resident      whole input and output maps (and the residual) are on chip, weights stream
//                   through once; one band, chunk outermost.
// streamed          neither fits: the same band by band, with all weights loaded again for each;
//                   bands are as tall as the buffers allow.
//
// They move weights once per batch, once per image and once per band: the first that fits moves the
// fewest bytes, maps move once in each.
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

/// The convolutions that make a layer's map, in the order in which they run.
struct Part {
    const FloatConvolution* convolution;
    uint32_t index;          ///< 0: FloatLayer::convolution, i: beside[i - 1]
    uint32_t first_channel;  ///< of the map
    bool shares_input;       ///< its input is that of the part before, decoded for both
};
std::vector<Part> parts_of(const FloatLayer& layer);

struct LayerPlan {
    bool streams_weights = false;
    uint32_t bands = 0, band_rows = 0;  ///< of the output map
    uint32_t residual_region_bytes = 0;
    std::vector<OperationPlan> operations;  ///< shortcut or sums first, then the parts
};

/// Bytes of a weight chunk of n output channels, a multiple of 64 (loadable.h). bits: of a weight.
uint64_t weight_chunk_bytes(uint32_t reduction, uint32_t n, uint32_t bits);

/// Rows per band of the picture.
uint32_t input_band_rows(const MapShape& picture, const krhn_machine& machine);

/// Whether the weights of the layer fit into the weight buffer all at once.
bool weights_fit(const FloatLayer& layer, const krhn_machine& machine);

/// stored: format that each layer gives to its encoder. Throws CompileError naming the layer, the
/// buffer, the bytes needed and the bytes there are.
std::vector<LayerPlan> tile(const Network& network, const std::vector<Format>& stored,
                            const krhn_machine& machine);

}  // namespace karhunen
