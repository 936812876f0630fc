// Options of `karhunen run` that attach something to the machine.
#pragma once

#include <memory>
#include <vector>

#include "platform/commands/commands.h"
#include "platform/instrument.h"

namespace karhunen {

struct InstrumentOptions {};

void add_instrument_options(CLI::App& command, InstrumentOptions& options);
/// Those asked for. Throws std::runtime_error for values that make none.
std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions& options);

}  // namespace karhunen
