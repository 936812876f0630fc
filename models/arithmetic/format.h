// Number formats of feature maps, as in sw/include/karhunen/loadable.h.
//
// In the models every map value is an int16_t whatever its format, rows lie as (column, channel);
// an s32 value (a logit) is two of them, low half first. Buffers and streams count hardware bytes.
#pragma once

#include <cstdint>

#include <karhunen/loadable.h>

namespace karhunen {

enum class Format : uint32_t {
    u8 = KRHN_FORMAT_U8,
    s8 = KRHN_FORMAT_S8,
    s12 = KRHN_FORMAT_S12,
    s32 = KRHN_FORMAT_S32,
};

constexpr bool is_valid_format(uint32_t value) {
    return value <= KRHN_FORMAT_S32;
}

/// Bytes of one value in an on-chip buffer.
constexpr uint32_t bytes_of(Format format) {
    return format == Format::s32 ? 4 : format == Format::s12 ? 2 : 1;
}

/// Number of int16_t that hold one value in the models.
constexpr uint32_t words_of(Format format) {
    return format == Format::s32 ? 2 : 1;
}

constexpr int64_t min_of(Format format) {
    return format == Format::u8    ? 0
           : format == Format::s8  ? -128
           : format == Format::s12 ? -2048
                                   : INT32_MIN;
}

constexpr int64_t max_of(Format format) {
    return format == Format::u8    ? 255
           : format == Format::s8  ? 127
           : format == Format::s12 ? 2047
                                   : INT32_MAX;
}

}  // namespace karhunen
