#include "models/simulation_control/simulation_control.h"

#include <karhunen/registers.h>

#include <sstream>

#include "models/interfaces/time_text.h"

namespace karhunen {
namespace {

constexpr RegisterDescription description[] = {
    KRHN_SIMULATION_CONTROL_REGISTERS(KARHUNEN_DESCRIBE)};

}  // namespace

SimulationControl::SimulationControl(sc_core::sc_module_name name, sc_core::sc_time watchdog,
                                     sc_core::sc_time access_time)
    : sc_module(name), registers("registers", description, access_time), watchdog_(watchdog) {
    registers["EXIT"].on_write([this](uint32_t code) { stop(code); });
    registers["WATCHDOG"].on_write([this](uint32_t) { kick(); });
    SC_HAS_PROCESS(SimulationControl);
    SC_METHOD(expire);
    sensitive << expired_;
    dont_initialize();
}

void SimulationControl::kick() {
    if (watchdog_ == sc_core::SC_ZERO_TIME || exit_code_) return;
    last_kick_ = sc_core::sc_time_stamp();
    expired_.cancel();
    expired_.notify(watchdog_);
}

void SimulationControl::expire() {
    std::ostringstream out;
    out << "watchdog: no sign of progress from firmware"
        << (last_kick_ == sc_core::SC_ZERO_TIME ? ", which has never restarted it"
                                                : " since " + time_text(last_kick_))
        << " (" << time_text(watchdog_) << " allowed), stopped at "
        << time_text(sc_core::sc_time_stamp());
    report_ = out.str();
    stop(watchdog_code);
}

void SimulationControl::stop(uint32_t code) {
    if (exit_code_) return;
    exit_code_ = code;
    expired_.cancel();
    sc_core::sc_stop();
}

}  // namespace karhunen
