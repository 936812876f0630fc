// Options of `karhunen run` that attach something to the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/commands/commands.h"
#include "platform/instrument.h"

namespace karhunen {

struct InstrumentOptions {
    std::string firmware;  ///< its file; empty: built in
    std::string inject;    ///< file of faults
    // blocks in RTL
    std::string rtl;
    std::vector<std::string> rtl_layers;
    uint32_t rtl_seed = 1;
    uint64_t rtl_bands = UINT64_MAX;
    std::string symbolic_trace;
    std::optional<uint16_t> gdb_port;
    std::string uart;  ///< where it goes; "": nowhere
    std::string register_log, stop_at, crash_dump;
};

void add_instrument_options(CLI::App& command, InstrumentOptions& options);
/// Those asked for. Throws std::runtime_error for values that make none.
std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions& options);

}  // namespace karhunen
