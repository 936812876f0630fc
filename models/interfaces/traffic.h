// Who moves bytes and what they are: carried by every TLM transaction to memory.
#pragma once

#include <cstdint>
#include <string_view>

#include <tlm>

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

/// A transaction without this extension counts as {host, other, no_tag}.
struct TrafficExtension : tlm::tlm_extension<TrafficExtension> {
    Master master = Master::host;
    TrafficKind kind = TrafficKind::other;
    uint8_t channel = 0;    ///< of the master: responses stay in order within (master, channel)
    uint32_t tag = no_tag;  ///< of the job (layer number), set by software

    tlm::tlm_extension_base* clone() const override { return new TrafficExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const TrafficExtension&>(other);
    }
};

}  // namespace karhunen
