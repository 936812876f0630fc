// Both ends of a hop do as the test tells them, with a ProtocolChecker between.
#pragma once

#include <functional>
#include <sstream>
#include <string>
#include <utility>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "tests/support/protocol_checker.h"
#include "tests/support/simulation.h"

namespace karhunen::protocol {

using sc_core::SC_NS;
using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;
using tlm::BEGIN_REQ;
using tlm::BEGIN_RESP;
using tlm::END_REQ;
using tlm::END_RESP;
using tlm::TLM_ACCEPTED;
using tlm::TLM_COMPLETED;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;
using tlm::TLM_UPDATED;

TLM_DECLARE_EXTENDED_PHASE(ignorable);
TLM_DECLARE_EXTENDED_PHASE(also_ignorable);

inline sc_time ns(double n) {
    return sc_time(n, SC_NS);
}

/// A read of four bytes, held once.
struct Payload : tlm_generic_payload, tlm::tlm_mm_interface {
    unsigned char data[8] = {1, 2, 3, 4, 5, 6, 7, 8}, enables[4] = {0xFF, 0, 0xFF, 0};
    unsigned freed = 0;

    explicit Payload(tlm::tlm_command command = tlm::TLM_READ_COMMAND) {
        set_mm(this);
        acquire();
        set_command(command);
        set_address(0x100);
        set_data_ptr(data);
        set_data_length(4);
        set_streaming_width(4);
    }
    void free(tlm_generic_payload*) override { ++freed; }
};

using Answer = std::function<tlm_sync_enum(tlm_generic_payload&, tlm_phase&, sc_time&)>;

inline Answer accepted() {
    return [](auto&, auto&, auto&) { return TLM_ACCEPTED; };
}
/// Time goes on by `delay`; BEGIN_RESP comes with a response.
inline Answer updated(tlm_phase to, sc_time delay = SC_ZERO_TIME) {
    return [to, delay](tlm_generic_payload& p, tlm_phase& phase, sc_time& t) {
        if (to == BEGIN_RESP) p.set_response_status(tlm::TLM_OK_RESPONSE);
        phase = to;
        t += delay;
        return TLM_UPDATED;
    };
}
inline Answer completed(tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE) {
    return [status](tlm_generic_payload& p, tlm_phase&, sc_time&) {
        p.set_response_status(status);
        return TLM_COMPLETED;
    };
}

struct Bench : Simulation {
    struct Near : sc_core::sc_module {
        tlm_utils::simple_initiator_socket<Near> socket{"socket"};
        Answer answer;
        std::pair<uint64_t, uint64_t> invalidated;

        explicit Near(sc_core::sc_module_name name) : sc_module(name) {
            socket.register_nb_transport_bw(this, &Near::bw);
            socket.register_invalidate_direct_mem_ptr(this, &Near::invalidate);
        }
        tlm_sync_enum bw(tlm_generic_payload& p, tlm_phase& phase, sc_time& delay) {
            return answer(p, phase, delay);
        }
        void invalidate(sc_dt::uint64 start, sc_dt::uint64 end) { invalidated = {start, end}; }
    };
    struct Far : sc_core::sc_module {
        tlm_utils::simple_target_socket<Far> socket{"socket"};
        Answer answer;
        std::function<void(tlm_generic_payload&, sc_time&)> serve;
        unsigned debug_bytes = 0;

        explicit Far(sc_core::sc_module_name name) : sc_module(name) {
            socket.register_nb_transport_fw(this, &Far::fw);
            socket.register_b_transport(this, &Far::b_transport);
            socket.register_transport_dbg(this, &Far::debug);
            socket.register_get_direct_mem_ptr(this, &Far::direct);
        }
        tlm_sync_enum fw(tlm_generic_payload& p, tlm_phase& phase, sc_time& delay) {
            return answer(p, phase, delay);
        }
        void b_transport(tlm_generic_payload& p, sc_time& delay) { serve(p, delay); }
        unsigned debug(tlm_generic_payload&) { return debug_bytes; }
        bool direct(tlm_generic_payload& p, tlm::tlm_dmi& dmi) {
            dmi.set_dmi_ptr(p.get_data_ptr());
            return true;
        }
    };

    Near near{"near"};
    Far far{"far"};
    ProtocolChecker checker;

    explicit Bench(ProtocolChecker::Downstream downstream = ProtocolChecker::Downstream::target)
        : checker("checker", downstream) {
        near.socket.bind(checker.target);
        checker.initiator.bind(far.socket);
    }

    tlm_sync_enum fw(Payload& p, tlm_phase phase, sc_time delay = SC_ZERO_TIME,
                     const Answer& answer = accepted()) {
        far.answer = answer;
        return near.socket->nb_transport_fw(p, phase, delay);
    }
    tlm_sync_enum bw(Payload& p, tlm_phase phase, sc_time delay = SC_ZERO_TIME,
                     const Answer& answer = accepted()) {
        if (phase == BEGIN_RESP) p.set_response_status(tlm::TLM_OK_RESPONSE);
        return raw_bw(p, phase, delay, answer);
    }
    tlm_sync_enum raw_bw(Payload& p, tlm_phase phase, sc_time delay, const Answer& answer) {
        near.answer = answer;
        return far.socket->nb_transport_bw(p, phase, delay);
    }
    void b_transport(Payload& p, sc_time delay = SC_ZERO_TIME) {
        near.socket->b_transport(p, delay);
    }
    /// The rest of a transaction whose request is accepted or not.
    void respond(Payload& p) { bw(p, BEGIN_RESP, SC_ZERO_TIME, completed()); }

    /// The clauses that were broken, in order.
    std::string caught() const {
        std::string list;
        std::istringstream lines(checker.violations());
        for (std::string line; std::getline(lines, line);)
            if (const size_t open = line.rfind('('); open != std::string::npos)
                list += (list.empty() ? "" : "; ") + line.substr(open + 1, line.size() - open - 2);
        return list;
    }
};

}  // namespace karhunen::protocol
