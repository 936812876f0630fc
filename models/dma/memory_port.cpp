#include "models/dma/memory_port.h"

namespace karhunen {

using sc_core::sc_time_stamp;

MemoryPort::MemoryPort(sc_core::sc_module_name name) : sc_module(name) {
    socket.register_nb_transport_bw(this, &MemoryPort::nb_transport_bw);
    SC_HAS_PROCESS(MemoryPort);
    SC_METHOD(send);
    sensitive << send_;
    dont_initialize();
}

Transaction& MemoryPort::make(TransactionOwner& owner, tlm::tlm_command command, uint64_t address,
                              uint32_t bytes) {
    if (free_.empty()) {
        all_.push_back(std::make_unique<Transaction>());
        Transaction& t = *all_.back();
        t.set_mm(this);
        t.traffic = new TrafficExtension;
        t.traffic->master = Master::dma;
        t.set_extension(t.traffic);
        free_.push_back(&t);
    }
    Transaction& t = *free_.back();
    free_.pop_back();
    t.owner = &owner;
    t.address = address;
    t.is_complete = false;
    t.data.resize(bytes);
    t.set_command(command);
    t.set_address(address);
    t.set_data_ptr(t.data.data());
    t.set_data_length(bytes);
    t.set_streaming_width(bytes);
    t.set_byte_enable_ptr(nullptr);
    t.set_dmi_allowed(false);
    t.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    t.acquire();
    return t;
}

void MemoryPort::free(tlm::tlm_generic_payload* payload) {
    payload->reset();
    free_.push_back(static_cast<Transaction*>(payload));
}

void MemoryPort::submit(Transaction& transaction) {
    queue_.push_back(&transaction);
    go_on();
}

void MemoryPort::transport(Transaction& transaction) {
    sc_core::sc_time delay;
    socket->b_transport(transaction, delay);
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
}

/// A call by the backward path may not lead to one by the forward path (IEEE 1666-2011,
/// 11.1.2.4 c): what it makes possible is sent after it.
void MemoryPort::go_on() {
    if (is_answering_)
        send_.notify(sc_core::SC_ZERO_TIME);
    else if (!is_sending_)
        send();
}

void MemoryPort::send() {
    is_sending_ = true;
    while (!queue_.empty() && !requesting_) {
        if (sc_time_stamp() < request_free_) {
            send_.notify(request_free_ - sc_time_stamp());
            break;
        }
        Transaction& t = *queue_.front();
        queue_.pop_front();
        requesting_ = &t;
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay;
        const tlm::tlm_sync_enum status = socket->nb_transport_fw(t, phase, delay);
        if (status == tlm::TLM_COMPLETED) {
            handle(t, tlm::BEGIN_RESP, delay);
        } else if (status == tlm::TLM_UPDATED) {
            const tlm::tlm_phase reached = phase;
            const sc_core::sc_time after = delay;
            if (phase == tlm::BEGIN_RESP) {  // the response came by the return path: end it
                phase = tlm::END_RESP;
                socket->nb_transport_fw(t, phase, delay);
            }
            handle(t, reached, after);
        }
    }
    is_sending_ = false;
}

/// END_REQ or BEGIN_RESP, by whichever path. BEGIN_RESP implies END_REQ.
void MemoryPort::handle(Transaction& t, tlm::tlm_phase phase, sc_core::sc_time delay) {
    if (phase != tlm::END_REQ && phase != tlm::BEGIN_RESP) return;  // ignorable: 15.2.5
    if (requesting_ == &t) end_request(delay);
    if (phase == tlm::END_REQ) return;
    t.is_complete = true;
    t.ready = sc_time_stamp() + delay;
    t.owner->completed(t);
}

void MemoryPort::end_request(const sc_core::sc_time& delay) {
    requesting_ = nullptr;
    request_free_ = sc_time_stamp() + delay;
    if (!queue_.empty()) go_on();
}

tlm::tlm_sync_enum MemoryPort::nb_transport_bw(tlm::tlm_generic_payload& payload,
                                               tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    is_answering_ = true;
    handle(static_cast<Transaction&>(payload), phase, delay);
    is_answering_ = false;
    if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

}  // namespace karhunen
