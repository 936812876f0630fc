// Results on their way out of a pipelined unit: each is complete some time after the unit has gone
// on to the next one.
#pragma once

#include <deque>
#include <functional>

#include <systemc>

namespace karhunen {

class Pipeline : public sc_core::sc_module {
public:
    explicit Pipeline(sc_core::sc_module_name name);

    /// Runs `action` after `latency`, in the order of the calls. It must not wait or throw.
    void complete_after(sc_core::sc_time latency, std::function<void()> action);
    /// Blocks the calling SC_THREAD until nothing is on its way.
    void drain();

private:
    struct Result {
        sc_core::sc_time ready;
        std::function<void()> action;
    };
    void retire();

    std::deque<Result> results_;
    sc_core::sc_event due_, empty_;
};

}  // namespace karhunen
