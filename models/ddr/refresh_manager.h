// When all banks must be refreshed.
#pragma once

#include "models/ddr/command.h"
#include "models/ddr/device.h"
#include "models/ddr/policy.h"

namespace karhunen::ddr {

/// One refresh falls due each tREFI. While runs wait in the queues, it may be put off by so many
/// intervals as the policy allows; a memory without work makes up for them at once.
class RefreshManager {
public:
    RefreshManager(const Device& device, const Policy& policy)
        : interval_(device.t_refi),
          leeway_(Clock{policy.postponed_refreshes} * device.t_refi),
          due_(policy.refresh ? device.t_refi : never) {}

    /// From this clock on nothing else may be issued.
    Clock deadline(bool work_waits) const {
        return work_waits && due_ != never ? due_ + leeway_ : due_;
    }
    void issued() { due_ += interval_; }

private:
    Clock interval_, leeway_, due_;
};

}  // namespace karhunen::ddr
