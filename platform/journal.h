// What was measured on single pictures, kept in a file as it comes, so that a long measurement that
// was stopped goes on where it was.
//
// A text file: a first line that says what it is, then a line of JSON for each picture and network:
// {"key": ..., "sums": ...}. The key stands for everything that the sums depend on: a checksum of
// the loadable, of the picture's file (or its number, if it is drawn) and of its reference. A last
// line that is not whole (the measurement was killed) does not count and is written anew.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "platform/accuracy.h"

namespace karhunen {

class Journal {
public:
    /// Reads the file if it is there. Throws std::runtime_error naming file and line where it is
    /// not a journal.
    explicit Journal(const std::filesystem::path& path);

    std::optional<ImageSums> find(const std::string& key) const;
    /// Written at once. Several threads may add. Throws std::runtime_error when it cannot be.
    void add(const std::string& key, const ImageSums& sums);

private:
    void read(const std::filesystem::path& path);

    const std::filesystem::path path_;
    std::map<std::string, ImageSums> known_;
    mutable std::mutex mutex_;
    std::ofstream file_;
};

/// Of one picture, measured with one network.
std::string journal_key(const Loadable& loadable, const LabelledImage& image,
                        std::span<const float> reference);

}  // namespace karhunen
