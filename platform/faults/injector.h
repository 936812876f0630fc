// Makes the faults of a plan happen in a run, and reports what became of them.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include <karhunen/dma.h>

#include "platform/faults/bus_faults.h"
#include "platform/faults/interrupt_fault.h"
#include "platform/faults/port_faults.h"

namespace karhunen {

class FaultInjector : public Instrument {
public:
    explicit FaultInjector(FaultPlan plan);
    ~FaultInjector() override;

    void attach(const RunSubject& subject, Machine& machine) override;
    void on_band_stored(uint32_t entry_address, const krhn_tile_entry& entry) override;
    void finish(Machine& machine, RunReport& report) override;

private:
    void make(const Fault& fault, const FaultScene& scene);
    template <typename Kind>
    Kind& keep(std::unique_ptr<Kind> fault);
    void connect(Machine& machine);
    void arm_at(ActiveFault& fault, const sc_core::sc_time& time);

    struct AfterStore {
        uint32_t entry_address;
        ActiveFault* fault;
    };

    FaultPlan plan_;
    std::vector<std::unique_ptr<ActiveFault>> faults_;
    std::vector<AfterStore> after_store_;

    BusFaults bus_;
    std::vector<ActiveInterruptFault*> interrupts_;
    std::array<PortFaults, KRHN_PORTS> ports_;
    std::array<std::unique_ptr<FaultySink>, KRHN_PORTS> sinks_;
    std::unique_ptr<FaultySource> source_;
};

}  // namespace karhunen
