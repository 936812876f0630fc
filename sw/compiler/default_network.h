// The network of the demonstration: ResNet-18 with its true shapes and made-up weights. It has
// learnt nothing; what it is good for is traffic, timing and bit-exactness without any download.
//
// Everything comes from a counter-based generator and from + - * / and square roots in a fixed
// order, so all hosts make the same bits.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/compiler/image.h"
#include "sw/compiler/network.h"

namespace karhunen {

/// He-normal weights; the bias and gain of every channel are fitted on generated pictures so that
/// its values before the ReLU have about zero mean and unit deviation, as after batch
/// normalisation. threads: 0 means one per processor.
Network default_network(uint64_t seed = 1, unsigned threads = 0);

/// A colourful scene of 224 x 224 pixels (or `size`): gradients, discs, stripes and grain.
Picture generated_picture(uint64_t seed, uint32_t size = 224);
std::vector<Picture> generated_pictures(uint32_t count, uint32_t size = 224);

}  // namespace karhunen
