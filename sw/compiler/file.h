// A whole file in memory.
#pragma once

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace karhunen {

/// Throws Error("PATH: the WHAT cannot be read: REASON").
template <typename Error>
std::vector<uint8_t> read_file(const std::filesystem::path& path, const std::string& what) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);  // not of a folder
    std::vector<uint8_t> bytes;
    if (!error) {
        bytes.resize(size);
        std::ifstream in(path, std::ios::binary);
        in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
        if (!in) error.assign(errno ? errno : EIO, std::generic_category());
    }
    if (error) throw Error(path.string() + ": the " + what + " cannot be read: " + error.message());
    return bytes;
}

}  // namespace karhunen
