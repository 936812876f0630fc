// The non-blocking transport of the bus: TLM-2.0 base protocol, four phases.
#include "models/bus/bus.h"

#include <algorithm>

namespace karhunen {

using sc_core::sc_time;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;
using tlm::tlm_sync_enum;

tlm_sync_enum Bus::nb_transport_fw(int id, tlm_generic_payload& payload, tlm_phase& phase,
                                   sc_time& delay) {
    if (phase == tlm::END_RESP) {
        end_response(payload, delay);
        return tlm::TLM_COMPLETED;
    }
    if (phase != tlm::BEGIN_REQ) return tlm::TLM_ACCEPTED;  // ignorable phase
    const uint64_t address = payload.get_address();
    sc_time new_delay = delay + latency_;
    const int target = route(payload, new_delay);
    const Transfer transfer{&payload, static_cast<unsigned>(id), static_cast<unsigned>(target),
                            address, target < 0};
    // With TLM_ACCEPTED the arguments must come back as they were (IEEE 1666-2011, 11.1.2.7).
    tlm_phase new_phase = phase;
    const tlm_sync_enum status = begin_request(transfer, payload, new_phase, new_delay);
    if (status == tlm::TLM_ACCEPTED) return status;
    phase = new_phase;
    delay = new_delay;
    return status;
}

tlm_sync_enum Bus::begin_request(Transfer transfer, tlm_generic_payload& payload, tlm_phase& phase,
                                 sc_time& delay) {
    // A master may reuse the payload as soon as it is done with it: keep it until we are too.
    if (payload.has_mm()) payload.acquire();
    transfers_.push_back(transfer);
    if (transfer.target_done) {
        refuse(payload, delay);
        return complete(payload, phase, delay);
    }
    payload.set_address(transfer.address - windows_[transfer.target].base);
    Hop& hop = requests_[transfer.target];
    if (hop.is_busy()) {
        hop.waiting.push_back({&payload, sc_core::sc_time_stamp() + delay});
        return tlm::TLM_ACCEPTED;
    }
    hop.active = &payload;
    const tlm_sync_enum status = targets_[transfer.target]->nb_transport_fw(payload, phase, delay);
    if (status == tlm::TLM_ACCEPTED) return status;
    free(hop);
    if (status == tlm::TLM_COMPLETED) {
        check_response(payload, transfer.address, delay, &windows_[transfer.target]);
        transfer_of(payload).target_done = true;
        return complete(payload, phase, delay);
    }
    if (phase != tlm::BEGIN_RESP) return status;  // END_REQ
    check_response(payload, transfer.address, delay, &windows_[transfer.target]);
    Hop& response = responses_[transfer.initiator];
    if (response.is_busy()) {
        wait_to_respond(payload, delay);
        phase = tlm::END_REQ;
    } else {
        response.active = &payload;
    }
    return tlm::TLM_UPDATED;
}

/// The answer to BEGIN_REQ of what has ended behind the bus: TLM_COMPLETED, unless the master has
/// another response to accept first (IEEE 1666-2011, 15.2.3 i).
tlm_sync_enum Bus::complete(tlm_generic_payload& payload, tlm_phase& phase, sc_time delay) {
    if (!responses_[transfer_of(payload).initiator].is_busy()) {
        forget(payload);
        return tlm::TLM_COMPLETED;
    }
    wait_to_respond(payload, delay);
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
}

tlm_sync_enum Bus::nb_transport_bw(int id, tlm_generic_payload& payload, tlm_phase& phase,
                                   sc_time& delay) {
    const Transfer transfer = transfer_of(payload);
    if (phase == tlm::END_REQ) {
        free(requests_[id]);
        return initiators[transfer.initiator]->nb_transport_bw(payload, phase, delay);
    }
    if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
    if (requests_[id].active == &payload) free(requests_[id]);  // BEGIN_RESP implies END_REQ
    check_response(payload, transfer.address, delay, &windows_[id]);
    Hop& hop = responses_[transfer.initiator];
    if (hop.is_busy()) {
        wait_to_respond(payload, delay);
        return tlm::TLM_ACCEPTED;
    }
    hop.active = &payload;
    const tlm_sync_enum status =
        initiators[transfer.initiator]->nb_transport_bw(payload, phase, delay);
    if (status == tlm::TLM_ACCEPTED) return status;
    free(hop);
    forget(payload);
    return status;
}

void Bus::wait_to_respond(tlm_generic_payload& payload, sc_time delay) {
    responses_[transfer_of(payload).initiator].waiting.push_back(
        {&payload, sc_core::sc_time_stamp() + delay});
    dispatch_.notify(delay);
}

void Bus::end_response(tlm_generic_payload& payload, sc_time delay) {
    const Transfer transfer = transfer_of(payload);
    free(responses_[transfer.initiator]);
    tlm_phase phase = tlm::END_RESP;
    if (!transfer.target_done) targets_[transfer.target]->nb_transport_fw(payload, phase, delay);
    forget(payload);
}

Bus::Transfer& Bus::transfer_of(const tlm_generic_payload& payload) {
    return *std::find_if(transfers_.begin(), transfers_.end(),
                         [&](const Transfer& t) { return t.payload == &payload; });
}

void Bus::forget(tlm_generic_payload& payload) {
    Transfer& transfer = transfer_of(payload);
    transfer = transfers_.back();
    transfers_.pop_back();
    if (payload.has_mm()) payload.release();
}

void Bus::free(Hop& hop) {
    hop.active = nullptr;
    if (!hop.waiting.empty()) dispatch_.notify(sc_core::SC_ZERO_TIME);
}

/// Begins whatever waited for a socket that is free now.
void Bus::dispatch() {
    const auto next = [this](Hop& hop) -> tlm_generic_payload* {
        if (hop.active || hop.waiting.empty()) return nullptr;
        const Waiting first = hop.waiting.front();
        if (first.ready > sc_core::sc_time_stamp()) {
            dispatch_.notify(first.ready - sc_core::sc_time_stamp());
            return nullptr;
        }
        hop.waiting.pop_front();
        return hop.active = first.payload;
    };
    for (Hop& hop : requests_)
        if (tlm_generic_payload* payload = next(hop)) begin_waiting_request(*payload);
    for (Hop& hop : responses_)
        if (tlm_generic_payload* payload = next(hop)) begin_waiting_response(*payload);
}

void Bus::begin_waiting_request(tlm_generic_payload& payload) {
    const Transfer transfer = transfer_of(payload);
    tlm_phase phase = tlm::BEGIN_REQ;
    sc_time delay;
    const tlm_sync_enum status = targets_[transfer.target]->nb_transport_fw(payload, phase, delay);
    if (status == tlm::TLM_ACCEPTED) return;
    free(requests_[transfer.target]);
    if (status == tlm::TLM_UPDATED && phase == tlm::END_REQ) {
        initiators[transfer.initiator]->nb_transport_bw(payload, phase, delay);
        return;
    }
    check_response(payload, transfer.address, delay, &windows_[transfer.target]);
    transfer_of(payload).target_done = status == tlm::TLM_COMPLETED;
    wait_to_respond(payload, delay);
}

void Bus::begin_waiting_response(tlm_generic_payload& payload) {
    const Transfer transfer = transfer_of(payload);
    tlm_phase phase = tlm::BEGIN_RESP;
    sc_time delay;
    const tlm_sync_enum status =
        initiators[transfer.initiator]->nb_transport_bw(payload, phase, delay);
    if (status != tlm::TLM_ACCEPTED) end_response(payload, delay);
}

}  // namespace karhunen
