// What the formats of the register map have in common.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "platform/registers/register_map.h"

namespace karhunen {

/// "0x1F"; digits: at least.
inline std::string hex_text(uint32_t value, int digits = 1) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%0*X", digits, value);
    return text;
}

/// "DMA_CHANNEL6_DESCRIPTOR"
inline std::string identifier_of(std::string name) {
    for (char& c : name)
        if (c == '.') c = '_';
    return name;
}

inline const char* text_of(Access access) {
    switch (access) {
        case Access::RO:
            return "RO";
        case Access::RW:
            return "RW";
        case Access::RWS:
            return "RWS";
        case Access::W1C:
            return "W1C";
        case Access::WO:
            return "WO";
    }
    return "";
}

/// Ready for a person to read: "made by" for the first line of every file.
inline constexpr const char* registers_origin =
    "Made by `karhunen registers` of sw/include/karhunen/registers.h; `make registers` makes it "
    "again.";

}  // namespace karhunen
