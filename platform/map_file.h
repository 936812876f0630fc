// Feature maps as files: values little-endian in their hardware format, bare or as NumPy's .npy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/arithmetic/format.h"
#include "models/codec/codec.h"

namespace karhunen {

/// Order of the values in a file, slowest first: channel, row, column or row, column, channel.
enum class MapOrder { chw, hwc };

std::string_view name_of(MapOrder order);
std::string_view name_of(Format format);  ///< "u8", "s8", "s12" (16 bits in a file), "s32"
/// Both throw std::runtime_error naming the known ones.
MapOrder map_order_of(const std::string& name);
Format format_of(const std::string& name);

/// "64,56,56": channels, rows, columns. Throws std::runtime_error.
BandShape shape_of(const std::string& text);

/// values: (row, column, channel). npy: with a header in front, of shape (C, H, W) or (H, W, C).
std::vector<uint8_t> map_file(std::span<const int16_t> values, const BandShape& shape,
                              Format format, MapOrder order, bool npy);

/// A map from a file. A file without a shape is a sequence: one row, one channel.
struct Map {
    BandShape shape;
    bool sequence = false;
    Format format = Format::u8;
    std::vector<int16_t> values;  ///< (row, column, channel)
};

/// How to read bare values. A .npy file tells format and shape (none if it has one dimension).
struct MapFileOptions {
    std::optional<BandShape> shape;
    std::optional<Format> format;  ///< u8, s8 or s12; u8 when not told
    MapOrder order = MapOrder::chw;
};

/// Throws std::runtime_error naming the file, what was found and what was expected.
Map read_map(const std::filesystem::path& path, const MapFileOptions& options);

}  // namespace karhunen
