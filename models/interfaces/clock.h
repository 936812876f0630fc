// The clock of a block as a unit of time: blocks are timed per row or chunk, nothing toggles.
#pragma once

#include <cstdint>

#include <systemc>

#include "models/interfaces/activity.h"

namespace karhunen {

class Clock {
public:
    explicit Clock(sc_core::sc_time period) : period_(period) {}

    sc_core::sc_time period() const { return period_; }
    /// Exact, where sc_time * double is not.
    sc_core::sc_time time_of(uint64_t clocks) const {
        return sc_core::sc_time::from_value(period_.value() * clocks);
    }
    /// Clocks that cover a time: rounded up.
    uint64_t clocks_in(sc_core::sc_time time) const {
        return (time.value() + period_.value() - 1) / period_.value();
    }

private:
    sc_core::sc_time period_;
};

/// The calling SC_THREAD, and its block, are busy for `clocks`.
inline void stay_busy(Activity& activity, const Clock& clock, uint64_t clocks) {
    activity.set(State::busy);
    if (clocks != 0) sc_core::wait(clock.time_of(clocks));
}

}  // namespace karhunen
