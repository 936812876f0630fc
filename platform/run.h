// One run of the machine: place loadable and pictures, boot the firmware, simulate, collect.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "platform/configuration.h"
#include "platform/report.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

class Instrument;
struct Recording;
struct Timeline;

struct RunOptions {
    PlatformConfiguration configuration;
    /// First tensor of each image, (row, column, channel); at least one, at most the loadable's
    /// batch. Without a network (Loadable::none()): one, empty.
    std::vector<std::vector<int16_t>> inputs;
    /// The run is recorded here, if it is good (exit code 0); it must be empty before.
    Recording* record = nullptr;
    /// Instead of the inputs: the run is replayed, without values, and nothing can be checked.
    const Recording* replay = nullptr;
    std::filesystem::path firmware;        ///< ELF; empty: the one built in
    bool check = false;                    ///< compare every band with the golden executor
    std::filesystem::path vcd;             ///< waveforms; empty: none
    std::filesystem::path dram_commands;   ///< CSV, see command_trace.h; empty: none
    Timeline* timeline = nullptr;          ///< filled, if given
    std::function<void(char)> uart;        ///< gets the characters as they are sent
    bool verbose_firmware = false;         ///< a line on the UART per layer
    std::vector<Instrument*> instruments;  ///< attached to the machine, in this order
    /// For experiments on a running machine: called after a band was stored, with the offset of its
    /// tile table entry and all of DDR.
    std::function<void(uint64_t entry_offset, std::span<uint8_t> memory)> after_store;
};

/// Throws std::runtime_error for what is wrong before the start (loadable, ELF, configuration).
/// Throws InternalError when the traffic of DRAM does not add up.
/// What goes wrong later is in the report: exit_code (0, 2, 3, 4), fault, first_difference.
/// In the report, names of network, image and so on are left to the caller.
RunReport run(const Loadable& loadable, const RunOptions& options);

}  // namespace karhunen
