// The processor: an RV32IMAC hart with machine mode only, its bus port and interrupts.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <systemc>
#include <tlm>

#include "models/cpu/instruction_set_simulator.h"
#include "models/cpu/triggers.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/clock.h"

namespace karhunen {

/// One instruction takes one clock, a bus access its bus time on top. Memory that grants a direct
/// pointer (SRAM) is accessed, and fetched from, without bus time. Everything else is a bus access:
/// the CPU first waits until simulated time has caught up. In between it runs ahead of simulated
/// time by `quantum` instructions and the rest of a block (up to a jump), which is also the longest
/// that an interrupt can go unseen.
class Cpu : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<Cpu> socket{"socket"};
    sc_core::sc_in<bool> external_irq{"external_irq"};
    sc_core::sc_in<bool> timer_irq{"timer_irq"};
    sc_core::sc_in<bool> software_irq{"software_irq"};

    Cpu(sc_core::sc_module_name name, sc_core::sc_time clock, uint32_t quantum, uint32_t reset_pc);

    /// Before the simulation starts.
    void set_reset_pc(uint32_t pc) { hart_.set_pc(pc); }
    /// It never leaves reset: another master of the bus does its work.
    void hold_in_reset() { is_held_ = true; }
    /// Instructions executed so far; one that trapped counts.
    uint64_t instructions() const { return instructions_; }
    uint32_t pc() const { return hart_.pc(); }
    uint32_t reg(unsigned number) const { return hart_.reg(number); }
    uint32_t csr(Csr csr) const { return hart_.csr(csr); }
    /// As bits of mip: what mip would read, if Unicorn knew.
    uint32_t interrupt_lines() const;
    /// In WFI.
    bool is_asleep() const { return is_asleep_; }

    /// Why the CPU gave up (no trap handler, double fault) and stopped the simulation; empty: it
    /// did not.
    const std::string& halt_report() const { return halt_report_; }
    /// Idle: in WFI.
    Activity& activity() { return activity_; }

    /// Before the simulation starts: `on_stop` is called in a process of SystemC whenever the
    /// triggers stop the hart. Until it returns neither the program nor simulated time goes on; and
    /// if it changes nothing, all that happens later happens at the same times as without it. The
    /// program then runs as the triggers say. (Instructions take some 20 ns longer.)
    void attach_debugger(std::function<void(const DebugStop&)> on_stop);
    Triggers& triggers() { return triggers_; }
    /// Stops in WFI at once, otherwise before the next instruction. Call it from a process of
    /// SystemC, or before the simulation starts.
    void break_in();
    /// While stopped.
    void set_pc(uint32_t pc);
    void set_reg(unsigned number, uint32_t value) { hart_.set_reg(number, value); }
    void set_csr(Csr csr, uint32_t value);

private:
    void execute();
    void step();
    void begin_run();
    void stop(const DebugStop& why);
    sc_core::sc_time local_time() const { return clock_.time_of(ahead_) + delay_; }
    void synchronise();
    void wait_for_interrupt();
    void access(const StopReason& reason);
    tlm::tlm_response_status transport(const StopReason& reason, uint32_t& data);

    /// Memory that the hart may touch directly.
    struct Range {
        uint32_t first, last;
        unsigned char* memory;
        bool is_revoked = false;
        bool operator==(const Range&) const = default;
    };
    std::optional<Range> ask_for_memory(uint32_t address);
    bool map_directly(uint32_t address);
    void revoke(sc_dt::uint64 start, sc_dt::uint64 end);
    void renew();

    void take_interrupt();
    void raise(Exception exception, uint32_t value);
    void enter_trap(uint32_t cause, uint32_t value, const std::string& what);
    void halt(const std::string& what, const std::string& why);

    InstructionSetSimulator hart_;
    Clock clock_;
    uint32_t quantum_;
    Activity activity_;
    std::vector<Range> mapped_;
    bool is_revoked_ = false;  ///< some of it
    bool is_held_ = false;
    tlm::tlm_generic_payload payload_;
    uint64_t instructions_ = 0;
    uint32_t ahead_ = 0;      ///< clocks executed since simulated time caught up
    sc_core::sc_time delay_;  ///< bus time that has not passed yet
    bool is_asleep_ = false;
    sc_core::sc_event woken_;  ///< by the debugger
    bool has_trapped_ = false;
    Exception last_exception_{};
    uint32_t last_exception_pc_ = 0;
    std::string halt_report_;

    Triggers triggers_;
    DebugStop debug_stop_;  ///< that the triggers asked for last
    std::function<void(const DebugStop&)> on_debug_stop_;
    bool is_stopped_ = false;      ///< on_debug_stop_ has been called
    bool is_interrupted_ = false;  ///< a run of the hart, by the debugger
    bool watches_masks_ = false;   ///< in that run
};

}  // namespace karhunen
