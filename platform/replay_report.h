// What the replay of a trace found out, and how it is shown.
#pragma once

#include <iosfwd>
#include <string>

#include "models/ddr/device.h"
#include "models/ddr/replay.h"

namespace karhunen {

struct ReplayReport {
    std::string trace, mapping;
    ddr::Device device;
    double clock_mhz = 0;
    ddr::Statistics statistics;  ///< up to the last data beat
    ddr::Latencies latencies, delays;
};

/// A table for people.
void print_text(const ReplayReport& report, std::ostream& out);
/// The same for programs.
void print_json(const ReplayReport& report, std::ostream& out);

}  // namespace karhunen
