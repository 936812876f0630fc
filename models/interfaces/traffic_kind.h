// Who moves bytes and what they are, for statistics. No SystemC: the DRAM core uses it too.
#pragma once

#include <cstdint>
#include <string_view>

namespace karhunen {

enum class Master : uint8_t { cpu, dma, host, count };

enum class TrafficKind : uint8_t {
    other,  ///< CPU data accesses, COPY transfers
    weights,
    tables,  ///< codec parameters
    maps,    ///< feature-map streams
    tile_table,
    descriptors,
    count
};

constexpr std::string_view name_of(Master m) {
    constexpr std::string_view names[] = {"cpu", "dma", "host"};
    return names[static_cast<unsigned>(m)];
}

constexpr std::string_view name_of(TrafficKind k) {
    constexpr std::string_view names[] = {"other", "weights",    "tables",
                                          "maps",  "tile_table", "descriptors"};
    return names[static_cast<unsigned>(k)];
}

/// Tag of traffic that belongs to no layer.
constexpr uint32_t no_tag = 0xFFFFFFFF;

}  // namespace karhunen
