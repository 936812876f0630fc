#include "models/ddr/replay.h"

#include <algorithm>
#include <cmath>

namespace karhunen::ddr {

void Latencies::add(Clock clocks) {
    all_.add(clocks);
    if (clocks < exact) ++counts_[static_cast<size_t>(clocks)];
}

Clock Latencies::percentile(double share) const {
    const double wanted = std::ceil(share * static_cast<double>(all_.count()));
    uint64_t seen = 0;
    for (Clock clocks = least(); clocks < exact; ++clocks) {
        seen += counts_[static_cast<size_t>(clocks)];
        if (static_cast<double>(seen) >= wanted) return clocks;
    }
    return all_.percentile(share);
}

Replay::Replay(const Device& device, const AddressMapping& mapping, const Policy& policy)
    : core_(device, mapping, policy, *this) {}

void Replay::offer(const TraceRequest& wanted) {
    if (free_.empty()) free_.push_back(&pool_.emplace_back());
    Request& request = *free_.back();
    free_.pop_back();
    request.address = wanted.address;
    request.bytes = TraceRequest::bytes;
    request.write = wanted.write;
    const Clock clock = std::max(wanted.cycle, next_offer_);
    delays_.add(clock - wanted.cycle);
    core_.advance(clock);
    waiting_ = true;
    core_.submit(request, clock);
    while (waiting_) core_.advance(core_.next());
}

void Replay::finish() {
    while (!core_.idle()) core_.advance(core_.next());
}

void Replay::accepted(Request&, Clock clock) {
    waiting_ = false;
    next_offer_ = clock + 1;
}

void Replay::transferred(Request& request, uint64_t, uint64_t, Clock clock) {
    if (request.transferred == request.bytes) latencies_.add(clock - request.arrival);
}

void Replay::completed(Request& request, Clock) {
    free_.push_back(&request);
}

}  // namespace karhunen::ddr
