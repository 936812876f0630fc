// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace karhunen {

/// Writes under a temporary name beside `path`, then renames: the file is whole or untouched.
/// Throws std::runtime_error naming the file and the system's reason.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);

}  // namespace karhunen
