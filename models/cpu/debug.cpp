// What a debugger asks of the CPU.
#include <utility>

#include "models/cpu/cpu.h"

namespace karhunen {

void Cpu::attach_debugger(std::function<void(const DebugStop&)> on_stop) {
    on_debug_stop_ = std::move(on_stop);
    hart_.set_guard([this](uint32_t pc, uint32_t bits) {
        const auto stop = triggers_.check(pc, bits, hart_);
        if (stop) debug_stop_ = *stop;
        return stop.has_value();
    });
}

void Cpu::break_in() {
    if (is_asleep_ && !is_stopped_)
        stop({});
    else
        triggers_.break_in();
}

void Cpu::stop(const DebugStop& why) {
    triggers_.go_on();
    is_stopped_ = true;
    on_debug_stop_(why);
    is_stopped_ = false;
}

/// A sleeping hart wakes up: it is to go on elsewhere.
void Cpu::set_pc(uint32_t pc) {
    hart_.set_pc(pc);
    triggers_.forget_stop();
    if (std::exchange(is_asleep_, false)) woken_.notify();
}

void Cpu::set_csr(Csr csr, uint32_t value) {
    hart_.set_csr(csr, value);
    woken_.notify();  // maybe mie: see wait_for_interrupt()
}

}  // namespace karhunen
