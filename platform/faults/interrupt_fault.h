// Interrupts that the controller sees late or never.
#pragma once

#include "platform/faults/active_fault.h"

namespace karhunen {

class ActiveInterruptFault : public ActiveFault {
public:
    ActiveInterruptFault(const Fault& fault, Plic& plic);
    /// What the controller sees of a line.
    bool level(unsigned source, bool line);

private:
    const LateInterrupt fault_;
    bool line_ = false;
    bool held_back_ = false;
    sc_core::sc_event due_;
};

}  // namespace karhunen
