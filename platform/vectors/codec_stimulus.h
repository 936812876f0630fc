// Corners and random bands of encoder and decoders.
#pragma once

#include <span>
#include <vector>

#include "platform/vectors/random_source.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

/// coders: of a band; a codec may have several substreams a coder.
std::vector<VectorCase> codec_corners(bool decoded, std::span<const uint32_t> codecs,
                                      uint32_t coders);
VectorCase random_band(bool decoded, std::span<const uint32_t> codecs, uint32_t coders,
                       RandomSource& random);

}  // namespace karhunen::vectors
