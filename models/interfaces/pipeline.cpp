#include "models/interfaces/pipeline.h"

#include <utility>

namespace karhunen {

using namespace sc_core;

Pipeline::Pipeline(sc_module_name name) : sc_module(name) {
    SC_HAS_PROCESS(Pipeline);
    SC_METHOD(retire);
    sensitive << due_;
    dont_initialize();
}

void Pipeline::complete_after(sc_time latency, std::function<void()> action) {
    sc_time ready = sc_time_stamp() + latency;
    if (!results_.empty()) ready = std::max(ready, results_.back().ready);
    results_.push_back({ready, std::move(action)});
    if (results_.size() == 1) due_.notify(ready - sc_time_stamp());
}

void Pipeline::drain() {
    while (!results_.empty()) wait(empty_);
}

void Pipeline::retire() {
    while (!results_.empty() && results_.front().ready <= sc_time_stamp()) {
        results_.front().action();
        results_.pop_front();
    }
    if (results_.empty())
        empty_.notify(SC_ZERO_TIME);
    else
        due_.notify(results_.front().ready - sc_time_stamp());
}

}  // namespace karhunen
