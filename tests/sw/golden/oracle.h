// The tiny network computed from its definition: whole maps, plain loops, weights as they were
// before packing. Shares no code with the executor but the codecs, which have tests of their own.
#pragma once

#include <vector>

#include "tests/sw/support/tiny_network.h"

namespace karhunen {

/// Decoded values of every tensor, (row, column, channel); the last one holds the logits.
std::vector<std::vector<int32_t>> oracle(const TinyNetwork& network,
                                         const std::vector<int16_t>& picture);

}  // namespace karhunen
