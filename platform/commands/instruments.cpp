#include "platform/commands/instruments.h"

namespace karhunen {

void add_instrument_options(CLI::App&, InstrumentOptions&) {}

std::vector<std::unique_ptr<Instrument>> make_instruments(const InstrumentOptions&) {
    return {};
}

}  // namespace karhunen
