// A master of the approximately timed base protocol. Put a ProtocolChecker behind it.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <systemc>
#include <tlm>

#include "models/interfaces/traffic.h"

namespace karhunen {

class AtMaster : public sc_core::sc_module, private tlm::tlm_mm_interface {
public:
    struct Transfer {
        tlm::tlm_generic_payload payload;  ///< kept, with its transfer, after the end
        TrafficExtension traffic;
        std::vector<uint8_t> data;
        sc_core::sc_time begun, accepted, answered;
        enum { unsent, requested, waiting, responding, done } phase = unsent;
    };

    tlm_utils::simple_initiator_socket<AtMaster> socket{"socket"};
    sc_core::sc_time response_time;  ///< from BEGIN_RESP to END_RESP
    bool complete_at_once = false;   ///< answer BEGIN_RESP with TLM_COMPLETED
    std::vector<std::unique_ptr<Transfer>> transfers;
    std::vector<size_t> order;                   ///< of responses
    unsigned in_flight = 0, most_in_flight = 0;  ///< accepted and not answered

    explicit AtMaster(sc_core::sc_module_name name) : sc_module(name) {
        socket.register_nb_transport_bw(this, &AtMaster::backward);
        sc_core::sc_spawn([this] { end_responses(); }, "end_responses");
    }
    ~AtMaster() override {
        for (auto& t : transfers) t->payload.clear_extension(&t->traffic);
    }

    /// Sends one request and waits until it is accepted. Call from an SC_THREAD.
    Transfer& send(tlm::tlm_command command, uint64_t address, std::vector<uint8_t> data,
                   const TrafficExtension& traffic = {},
                   sc_core::sc_time delay = sc_core::SC_ZERO_TIME) {
        transfers.push_back(std::make_unique<Transfer>());
        Transfer& t = *transfers.back();
        t.data = std::move(data);
        t.traffic = traffic;
        t.payload.set_extension(&t.traffic);
        t.payload.set_mm(this);
        t.payload.acquire();
        t.payload.set_command(command);
        t.payload.set_address(address);
        t.payload.set_data_ptr(t.data.data());
        t.payload.set_data_length(static_cast<unsigned>(t.data.size()));
        t.payload.set_streaming_width(static_cast<unsigned>(t.data.size()));
        t.begun = sc_core::sc_time_stamp();
        t.phase = Transfer::requested;
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        const auto status = socket->nb_transport_fw(t.payload, phase, delay);
        if (status == tlm::TLM_COMPLETED) {
            t.accepted = t.answered = sc_core::sc_time_stamp();
            end(t);
        } else if (status == tlm::TLM_UPDATED) {
            backward(t.payload, phase, delay);
        }
        while (t.phase == Transfer::requested) sc_core::wait(changed_);
        return t;
    }
    void wait_for_all() {
        for (auto& t : transfers)
            while (t->phase != Transfer::done) sc_core::wait(changed_);
    }

private:
    void free(tlm::tlm_generic_payload*) override {}

    void accept(Transfer& t) {
        t.phase = Transfer::waiting;
        t.accepted = sc_core::sc_time_stamp();
        most_in_flight = std::max(most_in_flight, ++in_flight);
    }
    void end(Transfer& t) {
        t.phase = Transfer::done;
        t.payload.release();
        changed_.notify(sc_core::SC_ZERO_TIME);
    }

    tlm::tlm_sync_enum backward(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time& delay) {
        size_t i = 0;
        while (i < transfers.size() && &transfers[i]->payload != &payload) ++i;
        Transfer& t = *transfers.at(i);
        changed_.notify(sc_core::SC_ZERO_TIME);
        if (t.phase == Transfer::requested) accept(t);
        if (phase == tlm::END_REQ) return tlm::TLM_ACCEPTED;
        --in_flight;
        order.push_back(i);
        t.answered = sc_core::sc_time_stamp();
        if (complete_at_once) {
            end(t);
            return tlm::TLM_COMPLETED;
        }
        t.phase = Transfer::responding;
        responding_ = &t;
        response_.notify(response_time);
        return tlm::TLM_ACCEPTED;
    }

    void end_responses() {
        while (true) {
            sc_core::wait(response_);
            tlm::tlm_phase phase = tlm::END_RESP;
            sc_core::sc_time delay;
            Transfer& t = *responding_;
            socket->nb_transport_fw(t.payload, phase, delay);
            end(t);
        }
    }

    sc_core::sc_event changed_, response_;
    Transfer* responding_ = nullptr;
};

}  // namespace karhunen
