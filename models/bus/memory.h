// A plain memory (the firmware's SRAM) with a direct pointer for the CPU.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

namespace karhunen {

/// Accesses of any size and alignment inside the memory; byte enables and streaming are refused.
/// A write that does not go through the direct pointer invalidates the pointer for what it
/// touched: a CPU drops its translations of changed code that way.
class Memory : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket<Memory> socket{"socket"};

    /// Contents start as zero. access_time is added to the delay of each transaction.
    Memory(sc_core::sc_module_name name, uint64_t bytes, sc_core::sc_time access_time);

    std::span<uint8_t> bytes() { return bytes_; }

private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    tlm::tlm_response_status access(tlm::tlm_generic_payload& payload);

    std::vector<uint8_t> bytes_;
    sc_core::sc_time access_time_;
    bool lent_ = false;  ///< somebody has a direct pointer
};

}  // namespace karhunen
