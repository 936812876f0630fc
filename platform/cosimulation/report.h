// What a run with RTL found out about its cost.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace karhunen {

/// One block that was simulated in RTL.
struct RtlBlockReport {
    std::string block, mode;
    uint64_t bands = 0;                         ///< a band that is decoded twice counts twice
    uint64_t words = 0;                         ///< compared (cross), or taken from the RTL
    uint64_t rtl_clocks = 0;                    ///< of all instances, without the loading of tables
    uint64_t model_clocks = 0;                  ///< what the model says for as many units
    double rtl_seconds = 0, model_seconds = 0;  ///< of the host's processor
};

struct RtlReport {
    uint32_t seed = 0;  ///< of the stalls; 0: none
    std::vector<RtlBlockReport> blocks;
    /// The first one and where it is; empty: none. The RTL rests behind it.
    std::string mismatch;
};

void print_rtl(const RtlReport& report, std::ostream& out);
/// Its last line: what the run has shown; none, where the RTL's words were compared with none.
void print_rtl_verdict(const RtlReport& report, std::ostream& out);
nlohmann::ordered_json rtl_json(const RtlReport& report);

}  // namespace karhunen
