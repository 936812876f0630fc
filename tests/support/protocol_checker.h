// Checks the TLM-2.0 base protocol on one hop, passing every call on unchanged.
//
//   master.socket.bind(protocol.target);
//   protocol.initiator.bind(memory.socket);
//   ...
//   BOOST_TEST(protocol.violations() == "");  // after the simulation
//
// Rules are those of IEEE 1666-2011; violations name the clause.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>

#include "tests/support/payload_record.h"

namespace karhunen {

class ProtocolChecker : public sc_core::sc_module,
                        private tlm::tlm_fw_transport_if<>,
                        private tlm::tlm_bw_transport_if<> {
public:
    /// What is behind the checker. An interconnect may translate the address (14.10 f).
    enum class Downstream { target, interconnect };

    tlm::tlm_target_socket<> target{"target"};  ///< bind the initiator here
    tlm::tlm_initiator_socket<> initiator{"initiator"};

    explicit ProtocolChecker(sc_core::sc_module_name name,
                             Downstream downstream = Downstream::target);

    /// The first ten violations and how many there were, one a line. Transactions that are still in
    /// flight count as violations: ask when nothing happens any more.
    std::string violations() const;
    /// Seen so far: b_transport, and BEGIN_REQ.
    uint64_t blocking_transactions() const { return blocking_transactions_; }
    uint64_t transactions() const { return transactions_; }

private:
    enum class State { requested, accepted, responding, ended };
    enum class Path { forward, backward };
    enum Side { upstream, downstream };

    struct Transfer {
        std::string text;  ///< for messages
        State state = State::requested;
        tlm::tlm_phase last_phase = tlm::BEGIN_REQ;
        sc_core::sc_time time;  ///< the latest effective time
        PayloadRecord request;
        PayloadResponse response{};  ///< from BEGIN_RESP on
    };
    /// One call of nb_transport.
    struct Call {
        std::shared_ptr<Transfer> transfer;  ///< null: not in flight
        Path path;
        tlm::tlm_phase phase;
        sc_core::sc_time delay;
        uint64_t delta;
        bool is_held;  ///< the payload outlives the call
    };

    tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) override;
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override;

    Call enter(Path path, tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
               const sc_core::sc_time& delay);
    void leave(Call& call, tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase,
               const sc_core::sc_time& delay, tlm::tlm_sync_enum status);
    void check_nesting(Path path);
    void check_completion(const Call& call, const tlm::tlm_generic_payload& payload);
    std::shared_ptr<Transfer> begin(const tlm::tlm_generic_payload& payload);
    std::shared_ptr<Transfer> find(const tlm::tlm_generic_payload& payload,
                                   const tlm::tlm_phase& phase);
    void advance(Transfer& transfer, const tlm::tlm_generic_payload& payload,
                 const tlm::tlm_phase& phase, Side sender);
    void begin_response(Transfer& transfer, const tlm::tlm_generic_payload& payload);
    void end(Transfer& transfer);
    void pass_time(Transfer& transfer, const sc_core::sc_time& delay);
    void check_start(const tlm::tlm_generic_payload& payload, const std::string& who);
    void check_unchanged(Transfer& transfer, const tlm::tlm_generic_payload& payload, Side holder);
    void violate(const std::string& clause, const std::string& what, const std::string& who = "");

    const Downstream downstream_;
    uint64_t transactions_ = 0, blocking_transactions_ = 0, violation_count_ = 0;
    std::vector<std::string> first_violations_;
    std::map<const tlm::tlm_generic_payload*, std::shared_ptr<Transfer>> in_flight_;
    std::map<const tlm::tlm_generic_payload*, unsigned> blocking_;  ///< calls that go on
    const Transfer* request_ = nullptr;                             ///< has not ended
    const Transfer* response_ = nullptr;                            ///< has not ended
    unsigned depth_[2] = {};                                        ///< calls that go on, by path
};

}  // namespace karhunen
