// The data of a run's report page: what `run --json` prints, and what it takes to put it in charts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/configuration.h"
#include "platform/report.h"
#include "platform/timeline.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// {"run", "machine", "estimate", "energy", "timeline"}: report_json(report), the machine in
/// figures, what it takes of a device (resources::find_device), energy_json(), and the timeline in
/// columns. report and timeline are of a run of the loadable on that machine.
nlohmann::ordered_json run_page_data(const RunReport& report, const Timeline& timeline,
                                     const Loadable& loadable,
                                     const PlatformConfiguration& configuration,
                                     const std::string& device);

/// The timeline in `columns` equal parts: per block and state the percentage of each part, and
/// DRAM's throughput in it.
nlohmann::ordered_json timeline_columns(const Timeline& timeline, size_t columns);

}  // namespace karhunen
