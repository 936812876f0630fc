// The DDR controller as a SystemC module: sockets, storage and registers around ddr::Controller.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <systemc>
#include <tlm>

#include "models/ddr/controller.h"
#include "models/ddr/energy.h"
#include "models/ddr/storage.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/register_block.h"

namespace karhunen {

struct DdrSettings {
    ddr::Device device;
    double clock_mhz = 0;  ///< of the command bus; 0: the device's own. Timings stay in clocks
    std::string model = "ddr3";          ///< ddr3 | ideal (every access completes in zero time)
    uint64_t size_bytes = 512ull << 20;  ///< at most the device's
    std::string mapping = "row-bank-column";
    ddr::Policy policy;
    /// With Arbitration::priority: after the CPU and descriptors, before all else.
    TrafficKind preferred = TrafficKind::maps;
};

/// Addresses in payloads are offsets from the start of the memory. Any number of initiators,
/// loosely (b_transport, may run ahead of time) or approximately timed (nb_transport, base
/// protocol); masters are told apart by TrafficExtension. Accesses of any length and alignment;
/// outside the memory: TLM_ADDRESS_ERROR_RESPONSE. Byte enables are refused, as is DMI.
class DdrController : public sc_core::sc_module, private ddr::Client {
public:
    tlm_utils::multi_passthrough_target_socket<DdrController> socket;
    RegisterBlock registers;

    /// Throws std::invalid_argument for settings that fit nothing.
    DdrController(sc_core::sc_module_name name, const DdrSettings& settings);
    ~DdrController() override;

    /// The bytes of the memory, for loading and checking from outside the simulated machine.
    std::span<uint8_t> storage() { return storage_.bytes(); }
    Activity& activity() { return activity_; }

    /// Up to now.
    ddr::Statistics statistics();
    const ddr::EnergyModel& energy() const { return energy_; }
    sc_core::sc_time clock_period() const { return period_; }
    double peak_bytes_per_s() const;
    sc_core::sc_time time_of(ddr::Clock clocks) const {
        return sc_core::sc_time::from_value(period_.value() * static_cast<uint64_t>(clocks));
    }

    /// Called for every command in order.
    void on_command(ddr::CommandHook hook);
    /// State, fill of the queues, and the last command and row of each bank.
    void trace(sc_core::sc_trace_file* file);

private:
    struct Transaction;
    struct Link {  ///< one initiator of the non-blocking interface
        std::deque<Transaction*> responses;
        bool response_open = false;  ///< BEGIN_RESP sent, END_RESP not yet seen
        bool is_responding = false;
    };

    void b_transport(int link, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    tlm::tlm_sync_enum nb_transport_fw(int link, tlm::tlm_generic_payload& payload,
                                       tlm::tlm_phase& phase, sc_core::sc_time& delay);
    unsigned transport_dbg(int link, tlm::tlm_generic_payload& payload);
    bool get_direct_mem_ptr(int link, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);

    void accepted(ddr::Request& request, ddr::Clock clock) override;
    void transferred(ddr::Request& request, uint64_t offset, uint64_t bytes,
                     ddr::Clock clock) override;
    void completed(ddr::Request& request, ddr::Clock clock) override;

    void serve();
    void sleep();
    void rest();
    void submit(Transaction& transaction);
    void phase_arrived(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
    void answer(Transaction& transaction);
    void respond(int link);
    bool refuse(tlm::tlm_generic_payload& payload) const;
    void observe(const ddr::CommandRecord& record);
    void show_commands();
    Transaction& take(tlm::tlm_generic_payload& payload, int link);
    void give_back(Transaction& transaction);
    Transaction* in_flight(const tlm::tlm_generic_payload& payload) const;  ///< null: is not
    ddr::Clock now() const;
    ddr::Clock edge_from(const sc_core::sc_time& time) const;

    DdrSettings settings_;
    sc_core::sc_time period_;
    ddr::Storage storage_;
    ddr::EnergyModel energy_;
    ddr::Controller core_;
    Activity activity_;
    ddr::CommandHook hook_;

    sc_core::sc_event wake_;
    ddr::Clock wake_clock_ = ddr::never;  ///< for which it is notified
    ddr::Clock loose_end_ = 0;            ///< of the last loosely timed access
    std::vector<std::unique_ptr<Transaction>> transactions_;
    std::vector<Transaction*> free_;
    std::vector<Transaction*> in_flight_;  ///< non-blocking: a few
    std::vector<Link> links_;
    tlm_utils::peq_with_cb_and_phase<DdrController> phases_;

    struct BankTrace {
        uint8_t command = static_cast<uint8_t>(ddr::Command::count);
        uint16_t row = 0;
    };
    std::vector<BankTrace> bank_traces_;
    std::deque<ddr::CommandRecord> commands_;  ///< not yet in the waveforms
    bool is_traced_ = false;
    uint8_t read_fill_ = 0, write_fill_ = 0;
};

}  // namespace karhunen
