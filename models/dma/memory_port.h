// The DMA's side of the memory bus: TLM-2.0 base protocol, approximately timed, pooled payloads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <systemc>
#include <tlm>

#include "models/interfaces/traffic.h"

namespace karhunen {

struct Transaction;

class TransactionOwner {
public:
    /// The response came, or comes with the annotated delay (Transaction::ready).
    virtual void completed(Transaction& transaction) = 0;

protected:
    ~TransactionOwner() = default;
};

/// A payload with its data. Reference counted as TLM-2.0 says; released it goes back to the pool.
struct Transaction : tlm::tlm_generic_payload {
    TransactionOwner* owner = nullptr;
    TrafficExtension* traffic = nullptr;  ///< owned by the payload
    uint64_t address = 0;                 ///< as sent; a bus may change the payload's
    std::vector<uint8_t> data;
    uint32_t stream = 0;       ///< which substream of the band the bytes belong to
    uint64_t copy_to = 0;      ///< where a COPY writes what it has read
    bool is_complete = false;  ///< the response is known, valid from `ready` on
    sc_core::sc_time ready;
};

class MemoryPort : public sc_core::sc_module, private tlm::tlm_mm_interface {
public:
    tlm_utils::simple_initiator_socket<MemoryPort> socket{"socket"};

    explicit MemoryPort(sc_core::sc_module_name name);

    /// A transaction of the pool with its attributes set; the caller holds one reference.
    Transaction& make(TransactionOwner& owner, tlm::tlm_command command, uint64_t address,
                      uint32_t bytes);
    /// Sends it in the AT protocol, in order of submission; BEGIN_REQ of one transaction waits for
    /// the end of the request phase of the one before. Never blocks.
    void submit(Transaction& transaction);
    /// Loosely timed, for the short and rare: blocks the calling SC_THREAD.
    void transport(Transaction& transaction);

private:
    void go_on();
    void send();
    void handle(Transaction& transaction, tlm::tlm_phase phase, sc_core::sc_time delay);
    void end_request(const sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
    void free(tlm::tlm_generic_payload* payload) override;

    std::vector<std::unique_ptr<Transaction>> all_;
    std::vector<Transaction*> free_;
    std::deque<Transaction*> queue_;
    bool is_sending_ = false;
    bool is_answering_ = false;          ///< inside nb_transport_bw
    Transaction* requesting_ = nullptr;  ///< BEGIN_REQ is sent, END_REQ has not come
    sc_core::sc_time request_free_;      ///< no BEGIN_REQ before
    sc_core::sc_event send_;
};

}  // namespace karhunen
