// Platform-level interrupt controller: many level-sensitive sources, one hart context.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "models/interfaces/word_target.h"

namespace karhunen {

/// As in the RISC-V PLIC specification 1.0.0: a source becomes pending while its line is high,
/// unless it is in service (claimed and not completed). Priorities 0 (never) to 7; among equals the
/// lowest number wins. At most 31 sources.
class Plic : public WordTarget {
public:
    sc_core::sc_out<bool> irq{"irq"};

    /// sources: count including source 0, which does not exist (KRHN_IRQ_SOURCES).
    Plic(sc_core::sc_module_name name, unsigned sources, sc_core::sc_time access_time);

    /// The line of source 1 ... sources - 1. Each must be bound.
    sc_core::sc_in<bool>& source(unsigned number) { return lines_.at(number - 1); }
    /// What the gateways see of the lines, for injecting faults: called with source and level at
    /// each look, and look_again() makes one. Must not wait.
    void filter_lines(std::function<bool(unsigned source, bool level)> f) {
        filter_ = std::move(f);
    }
    void look_again() { changed_.notify(sc_core::SC_ZERO_TIME); }

    bool line(unsigned number) const { return lines_.at(number - 1).read(); }
    /// A bit per source; in service: claimed and not completed.
    uint32_t pending() const { return pending_; }
    uint32_t enabled() const { return enabled_; }
    uint32_t in_service() const { return in_service_; }
    uint32_t priority(unsigned number) const { return priority_.at(number); }
    uint32_t threshold() const { return threshold_; }

private:
    tlm::tlm_response_status read(uint64_t offset, uint32_t& word, Context context) override;
    tlm::tlm_response_status write(uint64_t offset, uint32_t word, Context context) override;
    void sample();
    unsigned best(uint32_t threshold) const;  ///< source to serve; 0: none

    sc_core::sc_vector<sc_core::sc_in<bool>> lines_;
    std::vector<uint32_t> priority_;                       ///< per source
    uint32_t pending_ = 0, enabled_ = 0, in_service_ = 0;  ///< a bit per source
    uint32_t threshold_ = 0;
    sc_core::sc_event changed_;
    std::function<bool(unsigned, bool)> filter_;
};

}  // namespace karhunen
