// Does a symbolic trace again, on the machine, without its CPU.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "platform/configuration.h"
#include "platform/machine.h"
#include "platform/trace/trace.h"

namespace karhunen {

struct TraceReport {
    size_t actions = 0, done = 0;  ///< of the trace; that were done
    std::vector<uint32_t> claims;  ///< interrupt sources, in order
    size_t told_together = 0;      ///< interrupts that came with an earlier one
    size_t bands_stored = 0, checks = 0;
    double simulated_ms = 0;
    std::vector<std::string> mismatches;  ///< "FILE:LINE: ..."; at most the first 16
    size_t mismatch_count = 0;
    std::string uart;

    bool is_good() const { return mismatch_count == 0; }
};

/// at_end: gets the machine before it is gone. Throws std::runtime_error for a configuration that
/// makes no machine.
TraceReport play_trace(const SymbolicTrace& trace, const PlatformConfiguration& configuration,
                       const std::function<void(Machine&)>& at_end = {});

void print_text(const TraceReport& report, std::ostream& out);
void print_json(const TraceReport& report, std::ostream& out);

}  // namespace karhunen
