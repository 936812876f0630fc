// Sets of time, for asking "how long did A wait while B was busy". Times are picoseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "models/interfaces/activity.h"

namespace karhunen {

/// Disjoint half-open intervals [begin, end) in rising order.
class Intervals {
public:
    struct Interval {
        uint64_t begin, end;
    };

    /// When a block was in `state`, up to `end`.
    static Intervals of(const Activity& activity, State state, uint64_t end);

    void add(uint64_t begin, uint64_t end);  ///< not before what is there already
    Intervals operator&(const Intervals& other) const;
    Intervals operator|(const Intervals& other) const;
    /// What is left of [0, end).
    Intervals complement(uint64_t end) const;
    /// Length of the part within [begin, end).
    uint64_t length_within(uint64_t begin, uint64_t end) const;

private:
    std::vector<Interval> parts_;
};

}  // namespace karhunen
