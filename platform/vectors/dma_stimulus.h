// Corners and random chains of the DMA, run on a DMA of their own.
#pragma once

#include <vector>

#include "models/dma/dma_channel.h"
#include "platform/vectors/random_source.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

std::vector<VectorCase> dma_corners(const DmaParameters& parameters);
std::vector<VectorCase> random_chains(const DmaParameters& parameters, uint32_t count,
                                      RandomSource& random);

}  // namespace karhunen::vectors
