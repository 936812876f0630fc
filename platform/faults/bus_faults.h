// Faults on the bus: errors, changed bytes, a slow DRAM.
#pragma once

#include <memory>
#include <vector>

#include "models/bus/bus_filter.h"
#include "platform/faults/active_fault.h"

namespace karhunen {

class ActiveBusFault : public ActiveFault, public BusFilter {
public:
    using ActiveFault::ActiveFault;
    bool request(tlm::tlm_generic_payload&, sc_core::sc_time&) override { return true; }
    void response(tlm::tlm_generic_payload&, uint64_t) override {}
};

std::unique_ptr<ActiveBusFault> make_bus_fault(const Fault& fault, const FaultScene& scene);
std::unique_ptr<ActiveBusFault> make_slow_dram(const Fault& fault, const FaultScene& scene);
/// Of the side of the memory.
std::unique_ptr<ActiveBusFault> make_memory_side_flip(const Fault& fault);

/// All of them, one after the other.
class BusFaults : public BusFilter {
public:
    bool is_empty() const { return faults_.empty(); }
    void add(ActiveBusFault& fault) { faults_.push_back(&fault); }
    bool request(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    void response(tlm::tlm_generic_payload& payload, uint64_t address) override;

private:
    std::vector<ActiveBusFault*> faults_;
};

}  // namespace karhunen
