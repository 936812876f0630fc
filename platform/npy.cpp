#include "platform/npy.h"

#include <cstring>
#include <fstream>
#include <sstream>

namespace karhunen {

namespace {

/// "(200, 1000)" behind 'shape':
std::vector<uint64_t> shape_in(const std::string& header) {
    std::vector<uint64_t> shape;
    const size_t key = header.find("'shape':");
    const size_t open = key == std::string::npos ? key : header.find('(', key);
    const size_t close = open == std::string::npos ? open : header.find(')', open);
    if (close == std::string::npos) return shape;
    std::istringstream list(header.substr(open + 1, close - open - 1));
    for (std::string item; std::getline(list, item, ',');) {
        std::istringstream number(item);
        uint64_t extent = 0;
        if (number >> extent) shape.push_back(extent);
    }
    return shape;
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& path) {
    const auto fail = [&](const std::string& what) {
        return std::runtime_error(path.string() + ": " + what);
    };
    std::ifstream file(path, std::ios::binary);
    if (!file) throw fail("cannot be opened for reading");
    char start[8];
    if (!file.read(start, 8) || std::memcmp(start, "\x93NUMPY", 6) != 0)
        throw fail("not a .npy file");
    uint8_t length[4] = {};
    if (!file.read(reinterpret_cast<char*>(length), start[6] == 1 ? 2 : 4))
        throw fail("header cut short");
    const uint32_t bytes = length[0] | length[1] << 8 | length[2] << 16 | uint32_t{length[3]} << 24;
    if (bytes > 1 << 16) throw fail("header longer than 64 KiB");
    std::string header(bytes, '\0');
    if (!file.read(header.data(), bytes)) throw fail("header cut short");
    if (header.find("'<f4'") == std::string::npos ||
        header.find("'fortran_order': False") == std::string::npos)
        throw fail("expected little-endian float32 ('<f4') in C order");

    NpyArray result;
    result.shape = shape_in(header);
    uint64_t count = 1;
    for (uint64_t extent : result.shape) {
        if (extent == 0 || count > (uint64_t{1} << 32) / extent) throw fail("impossible shape");
        count *= extent;
    }
    if (std::filesystem::file_size(path) != 8 + (start[6] == 1 ? 2u : 4u) + bytes + 4 * count)
        throw fail("size of the file does not match its shape");
    result.values.resize(count);
    file.read(reinterpret_cast<char*>(result.values.data()),
              static_cast<std::streamsize>(4 * count));
    if (!file) throw fail("cut short");
    return result;
}

std::string npy_header(const std::string& type, std::span<const uint32_t> shape) {
    std::string text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (";
    for (const uint32_t extent : shape) text += std::to_string(extent) + ", ";
    text += "), }";
    constexpr size_t start = 10, alignment = 64;  // of magic, version and length; of the values
    while ((start + text.size() + 1) % alignment != 0) text += ' ';
    text += '\n';
    return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(text.size() & 0xFF) +
           static_cast<char>(text.size() >> 8) + text;
}

}  // namespace karhunen
