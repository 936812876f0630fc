// The way out: firmware ends the simulation with an exit code; a watchdog ends it when firmware
// stops reporting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/interfaces/register_block.h"

namespace karhunen {

class SimulationControl : public sc_core::sc_module {
public:
    /// Exit code when the watchdog ends the simulation.
    static constexpr uint32_t watchdog_code = 3;

    RegisterBlock registers;

    /// watchdog: simulated time without a kick; zero: none.
    SimulationControl(sc_core::sc_module_name name, sc_core::sc_time watchdog,
                      sc_core::sc_time access_time);

    /// Set once the simulation was ended from here (sc_stop was called); the first cause counts.
    std::optional<uint32_t> exit_code() const { return exit_code_; }
    /// Why the watchdog ended it; empty otherwise.
    const std::string& report() const { return report_; }
    /// When the watchdog was restarted last; zero: never.
    sc_core::sc_time last_kick() const { return last_kick_; }
    /// The time it allows; zero: it is off.
    sc_core::sc_time watchdog() const { return watchdog_; }

private:
    void start_of_simulation() override { kick(); }
    void kick();
    void expire();
    void stop(uint32_t code);

    sc_core::sc_time watchdog_, last_kick_;
    std::optional<uint32_t> exit_code_;
    std::string report_;
    sc_core::sc_event expired_;
};

}  // namespace karhunen
