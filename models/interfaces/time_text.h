// Simulated times in messages.
#pragma once

#include <sstream>
#include <string>

#include <systemc>

namespace karhunen {

/// To 14 digits, in the largest unit that leaves at least 1: "2.81573625 ms". The resolution of
/// time is SystemC's default, 1 ps.
inline std::string time_text(const sc_core::sc_time& time) {
    if (time == sc_core::SC_ZERO_TIME) return "0 s";
    constexpr const char* units[] = {" ps", " ns", " us", " ms", " s"};
    size_t unit = 0;
    double in_unit = 1;  // ps
    while (unit < 4 && static_cast<double>(time.value()) >= 1000 * in_unit) in_unit *= 1000, ++unit;
    std::ostringstream text;
    text.precision(14);
    text << static_cast<double>(time.value()) / in_unit << units[unit];
    return text.str();
}

}  // namespace karhunen
