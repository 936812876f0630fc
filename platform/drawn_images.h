// The drawn pictures of sw/images where a command needs pictures and none were named.
#pragma once

#include <cstdint>
#include <vector>

#include "platform/labels.h"
#include "sw/compiler/image.h"

namespace karhunen {

/// Pictures 0 .. count - 1 of `seed`, as images without files.
std::vector<LabelledImage> drawn_images(uint64_t seed, uint32_t count);

/// Picture `index` of `seed` in the size that the network takes.
Picture drawn_picture_for(const krhn_input& input, uint64_t seed, uint64_t index);

/// The image as the network takes it: resized and cropped, or drawn if it has no file. Throws
/// ImageError.
Picture picture_for(const krhn_input& input, const LabelledImage& image);

}  // namespace karhunen
