// When all banks must be refreshed.
#pragma once

#include "models/ddr/command.h"
#include "models/ddr/device.h"
#include "models/ddr/policy.h"

namespace karhunen::ddr {

/// One refresh falls due each tREFI. While runs wait in the queues, it may be put off by so many
/// intervals as the policy allows, less the time to close the banks: between two refreshes there
/// are never more than nine intervals (JESD79-3F, 4.18.1). A memory without work makes up for them
/// at once.
class RefreshManager {
public:
    RefreshManager(const Device& device, const Policy& policy)
        : interval_(device.t_refi),
          leeway_(policy.postponed_refreshes
                      ? Clock{policy.postponed_refreshes} * device.t_refi - closing_time(device)
                      : 0),
          due_(policy.refresh ? device.t_refi : never) {}

    /// From this clock on nothing else may be issued.
    Clock deadline(bool work_waits) const {
        return work_waits && due_ != never ? due_ + leeway_ : due_;
    }
    void issued() { due_ += interval_; }

private:
    static Clock closing_time(const Device& d) {
        return d.t_ras + d.cwl + d.burst_clocks() + d.t_wr + d.t_rtp + d.t_rp;
    }

    Clock interval_, leeway_, due_;
};

}  // namespace karhunen::ddr
