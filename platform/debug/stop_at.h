// `--stop-at`: ends the simulation, or gives the machine to GDB, at a place of the network or at a
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "platform/band_map.h"
#include "platform/debug/debugger.h"
#include "platform/instrument.h"

namespace karhunen::debug {

/// layer:LAYER            the DMA is about to read the first band for this layer: number or name
/// tile:LAYER:IMAGE:BAND  this band of its output is in memory
/// time:MS                simulated milliseconds
class StopAt : public Instrument {
public:
    /// debugger: null: the simulation ends there. Throws std::runtime_error.
    StopAt(const std::string& place, Debugger* debugger);

    /// Throws std::runtime_error for what the run does not have.
    void attach(const RunSubject& subject, Machine& machine) override;
    void on_band_stored(uint32_t entry_address, const krhn_tile_entry& entry) override;
    void on_band_load(uint32_t source, const krhn_dma_descriptor& descriptor) override;
    void finish(Machine& machine, RunReport& report) override;

private:
    struct Layer {
        std::string name;
    };
    struct Tile {
        std::string layer;
        uint32_t image, band;
    };
    struct Time {
        double ms;
    };
    static std::variant<Layer, Tile, Time> parse(const std::string& place);
    uint64_t find_entry(const RunSubject& subject, const Tile& tile) const;
    void reached();
    void stop();

    std::string text_;
    std::variant<Layer, Tile, Time> place_;
    Debugger* debugger_;
    std::optional<uint32_t> layer_;             ///< whose band is to be read
    std::optional<uint64_t> entry_;             ///< address of the tile's
    std::optional<sc_core::sc_event> reached_;  ///< an event belongs to one simulation
    bool has_stopped_ = false;
};

}  // namespace karhunen::debug
