// Layers as the tiling cuts them, played through block by block.
#pragma once

#include <vector>

#include "sw/compiler/network.h"
#include "sw/compiler/tile.h"

namespace karhunen {

struct TilingCase {
    Network network;
    std::vector<Format> stored;
    krhn_machine machine{};
};

inline uint32_t row_bytes(const MapShape& s, Format f) {
    return s.width * s.channels * bytes_of(f);
}

/// Plays decoder and array against each other: the decoder delivers whole bands of the inputs in
/// the order that the bands ask for and stops when a region is full; the array works when its rows
/// are there and frees what it no longer needs. Returns false if both wait for ever.
bool runs_through(const FloatLayer& l, const LayerPlan& plan, const Network& n,
                  const std::vector<uint32_t>& band_rows);

/// Plays decoders, array and post-processing of a layer that takes a sum against each other, row by
/// row: the decoder delivers whole bands of the parts in turn. False: they wait for ever.
bool sum_runs_through(const TilingCase& made, const FloatLayer& l, const LayerPlan& plan,
                      const std::vector<uint32_t>& band_rows);

}  // namespace karhunen
