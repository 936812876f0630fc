// One simulation after the other in one process.
#pragma once

#include <systemc>
#include <tlm>

namespace karhunen {

/// SystemC keeps one simulation per context; a run gets a context of its own. (The old one is not
/// freed: SystemC cannot delete it.)
inline void start_fresh_context() {
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = new sc_core::sc_simcontext;
    tlm::tlm_global_quantum::instance().set(sc_core::SC_ZERO_TIME);
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
}

}  // namespace karhunen
