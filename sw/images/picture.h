// Pictures like photographs, drawn: textured things and scenes with clutter, light and grain. What
// the built-in network was trained on and can be tried with, without any download.
//
// Only integers, + - * / and square roots in a fixed order: every host draws the same bits.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sw/compiler/image.h"

namespace karhunen {

/// Names of the classes, in the order of their numbers.
std::vector<std::string> drawn_classes();

/// The class of a picture; any drawn_classes().size() consecutive pictures have each class once.
uint32_t drawn_class(uint64_t seed, uint64_t index);

inline constexpr uint32_t smallest_drawn = 8, largest_drawn = 1024;  ///< pixels on a side

/// Picture `index` of `seed`, size x size pixels; other sizes show the same scene.
/// Takes some milliseconds. Throws std::invalid_argument when it cannot be drawn in that size.
Picture drawn_picture(uint64_t seed, uint64_t index, uint32_t size = 224);

/// Pictures first .. first + count - 1.
std::vector<Picture> drawn_pictures(uint64_t seed, uint64_t first, uint32_t count,
                                    uint32_t size = 224, unsigned threads = 0);

/// Seeds: what the network was trained, validated and is calibrated with. Users' own seeds are best
/// below, so that no picture has been seen.
inline constexpr uint64_t training_seed = 1000, validation_seed = 1001, calibration_seed = 1003;

}  // namespace karhunen
