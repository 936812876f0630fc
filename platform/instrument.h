// What is attached to a machine for one run: a debugger, a log, a trace, faults, RTL.
#pragma once

#include <cstdint>

#include <karhunen/dma.h>

#include "platform/machine.h"
#include "platform/report.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// What a run works on. Valid as long as the run.
struct RunSubject {
    const Loadable& loadable;
    const PlatformConfiguration& configuration;
    const ElfProgram& firmware;
    uint32_t images;
};

/// Called in this order, each with the default of doing nothing. An instrument serves one run.
/// What it throws (std::runtime_error) ends the run as bad input; not from on_... and not from
/// processes of SystemC.
class Instrument {
public:
    virtual ~Instrument() = default;
    /// Before the machine is made: may replace what works on values.
    virtual void prepare(const RunSubject&, DataPath&) {}
    /// The machine is wired and loaded, time is zero. It outlives the instrument's use.
    virtual void attach(const RunSubject&, Machine&) {}
    /// The DMA has written the entry of a band, which is in memory.
    virtual void on_band_stored(uint32_t /*entry_address*/, const krhn_tile_entry&) {}
    /// The DMA is about to read a band.
    virtual void on_band_load(uint32_t /*source*/, const krhn_dma_descriptor&) {}
    /// The simulation is over; what it found goes to the report (exit_code, fault, ...).
    virtual void finish(Machine&, RunReport&) {}
};

}  // namespace karhunen
