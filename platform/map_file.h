// Feature maps as files: values little-endian in their hardware format, bare or as NumPy's .npy.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/arithmetic/format.h"
#include "models/codec/codec.h"

namespace karhunen {

/// Order of the values in a file, slowest first: channel, row, column or row, column, channel.
enum class MapOrder { chw, hwc };

/// Throws std::runtime_error naming the known ones.
MapOrder map_order_of(const std::string& name);
std::string_view name_of(MapOrder order);

std::string_view name_of(Format format);  ///< "u8", "s8", "s12" (16 bits in a file), "s32"

/// values: (row, column, channel). npy: with a header in front, of shape (C, H, W) or (H, W, C).
std::vector<uint8_t> map_file(std::span<const int16_t> values, const BandShape& shape,
                              Format format, MapOrder order, bool npy);

}  // namespace karhunen
