// Core-local interruptor: the machine timer and the software interrupt of one hart.
#pragma once

#include "models/interfaces/word_target.h"

namespace karhunen {

/// Registers as in the SiFive CLINT, 32-bit halves: MSIP 0x0000, MTIMECMP 0x4000, MTIME 0xBFF8.
class Clint : public WordTarget {
public:
    sc_core::sc_out<bool> timer_irq{"timer_irq"};
    sc_core::sc_out<bool> software_irq{"software_irq"};

    /// tick: what MTIME counts. The clock period of the CPU lets firmware measure clocks.
    Clint(sc_core::sc_module_name name, sc_core::sc_time tick, sc_core::sc_time access_time);

    /// MTIME at a simulated time.
    uint64_t mtime(sc_core::sc_time now) const;

private:
    tlm::tlm_response_status read(uint64_t offset, uint32_t& word, Context context) override;
    tlm::tlm_response_status write(uint64_t offset, uint32_t word, Context context) override;
    void drive();

    sc_core::sc_time tick_;
    uint64_t offset_ = 0;  ///< MTIME - ticks since the start of simulation, modulo 2^64
    uint64_t mtimecmp_ = UINT64_MAX;
    bool msip_ = false;
    sc_core::sc_event changed_;
};

}  // namespace karhunen
