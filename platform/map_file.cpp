#include "platform/map_file.h"

#include <array>
#include <charconv>
#include <stdexcept>

#include "platform/npy.h"
#include "sw/compiler/file.h"

namespace karhunen {

namespace {

// In the order of Format.
constexpr std::array<std::string_view, 4> format_names = {"u8", "s8", "s12", "s32"};
constexpr std::array<std::string_view, 4> npy_types = {"|u1", "|i1", "<i2", "<i4"};

constexpr uint64_t most_values = 1 << 24;  // of a band row; far above any map

void append(std::vector<uint8_t>& bytes, const int16_t* value, Format format) {
    for (uint32_t b = 0; b < bytes_of(format); ++b)
        bytes.push_back(static_cast<uint8_t>(value[b / 2] >> b % 2 * 8));
}

}  // namespace

MapOrder map_order_of(const std::string& name) {
    for (const MapOrder order : {MapOrder::chw, MapOrder::hwc})
        if (name == name_of(order)) return order;
    throw std::runtime_error("unknown order " + name + "; known are chw and hwc");
}

std::string_view name_of(MapOrder order) {
    return order == MapOrder::chw ? "chw" : "hwc";
}

std::string_view name_of(Format format) {
    return format_names[static_cast<uint32_t>(format)];
}

Format format_of(const std::string& name) {
    for (uint32_t f = 0; f < format_names.size(); ++f)
        if (name == format_names[f]) return static_cast<Format>(f);
    throw std::runtime_error("unknown format " + name + "; known are u8, s8, s12 and s32");
}

BandShape shape_of(const std::string& text) {
    uint32_t extents[3] = {};
    const char *at = text.data(), *const end = at + text.size();
    for (uint32_t i = 0; i < 3; ++i) {
        if (i > 0 && at < end && *at == ',') ++at;
        const auto [next, error] = std::from_chars(at, end, extents[i]);
        if (error != std::errc() || extents[i] == 0 || extents[i] > 1 << 24 ||
            (i < 2 ? next == end || *next != ',' : next != end))
            throw std::runtime_error("shape '" + text +
                                     "': expected C,H,W, three numbers from 1 to 16777216");
        at = next;
    }
    return {extents[1], extents[2], extents[0]};
}

std::vector<uint8_t> map_file(std::span<const int16_t> values, const BandShape& shape,
                              Format format, MapOrder order, bool npy) {
    const uint32_t words = words_of(format);
    const size_t pixels = size_t{shape.rows} * shape.width, channels = shape.channels;
    if (values.size() != pixels * channels * words)
        throw std::invalid_argument("the map has another number of values than its shape");
    std::vector<uint8_t> bytes;
    if (npy) {
        const uint32_t chw[] = {shape.channels, shape.rows, shape.width};
        const uint32_t hwc[] = {shape.rows, shape.width, shape.channels};
        const std::string header = npy_header(std::string(npy_types[static_cast<uint32_t>(format)]),
                                              order == MapOrder::chw ? chw : hwc);
        bytes.assign(header.begin(), header.end());
    }
    bytes.reserve(bytes.size() + pixels * channels * bytes_of(format));
    if (order == MapOrder::hwc) {
        for (size_t i = 0; i < pixels * channels; ++i) append(bytes, &values[i * words], format);
    } else {
        for (size_t c = 0; c < channels; ++c)
            for (size_t p = 0; p < pixels; ++p)
                append(bytes, &values[(p * channels + c) * words], format);
    }
    return bytes;
}

namespace {

/// Three dimensions in the wanted order, or one: a sequence.
BandShape shape_of_array(const NpyFile& array, MapOrder order) {
    std::vector<uint32_t> extents;
    for (const uint64_t extent : array.shape) {
        if (extent > most_values) throw std::runtime_error("the array is too large");
        extents.push_back(static_cast<uint32_t>(extent));
    }
    if (extents.size() == 1) return {1, extents[0], 1};
    if (extents.size() != 3)
        throw std::runtime_error("an array of " + std::to_string(extents.size()) +
                                 " dimensions, expected 1 or 3");
    return order == MapOrder::chw ? BandShape{extents[1], extents[2], extents[0]}
                                  : BandShape{extents[0], extents[1], extents[2]};
}

Format format_of_array(const NpyFile& array) {
    for (const Format format : {Format::u8, Format::s8, Format::s12})
        if (array.type == npy_types[static_cast<uint32_t>(format)]) return format;
    throw std::runtime_error("an array of type " + array.type + ", expected |u1, |i1 or <i2");
}

std::vector<int16_t> values_of(std::span<const uint8_t> bytes, Format format) {
    const size_t width = bytes_of(format);
    if (bytes.size() % width != 0)
        throw std::runtime_error(std::to_string(bytes.size()) +
                                 " bytes, expected values of 2 bytes");
    std::vector<int16_t> values(bytes.size() / width);
    for (size_t i = 0; i < values.size(); ++i) {
        const uint8_t* value = &bytes[i * width];
        values[i] = format == Format::u8   ? value[0]
                    : format == Format::s8 ? static_cast<int8_t>(value[0])
                                           : static_cast<int16_t>(value[0] | value[1] << 8);
        if (values[i] < min_of(format) || values[i] > max_of(format))
            throw std::runtime_error("value " + std::to_string(i) + " is " +
                                     std::to_string(values[i]) +
                                     ", expected 12 bits: -2048 to 2047");
    }
    return values;
}

Map map_of(std::span<const uint8_t> bytes, bool npy, const MapFileOptions& options) {
    Map map;
    std::optional<BandShape> shape = options.shape;
    map.format = options.format.value_or(Format::u8);
    map.sequence = !shape;
    if (npy) {
        const NpyFile array = parse_npy(bytes);
        if (options.shape || options.format)
            throw std::runtime_error("a .npy file tells shape and format itself");
        bytes = array.values;
        shape = shape_of_array(array, options.order);
        map.format = format_of_array(array);
        map.sequence = array.shape.size() == 1;
    }
    if (map.format == Format::s32) throw std::runtime_error("no codec takes values of 32 bits");
    if (bytes.size() / bytes_of(map.format) > most_values)
        throw std::runtime_error(std::to_string(bytes.size()) + " bytes, more than " +
                                 std::to_string(most_values) + " values");
    map.values = values_of(bytes, map.format);
    map.shape = shape.value_or(BandShape{1, static_cast<uint32_t>(map.values.size()), 1});
    const BandShape& s = map.shape;
    // Three extents of 24 bits each may overflow 64 bits.
    if (double{1} * s.rows * s.width * s.channels != static_cast<double>(map.values.size()))
        throw std::runtime_error(std::to_string(map.values.size()) + " values of format " +
                                 std::string(name_of(map.format)) + ", expected " +
                                 std::to_string(s.channels) + " channels of " +
                                 std::to_string(s.rows) + " x " + std::to_string(s.width));
    return map;
}

std::vector<int16_t> interleaved(std::span<const int16_t> planes, size_t channels) {
    std::vector<int16_t> values(planes.size());
    const size_t pixels = channels == 0 ? 0 : planes.size() / channels;
    for (size_t c = 0; c < channels; ++c)
        for (size_t p = 0; p < pixels; ++p) values[p * channels + c] = planes[c * pixels + p];
    return values;
}

}  // namespace

Map read_map(const std::filesystem::path& path, const MapFileOptions& options) {
    const std::vector<uint8_t> file = read_file<std::runtime_error>(path, "map");
    try {
        Map map = map_of(file, path.extension() == ".npy", options);
        if (options.order == MapOrder::chw)
            map.values = interleaved(map.values, map.shape.channels);
        return map;
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(path.string() + ": " + error.what());
    }
}

}  // namespace karhunen
