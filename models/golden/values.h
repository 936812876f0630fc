// Values of the API are int32_t, those of the cores int16_t, s32 in two halves.
#pragma once

#include <span>
#include <vector>

#include "models/arithmetic/format.h"
#include "models/golden/guard.h"

namespace karhunen::golden {

/// What any map of the array and post-processing may hold.
inline constexpr int32_t least_value = -2048, most_value = 2047;

inline void check_range(std::span<const int32_t> values, int64_t low, int64_t high,
                        const char* name) {
    for (size_t i = 0; i < values.size(); ++i)
        if (values[i] < low || values[i] > high)
            throw Error(KARHUNEN_BAD_ARGUMENT, std::string(name) + '[' + std::to_string(i) +
                                                   "] is " + std::to_string(values[i]) +
                                                   ", expected " + std::to_string(low) + " to " +
                                                   std::to_string(high));
}

inline std::vector<int16_t> narrowed(std::span<const int32_t> values, int64_t low, int64_t high,
                                     const char* name) {
    check_range(values, low, high, name);
    return {values.begin(), values.end()};
}

inline std::vector<int16_t> narrowed(std::span<const int32_t> values, Format format,
                                     const char* name) {
    if (format != Format::s32) return narrowed(values, min_of(format), max_of(format), name);
    std::vector<int16_t> halves(2 * values.size());
    std::memcpy(halves.data(), values.data(), values.size_bytes());
    return halves;
}

/// to: values.size() / words_of(format) values.
inline void widen(std::span<const int16_t> values, Format format, int32_t* to) {
    if (format == Format::s32)
        std::memcpy(to, values.data(), values.size_bytes());
    else
        for (const int16_t v : values) *to++ = v;
}

}  // namespace karhunen::golden
