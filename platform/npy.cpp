#include "platform/npy.h"

#include <cstring>
#include <sstream>

#include "sw/compiler/file.h"

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

NpyFile parse_npy(std::span<const uint8_t> file) {
    if (file.size() < 10 || std::memcmp(file.data(), "\x93NUMPY", 6) != 0)
        throw std::runtime_error("not a .npy file");
    const size_t start = file[6] == 1 ? 10 : 12;
    if (file.size() < start) throw std::runtime_error("header cut short");
    uint32_t bytes = file[8] | file[9] << 8;
    if (start == 12) bytes |= file[10] << 16 | uint32_t{file[11]} << 24;
    if (bytes > 1 << 16) throw std::runtime_error("header longer than 64 KiB");
    if (file.size() < start + bytes) throw std::runtime_error("header cut short");
    const std::string header(reinterpret_cast<const char*>(file.data()) + start, bytes);
    if (header.find("'fortran_order': False") == std::string::npos)
        throw std::runtime_error("expected an array in C order");
    NpyFile result{"", shape_in(header), file.subspan(start + bytes)};
    const size_t key = header.find("'descr':");
    const size_t open = key == std::string::npos ? key : header.find('\'', key + 8);
    const size_t close = open == std::string::npos ? open : header.find('\'', open + 1);
    if (close == std::string::npos) throw std::runtime_error("expected a type in the header");
    result.type = header.substr(open + 1, close - open - 1);
    return result;
}

NpyArray read_npy(const std::filesystem::path& path) {
    const std::vector<uint8_t> bytes = read_file<std::runtime_error>(path, "array");
    try {
        const NpyFile file = parse_npy(bytes);
        if (file.type != "<f4")
            throw std::runtime_error("expected little-endian float32 ('<f4') in C order, found " +
                                     file.type);
        NpyArray result;
        result.shape = file.shape;
        uint64_t count = 1;
        for (uint64_t extent : result.shape) {
            if (extent == 0 || count > (uint64_t{1} << 32) / extent)
                throw std::runtime_error("impossible shape");
            count *= extent;
        }
        if (file.values.size() != 4 * count)
            throw std::runtime_error("size of the file does not match its shape");
        result.values.resize(count);
        std::memcpy(result.values.data(), file.values.data(), file.values.size());
        return result;
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(path.string() + ": " + error.what());
    }
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
