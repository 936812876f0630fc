// Reads NumPy's .npy files of little-endian float32 in C order (format version 1 and 2).
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace karhunen {

struct NpyArray {
    std::vector<uint64_t> shape;
    std::vector<float> values;
};

/// Throws std::runtime_error naming the file and what was expected.
NpyArray read_npy(const std::filesystem::path& path);

}  // namespace karhunen
