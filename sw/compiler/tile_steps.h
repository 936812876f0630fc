// The operations of a layer in the order in which they run, and how they are cut: the parts of
// tiling that know no buffer. Internal to tile.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/compiler/tile.h"

namespace karhunen {

inline uint32_t ceiling(uint64_t a, uint64_t b) {
    return static_cast<uint32_t>((a + b - 1) / b);
}

/// One operation.
struct Step {
    uint32_t input = 0;
    MapShape from, to;                         ///< `to`: rows and columns that the array makes
    uint32_t kernel = 1, stride = 1, top = 0;  ///< vertical; kernel: rows of the window
    uint32_t reduction = 0;                    ///< 0: pass
    bool shares_input = false;                 ///< with the one before
    uint32_t weight_bits = 8;
};

/// Of n output channels.
inline uint64_t weight_chunk_bytes(const Step& step, uint32_t n) {
    return weight_chunk_bytes(step.reduction, n, step.weight_bits);
}

std::vector<Step> steps_of(const FloatLayer& layer);

void cut_weights(const Step& step, uint32_t chunk_channels, OperationPlan& plan);

/// Which rows each operation makes and needs for each output band; plan.band_rows is given.
void cut_bands(const FloatLayer& layer, LayerPlan& plan);

/// Most rows of the input map that are on chip when the decoder, which works in whole bands of
/// `band_rows`, has delivered what an output band needs and the array has not begun with it.
uint32_t rows_held(const Step& step, const OperationPlan& plan, uint32_t band_rows);

/// Most rows of a part of a sum that are left of a decoded band when the sum has taken its own, and
/// one that flows.
uint32_t rows_left(const OperationPlan& plan, uint32_t band_rows, uint32_t height);

/// Pooling windows that overlap the lower border may leave nothing to do for the last band.
bool every_band_works(const LayerPlan& plan);

}  // namespace karhunen
