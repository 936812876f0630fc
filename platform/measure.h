// From what the blocks recorded during a run to the figures of the report.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/ddr/energy.h"
#include "models/ddr/statistics.h"
#include "models/encoder/encoder.h"
#include "platform/report.h"
#include "platform/stalls.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Times in picoseconds since the start of simulation. Tags are layer numbers.
struct Measurements {
    struct Job {
        uint32_t tag = 0;
        uint64_t end = 0;
    };
    std::vector<Job> array_jobs;  ///< in the order in which they ended
    /// Streams of maps that are not counted among the stored tensors (the picture, pooled maps, the
    /// logits): bytes of whole bursts.
    struct OtherMaps {
        uint64_t read = 0, written = 0;
    };
    std::map<uint32_t, OtherMaps> other_maps;                  ///< by tag
    std::map<uint32_t, std::map<uint32_t, uint64_t>> decoded;  ///< values by tag and tensor
    std::vector<EncodedBand> bands;
    uint64_t begin = 0;  ///< first transfer
    uint64_t end = 0;    ///< last band stored
    uint64_t array_period = 0;
    uint64_t multipliers = 1;  ///< of the array
    uint32_t images = 1;
    ddr::Statistics dram;
    double dram_period_ps = 0;
    double dram_peak_bytes_per_s = 0;
};

/// Fills layers, total, cycles and rates of the report.
void measure(const Loadable& loadable, const Measurements& measured, const StallAccount& stalls,
             const ddr::EnergyModel& energy, RunReport& report);

}  // namespace karhunen
