// Cases as a folder: a binary and a hex file for each array, case.svh for each case, and
// manifest.json. README.md has the format.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "platform/files.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

/// As text for $readmemh: a word a line, an address (in words) before each segment. The last word
/// of a segment is filled up with zeros.
std::string hex_text(const VectorFile& file);

class VectorFolder {
public:
    /// Nothing appears at `path` before commit(). Throws std::runtime_error when there is something
    /// already, unless `replace` is set and it is a folder of vectors, or nothing can be written.
    VectorFolder(const std::filesystem::path& path, bool replace);

    void add(const VectorCase& vectors);
    uint64_t cases() const { return cases_.size(); }
    uint64_t bytes() const { return bytes_; }  ///< of binaries so far
    /// head: what the manifest says before the cases.
    void commit(Json head);

private:
    Json file(const std::string& folder, const VectorFile& file);

    std::filesystem::path path_, partial_;
    std::optional<OutputFolder> output_;
    Json cases_ = Json::array();
    uint64_t bytes_ = 0;
    /// Files with the same contents are written once (weights of many bands): names by contents.
    std::map<std::string, std::string> written_;
};

}  // namespace karhunen::vectors
