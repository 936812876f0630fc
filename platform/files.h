// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace karhunen {

/// Writes under a temporary name beside `path`, then renames: the file is whole or untouched.
/// Throws std::runtime_error naming the file and the system's reason.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);

/// Throws std::runtime_error("PATH: cannot be written: REASON") when write_file would; for the
/// start of long work. Leaves nothing behind.
void check_writable(const std::filesystem::path& path);

/// Throws std::runtime_error("PATH: cannot be opened: REASON") when it cannot be read.
void check_readable(const std::filesystem::path& path);

}  // namespace karhunen
