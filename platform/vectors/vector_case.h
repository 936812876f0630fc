// What one job of a block takes and gives, as files: shared by all blocks.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/arithmetic/format.h"

namespace karhunen::vectors {

using Json = nlohmann::ordered_json;

/// Bytes that lie together at an address.
struct Segment {
    uint64_t address = 0;
    std::vector<uint8_t> bytes;
};

/// One array of values, a file of its own.
struct VectorFile {
    std::string name;  ///< unique in its case
    std::string role;  ///< stimulus, expectation, parameters or inside
    std::string type;  ///< of a value: u8, s8, s12 (in 16 bits), u16, s16, u32, s32
    std::vector<uint64_t> shape;
    std::string layout;             ///< names of the dimensions, slowest first
    uint32_t word_bytes = 1;        ///< of a line of the hex file
    std::vector<Segment> segments;  ///< in order of their addresses, multiples of word_bytes
    double scale = 0;               ///< real value of a step; 0: not known
};

struct VectorCase {
    std::string name;
    Json job;   ///< what the block's registers hold, by their names
    Json tile;  ///< which part of which tensor; null for cases that no network made
    std::vector<VectorFile> files;
};

/// Values of an integer type, little-endian.
template <std::integral T>
VectorFile array_file(std::string name, std::string role, std::vector<uint64_t> shape,
                      std::string layout, std::span<const T> values) {
    VectorFile file{std::move(name),
                    std::move(role),
                    (std::is_signed_v<T> ? "s" : "u") + std::to_string(8 * sizeof(T)),
                    std::move(shape),
                    std::move(layout),
                    sizeof(T),
                    {{}}};
    for (const T value : values)
        for (unsigned i = 0; i < sizeof(T); ++i)
            file.segments[0].bytes.push_back(
                static_cast<uint8_t>(static_cast<std::make_unsigned_t<T>>(value) >> 8 * i));
    return file;
}

/// Rows of a map as the models hold them: [row][column][channel].
VectorFile rows_file(std::string name, std::string role, uint32_t rows, uint32_t width,
                     uint32_t channels, Format format, std::span<const int16_t> values);

/// A stream of bytes, in words of so many bytes.
VectorFile bytes_file(std::string name, std::string role, uint32_t word_bytes,
                      std::span<const uint8_t> bytes);

}  // namespace karhunen::vectors
