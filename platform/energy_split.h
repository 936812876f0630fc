// What each layer's energy went into: DRAM by command, multiplications, coding. Not counted: the
// accesses to on-chip memories, of which the simulation keeps no account.
#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/estimate_report.h"
#include "platform/report.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Microjoules; all images of the run.
struct EnergySplit {
    double activate = 0, precharge = 0, read = 0, write = 0;  ///< DRAM, by its data sheet
    double multiply = 0;  ///< multiplications with addition (models/resources/energy.h)
    double encode = 0, decode = 0;
    double total() const {
        return activate + precharge + read + write + multiply + encode + decode;
    }
};

/// A split per layer of the report, which is of a run of the loadable.
std::vector<EnergySplit> energy_by_layer(const RunReport& report, const Loadable& loadable,
                                         const EstimateReport& estimate);

/// {"process", "layers", "no_layer"}: the latter has firmware's commands, refresh and background.
nlohmann::ordered_json energy_json(const RunReport& report, const Loadable& loadable,
                                   const EstimateReport& estimate);

}  // namespace karhunen
