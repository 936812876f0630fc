// What stands in the way of accesses when faults are injected.
#pragma once

#include <cstdint>

#include <systemc>
#include <tlm>

namespace karhunen {

/// Called for the accesses of both interfaces, not for debug accesses; must not wait. Memory that a
/// master reaches by a direct pointer is not seen.
class BusFilter {
public:
    virtual ~BusFilter() = default;
    /// On the way to the target: may change the bytes that are written and add to the delay. false:
    /// the access ends here, answered with an error.
    virtual bool request(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) = 0;
    /// On the way back from the target, which `address` (of the system) belongs to: may change the
    /// bytes that were read.
    virtual void response(tlm::tlm_generic_payload& payload, uint64_t address) = 0;
};

}  // namespace karhunen
