// What every block did when, and what DRAM moved meanwhile. Times are picoseconds since the start
// of simulation.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/ddr/command.h"
#include "models/interfaces/activity.h"

namespace karhunen {

class Machine;
struct RunReport;

/// A state that is not idle, and the layer that the block works for.
struct TimelineSpan {
    uint64_t begin = 0, end = 0;
    State state = State::busy;
    uint32_t layer = 0;  ///< no_tag: none
};

struct TimelineBlock {
    std::string name;
    /// What its states mean, by State: a channel of the DMA is at work while it waits for memory.
    std::array<const char*, static_cast<unsigned>(State::count)> words{};
    std::vector<TimelineSpan> spans;  ///< in order of time; none overlap, none is empty

    uint64_t time_in(State state) const;
};

/// Bursts on the DRAM pins, in intervals of one length. Of ddr.model ideal, which has no commands,
/// there are none.
struct DramRate {
    static constexpr uint64_t interval_ps = 10'000'000;
    std::vector<uint64_t> read, written;
    uint64_t burst_bytes = 0;

    void add(const ddr::CommandRecord& command, uint64_t time);
    double gbps(uint64_t bursts) const;
};

struct Timeline {
    uint64_t end = 0;
    std::vector<TimelineBlock> blocks;
    DramRate dram;
};

/// Of blocks that have kept their history, up to `end`.
std::vector<TimelineBlock> timeline_blocks(Machine& machine, uint64_t end);

/// As Trace Event JSON, which ui.perfetto.dev and chrome://tracing open: the machine is a process,
/// each block a thread of complete events, with the layer as an argument; the first thread shows
/// the layers, a counter the throughput of DRAM. Throws what OutputFile throws.
void write_trace_events(const Timeline& timeline, const RunReport& report,
                        const std::filesystem::path& path);

}  // namespace karhunen
