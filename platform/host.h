// What a host does before it starts the machine: the loadable and the pictures go to DDR.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "platform/recording.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Copies the loadable to the start of the memory. Throws LoadableError when it does not fit.
void place_loadable(const Loadable& loadable, std::span<uint8_t> memory);

/// Stores the values (row, column, channel) of one picture as the first tensor of image `image`:
/// streams and tile table entries, as the encoder and the DMA would.
void place_input(const Loadable& loadable, uint32_t image, std::span<const int16_t> values,
                 std::span<uint8_t> memory);

InputSizes input_sizes(const Loadable& loadable, uint32_t image, std::span<const uint8_t> memory);

/// A picture of such sizes, and zeros for its bytes. Throws LoadableError where that will not do.
void place_input_sizes(const Loadable& loadable, uint32_t image, const InputSizes& sizes,
                       std::span<uint8_t> memory);

/// The logits of one image as they lie in memory, in steps of loadable.input().logit_scale.
std::vector<int32_t> read_logits(const Loadable& loadable, uint32_t image,
                                 std::span<const uint8_t> memory);

}  // namespace karhunen
