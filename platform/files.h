// Whole files, in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
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
    /// Closes, still under the temporary name. Throws std::runtime_error naming the file and the
    /// system's reason.
    void close();
    /// Closes and renames. Throws what close() throws.
    void commit();

private:
    std::filesystem::path path_, temporary_;
    std::ofstream file_;
    int error_ = 0;  ///< errno of the first failure
};

/// Files that belong together: all of them appear under their names when the last one is whole, or
/// none does. Folders are made as needed. Files of other names stay as they are.
class OutputFolder {
public:
    /// inputs: files that must not be replaced.
    /// Throws std::runtime_error("PATH: cannot be written: REASON").
    explicit OutputFolder(const std::filesystem::path& path,
                          std::vector<std::filesystem::path> inputs = {});
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    /// name: relative to the folder. Throws what OutputFile throws.
    void write(const std::filesystem::path& name, std::span<const uint8_t> bytes);
    void write(const std::filesystem::path& name, std::string_view text);
    void commit();

private:
    void make(const std::filesystem::path& folder);

    std::filesystem::path path_;
    std::vector<std::filesystem::path> inputs_;
    std::vector<std::filesystem::path> made_;  ///< folders that were not there before
    std::vector<std::unique_ptr<OutputFile>> files_;
    bool committed_ = false;
};

/// From now on SIGINT, SIGTERM and SIGHUP end the process as ever, but not before what has been
/// given to remove_on_signal() is gone. Signals that are ignored stay so.
void catch_signals();
/// A temporary file, or a folder made for one, that a signal removes (a folder only if it is
/// empty). Files that have been renamed or removed since then do not matter.
void remove_on_signal(const std::filesystem::path& path);

/// Writes the file at once: it is whole or untouched. Throws what OutputFile throws.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);
void write_text_file(const std::filesystem::path& path, std::string_view text);

/// Throws std::runtime_error("PATH: cannot be written: REASON") when write_file would; for the
/// start of long work. Leaves nothing behind.
void check_writable(const std::filesystem::path& path);

/// Throws std::runtime_error when the output would replace one of the inputs.
void check_not_input(const std::filesystem::path& output,
                     const std::vector<std::filesystem::path>& inputs);

/// Throws std::runtime_error("PATH: cannot be opened: REASON") when it cannot be read.
void check_readable(const std::filesystem::path& path);

}  // namespace karhunen
