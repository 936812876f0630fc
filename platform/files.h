// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string_view>
#include <vector>

namespace karhunen {

/// A file that is written piece by piece, under a temporary name beside `path`, which gets it when
/// it is whole. A link stays one: what it points to is replaced. Unless commit() is reached,
/// nothing is left behind.
class OutputFile {
public:
    /// Throws std::runtime_error("PATH: cannot be written: REASON").
    explicit OutputFile(const std::filesystem::path& path);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Throws nothing, so that simulated hardware may call it: check() tells of errors.
    void write(std::string_view bytes);
    /// Throws std::runtime_error if something could not be written.
    void check() const;
    /// Closes and renames. Throws std::runtime_error naming the file and the system's reason.
    void commit();

private:
    std::filesystem::path path_, temporary_;
    std::ofstream file_;
    int error_ = 0;  ///< errno of the first failure
};

/// Writes the file at once: it is whole or untouched. Throws what OutputFile throws.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);

/// Throws std::runtime_error("PATH: cannot be written: REASON") when write_file would; for the
/// start of long work. Leaves nothing behind.
void check_writable(const std::filesystem::path& path);

/// Throws std::runtime_error when the output would replace one of the inputs.
void check_not_input(const std::filesystem::path& output,
                     const std::vector<std::filesystem::path>& inputs);

/// Throws std::runtime_error("PATH: cannot be opened: REASON") when it cannot be read.
void check_readable(const std::filesystem::path& path);

}  // namespace karhunen
