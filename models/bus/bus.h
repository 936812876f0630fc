// The interconnect: several masters, several targets in an address map, all TLM-2.0 interfaces.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <systemc>
#include <tlm>

#include "models/bus/bus_filter.h"
#include "models/interfaces/traffic_kind.h"

namespace karhunen {

/// A blocking access that is over.
struct BusAccess {
    sc_core::sc_time time;  ///< of its end
    Master master;
    tlm::tlm_command command;
    uint64_t address;
    std::span<const uint8_t> data;  ///< read or written; nothing was read if the response says so
    tlm::tlm_response_status response;
};

/// An access that was answered with an error.
struct BusError {
    sc_core::sc_time time;
    uint64_t address;
    unsigned bytes;
    tlm::tlm_command command;
    std::string master;
    tlm::tlm_response_status response;
    std::string text;  ///< the same as a sentence
};

/// Targets see addresses relative to their base. An access that no target covers entirely is
/// answered with TLM_ADDRESS_ERROR_RESPONSE. Every access is delayed by `latency` on its way to the
/// target. The non-blocking interface keeps the base protocol with every master and every target: a
/// request waits in the bus while the target has not accepted the one before, a response while the
/// master has not.
class Bus : public sc_core::sc_module {
public:
    /// Bind the masters' sockets here.
    tlm_utils::multi_passthrough_target_socket<Bus> initiators{"initiators"};

    Bus(sc_core::sc_module_name name, sc_core::sc_time latency);

    /// Binds the target. Throws std::invalid_argument when the window overlaps another or is empty.
    void map(const std::string& name, uint64_t base, uint64_t bytes,
             tlm::tlm_base_target_socket_b<32>& target);

    /// The latest errors, oldest first; at most 16 are kept.
    const std::deque<BusError>& last_errors() const { return errors_; }
    uint64_t error_count() const { return error_count_; }
    /// Called for each error.
    void on_error(std::function<void(const BusError&)> f) { on_error_ = std::move(f); }
    /// Called after each blocking access. Several may watch; none may wait.
    void on_access(std::function<void(const BusAccess&)> f) { on_access_.push_back(std::move(f)); }
    /// Null: none. Must outlive the simulation.
    void set_filter(BusFilter* filter) { filter_ = filter; }

private:
    struct Window {
        std::string name;
        uint64_t base, bytes;
    };
    struct Transfer {
        tlm::tlm_generic_payload* payload;
        unsigned initiator, target;
        uint64_t address;          ///< as the master sees it
        bool target_done = false;  ///< completed early, or there is none: no END_RESP is due
    };
    struct Waiting {
        tlm::tlm_generic_payload* payload;
        sc_core::sc_time ready;
    };
    /// One direction of one socket: at most one request (response) is under way (IEEE 1666-2011,
    /// 15.2.6 e and f).
    struct Hop {
        tlm::tlm_generic_payload* active = nullptr;
        std::deque<Waiting> waiting;
        bool is_busy() const { return active || !waiting.empty(); }
    };

    void b_transport(int id, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void forward(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(int id, tlm::tlm_generic_payload& payload);
    bool get_direct_mem_ptr(int id, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    void invalidate_direct_mem_ptr(int id, sc_dt::uint64 start, sc_dt::uint64 end);
    tlm::tlm_sync_enum nb_transport_fw(int id, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_bw(int id, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_phase& phase, sc_core::sc_time& delay);

    void end_of_elaboration() override;
    int find(uint64_t address, uint64_t bytes) const;  ///< -1: none
    int route(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void refuse(tlm::tlm_generic_payload& payload, sc_core::sc_time delay);
    void check_response(tlm::tlm_generic_payload& payload, uint64_t address, sc_core::sc_time delay,
                        const Window* target);
    std::string describe(const BusError& error, const Window* target) const;
    std::string nearest_to(uint64_t address) const;

    tlm::tlm_sync_enum begin_request(Transfer transfer, tlm::tlm_generic_payload& payload,
                                     tlm::tlm_phase& phase, sc_core::sc_time& delay);
    tlm::tlm_sync_enum complete(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time delay);
    void begin_waiting_request(tlm::tlm_generic_payload& payload);
    void begin_waiting_response(tlm::tlm_generic_payload& payload);
    void end_response(tlm::tlm_generic_payload& payload, sc_core::sc_time delay);
    void wait_to_respond(tlm::tlm_generic_payload& payload, sc_core::sc_time delay);
    Transfer& transfer_of(const tlm::tlm_generic_payload& payload);
    void forget(tlm::tlm_generic_payload& payload);
    void free(Hop& hop);
    void dispatch();

    tlm_utils::multi_passthrough_initiator_socket<Bus> targets_{"targets"};
    std::vector<Window> windows_;  ///< in the order of the bound targets
    sc_core::sc_time latency_;
    std::deque<BusError> errors_;
    uint64_t error_count_ = 0;
    std::function<void(const BusError&)> on_error_;
    std::vector<std::function<void(const BusAccess&)>> on_access_;
    BusFilter* filter_ = nullptr;

    std::vector<Transfer> transfers_;  ///< that are going on: a few
    std::vector<Hop> requests_;        ///< per target
    std::vector<Hop> responses_;       ///< per master
    sc_core::sc_event dispatch_;
};

}  // namespace karhunen
