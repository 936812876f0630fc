#include "platform/map_file.h"

#include <stdexcept>

#include "platform/npy.h"

namespace karhunen {

namespace {

std::string npy_type(Format format) {
    switch (format) {
        case Format::u8:
            return "|u1";
        case Format::s8:
            return "|i1";
        case Format::s12:
            return "<i2";
        case Format::s32:
            return "<i4";
    }
    return {};
}

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
    constexpr std::string_view names[] = {"u8", "s8", "s12", "s32"};
    return names[static_cast<uint32_t>(format)];
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
        const std::string header = npy_header(npy_type(format), order == MapOrder::chw ? chw : hwc);
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

}  // namespace karhunen
