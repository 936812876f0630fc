// The network that the program brings along: a ResNet-18 that sw/training taught the classes of
// sw/images (drawn_classes() names them).
#pragma once

#include <cstdint>
#include <span>

#include "sw/compiler/network.h"

namespace karhunen {

/// sw/training/resnet18.onnx, a part of the program.
std::span<const uint8_t> default_network_file();

Network default_network();

}  // namespace karhunen
