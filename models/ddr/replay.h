// Feeds a trace to the controller as fast as its cycles and the controller's queues allow.
//
// A request is offered at its cycle, or one clock after the one before it was accepted if that is
// later. All come from one port. Memory does not grow with the trace.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/ddr/controller.h"
#include "models/ddr/trace_reader.h"

namespace karhunen::ddr {

/// How often each latency occurred: exact below 65536 clocks, above in LatencyHistogram's buckets.
class Latencies {
public:
    void add(Clock clocks);
    double mean() const { return all_.mean(); }
    Clock least() const { return all_.least(); }
    Clock most() const { return all_.most(); }
    /// The least number of clocks within which the share (0 to 1) of all requests was served.
    Clock percentile(double share) const;

private:
    static constexpr Clock exact = 1 << 16;
    std::vector<uint64_t> counts_ = std::vector<uint64_t>(exact);
    LatencyHistogram all_;
};

class Replay : private Client {
public:
    Replay(const Device& device, const AddressMapping& mapping, const Policy& policy);

    /// Called for every command in order.
    void on_command(CommandHook hook) { core_.on_command(std::move(hook)); }
    /// Returns when the request is accepted. Cycles do not decrease.
    void offer(const TraceRequest& request);
    /// Returns at the last beat of the last request.
    void finish();

    /// After finish(): up to the last data beat.
    Statistics statistics() const { return core_.statistics(); }
    /// From the clock at which a request was offered to its last data beat.
    const Latencies& latencies() const { return latencies_; }
    /// From the cycle of a request to the clock at which it was offered: how late the trace ran.
    const Latencies& delays() const { return delays_; }
    /// Requests in flight at once, at most.
    size_t most_in_flight() const { return pool_.size(); }

private:
    void accepted(Request& request, Clock clock) override;
    void transferred(Request& request, uint64_t offset, uint64_t bytes, Clock clock) override;
    void completed(Request& request, Clock clock) override;

    Controller core_;
    std::deque<Request> pool_;
    std::vector<Request*> free_;
    Clock next_offer_ = 0;
    bool waiting_ = false;  ///< for accepted()
    Latencies latencies_, delays_;
};

}  // namespace karhunen::ddr
