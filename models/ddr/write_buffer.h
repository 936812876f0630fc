// Whether it is the turn of the reads or of the writes that wait.
#pragma once

#include <cstdint>

#include "models/ddr/policy.h"

namespace karhunen::ddr {

/// Runs that wait in a queue; blocked ones wait for older runs on the same bytes.
struct QueueFill {
    uint32_t entries = 0, blocked = 0;
    uint64_t bursts = 0;
};

/// Changing direction costs the data bus some 20 clocks, so writes are collected: the high
/// watermark starts to drain them, the low one ends it, as long as there are reads.
class WriteBuffer {
public:
    explicit WriteBuffer(const Policy& policy) : policy_(policy) {}

    bool drains(bool draining, const QueueFill& reads, const QueueFill& writes) const {
        if (writes.entries == writes.blocked) return false;
        if (reads.entries == reads.blocked) return true;
        if (reads.blocked) return true;  // what they wait for is a write
        if (draining)
            return writes.entries > policy_.low_entries || writes.bursts > policy_.low_bursts;
        return writes.entries >= policy_.high_entries || writes.bursts >= policy_.high_bursts;
    }

private:
    const Policy& policy_;
};

}  // namespace karhunen::ddr
