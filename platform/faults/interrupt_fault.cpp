#include "platform/faults/interrupt_fault.h"

namespace karhunen {

ActiveInterruptFault::ActiveInterruptFault(const Fault& fault, Plic& plic)
    : ActiveFault(fault), fault_(std::get<LateInterrupt>(fault.what)) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    options.set_sensitivity(&due_);
    sc_core::sc_spawn(
        [this, &plic] {
            held_back_ = false;
            plic.look_again();
        },
        sc_core::sc_gen_unique_name("late_interrupt"), &options);
}

bool ActiveInterruptFault::level(unsigned source, bool line) {
    if (source != fault_.source) return line;
    const bool has_risen = line && !line_;
    line_ = line;
    if (!line && held_back_) {  // somebody asked the block and served it
        held_back_ = false;
        due_.cancel();
    }
    if (has_risen && is_turn()) {
        held_back_ = true;
        if (fault_.delay_us > 0) due_.notify(sc_core::sc_time(fault_.delay_us, sc_core::SC_US));
        fired("interrupt of " + std::string(interrupt_names[source - 1]) +
              (fault_.delay_us > 0 ? " held back" : " lost"));
    }
    return line && !held_back_;
}

}  // namespace karhunen
