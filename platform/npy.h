// NumPy's .npy files: reads little-endian float32 in C order (format version 1 and 2), writes
// headers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace karhunen {

struct NpyArray {
    std::vector<uint64_t> shape;
    std::vector<float> values;
};

/// Throws std::runtime_error naming the file and what was expected.
NpyArray read_npy(const std::filesystem::path& path);

struct NpyFile {
    std::string type;  ///< such as "<f4"
    std::vector<uint64_t> shape;
    std::span<const uint8_t> values;  ///< what follows the header
};

/// Any array in C order; the file outlives the result, whose values may be more or fewer than its
/// shape says. Throws std::runtime_error saying what was expected.
NpyFile parse_npy(std::span<const uint8_t> file);

/// What stands before the values of an array in C order. type: such as "<i2".
std::string npy_header(const std::string& type, std::span<const uint32_t> shape);

}  // namespace karhunen
