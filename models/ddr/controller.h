// DDR3 controller, command by command, without SystemC.
//
// Requests of any length wait per port (in-order domain), are cut into runs of bursts within one
// row, enter a bounded read or write queue, and are served first-ready first-come. Time is counted
// in clocks of the command bus; the controller jumps from command to command and never ticks.
//
//   controller.advance(t);            // do everything up to and including clock t
//   controller.submit(request, t);    // first command at t + 1
//   t = controller.next();            // sleep until then (or until another request comes)
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/ddr/address_mapping.h"
#include "models/ddr/arbiter.h"
#include "models/ddr/command.h"
#include "models/ddr/constraints.h"
#include "models/ddr/device.h"
#include "models/ddr/ledger.h"
#include "models/ddr/policy.h"
#include "models/ddr/refresh_manager.h"
#include "models/ddr/write_buffer.h"

namespace karhunen::ddr {

/// One access. Owned by the caller, who leaves it alone from submit() to completed().
struct Request {
    uint64_t address = 0, bytes = 0;  ///< bytes > 0, within the device
    bool write = false;
    bool urgent = false;  ///< goes before all that are not: somebody waits for it
    /// Requests of a port enter the queues in order, and unless the policy says otherwise they are
    /// answered in order.
    uint32_t port = 0;      ///< small numbers: there is a queue for each up to the largest
    uint32_t priority = 0;  ///< for Arbitration::priority; 0 (first) to 7
    Key key;

    // Of the controller:
    Clock arrival = 0;
    uint64_t entered = 0, transferred = 0;  ///< bytes
    uint64_t unissued = 0;                  ///< bursts
    Clock last_data = 0;                    ///< when all are issued: of the last beat
    size_t account = 0;
};

/// Who hears about requests. Calls come in the order of their clocks; from any of them requests may
/// be submitted.
class Client {
public:
    virtual ~Client() = default;
    /// The whole request is in the queues; the port may send the next one. (May come from inside
    /// submit().)
    virtual void accepted(Request& request, Clock clock) = 0;
    /// The last beat of this part is on the pins: copy it now. Parts that touch the same bytes
    /// come in the order in which their requests entered the queues.
    virtual void transferred(Request& request, uint64_t offset, uint64_t bytes, Clock clock) = 0;
    /// All parts are transferred, and (Policy::in_order) all earlier requests of the port are
    /// completed.
    virtual void completed(Request& request, Clock clock) = 0;
};

class Controller {
public:
    /// The table is the one of the device; tests pass others. Throws std::invalid_argument for
    /// policies out of range.
    Controller(const Device& device, const AddressMapping& mapping, const Policy& policy,
               Client& client, const std::vector<Constraint>& table);
    Controller(const Device& device, const AddressMapping& mapping, const Policy& policy,
               Client& client);

    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// Throws std::invalid_argument for a request outside the device, a port above 65535 or a
    /// priority above 7. `clock` must not be before the last advance(). Requests beyond the queues'
    /// room wait in front of them, per port, without bound: whoever wants back-pressure waits for
    /// accepted().
    void submit(Request& request, Clock clock);
    /// The memory as if it took no time: the request is transferred and completed before the call
    /// returns. Every burst counts as a row hit.
    void serve_at_once(Request& request, Clock clock);
    /// A loosely timed access: its commands are issued at once, ahead of all that wait, from
    /// clock + 1 on; the clock may lie after the last advance(). Calls transferred() but not
    /// completed(), and returns the clock of the last beat. Not while is_tied(request).
    Clock access(Request& request, Clock clock);
    /// Whether something pending must come before: of the same port, or on the same bytes.
    bool is_tied(const Request& request) const;
    void advance(Clock until);
    /// Sleep no longer than to this clock: before it no request is accepted or completed, and a
    /// hook hears of no command. Data that is transferred before is copied at the next advance().
    /// Never when no request is pending (refreshes are caught up), unless refreshes are to be on
    /// time.
    Clock next(bool refreshes_on_time = false);

    /// Called for every command in order of clocks, at the latest when advance() passes its clock.
    void on_command(CommandHook hook) { hook_ = std::move(hook); }
    /// Up to the last advance().
    Statistics statistics() const;
    bool idle() const { return pending_ == 0; }
    uint32_t entries(bool write) const { return lanes_[write].entries; }  ///< fill of a queue

private:
    static constexpr uint32_t lane_slots = 32;         ///< reads in slots 0 to 31, writes from 32
    static constexpr int loose_slot = 2 * lane_slots;  ///< in no queue: of access()
    static constexpr int no_slot = -1;
    static constexpr int64_t detour_bursts = 8;

    struct Span {  ///< bursts, as numbers from the start of the memory
        uint64_t first = 0, last = 0;
    };
    /// A run of bursts in the queues.
    struct Entry {
        Request* request = nullptr;
        uint64_t offset = 0, bytes = 0;  ///< in the request
        Span span;
        Location at;          ///< of the next burst
        uint32_t bursts = 0;  ///< still to issue
        uint32_t issued = 0;
        uint64_t order = 0, bursts_before = 0;  ///< what entered before it
        uint64_t blockers = 0;                  ///< slots of older runs on the same bytes
        Clock arrival = 0;
        bool write = false, activated = false, precharged = false;
    };
    struct Lane : QueueFill {  ///< the read queue or the write queue
        uint64_t used = 0;     ///< bit per slot
    };
    struct Candidate {  ///< what a bank would serve next
        int slot = no_slot;
        Command command = Command::act;
        Clock from = 0;      ///< not before this clock
        uint64_t order = 0;  ///< of the run; of urgent ones 0
    };
    struct Bank {
        bool open = false;
        uint32_t row = 0;
        std::array<std::vector<uint8_t>, 2> waiting;  ///< slots of reads, of writes; oldest first
        std::array<Candidate, 2> candidates;
    };
    struct Step {  ///< a command that could be issued
        Clock clock = never;
        Command command = Command::ref;
        uint32_t bank = 0;
        int slot = no_slot;
    };
    /// Column commands committed by one decision, `interval` apart. Others go in between.
    struct Train {
        CommandRecord next;  ///< not yet shown to the hook
        Command last_command = Command::rd;
        uint32_t left = 0, columns = 0;
        Clock interval = 2, first = 0, last = -1;
    };
    struct Part {  ///< data on its way
        Clock clock;
        Request* request;
        uint64_t offset, bytes;
    };
    struct Port {
        std::deque<Request*> waiting, unanswered;
        bool listed = false;  ///< known to the arbiter
        bool open = false;    ///< in open_ports_
    };

    // Front end: ports to queues.
    void list(uint32_t port);
    void feed(Clock clock);
    uint64_t bursts_of(const Request& request) const;
    bool admit_from(Port& port, Clock clock);
    Entry next_run(Request& request) const;
    void enter(Request& request, Clock clock);
    uint64_t hazards(const Entry& entry) const;

    // Decision.
    const Step& plan();
    Clock room_after(Clock column) const;
    Clock answer_after(Clock column, const Request& request) const;
    Clock interval_of(Command column) const { return std::max(1u, timing_.interval(column)); }
    int first_slot();
    int oldest_slot();
    int urgent_slot() const;
    void choose_direction();
    void choose(uint32_t bank);
    void choose_among(int slot);
    void set_candidate(uint32_t bank, bool write, int slot);
    Command command_for(const Bank& bank, const Entry& entry) const;
    int first_ready(const Bank& bank, bool write) const;
    int next_in_order(const Bank& bank) const;
    Step best_step() const;
    Step refresh_step(Clock due) const;
    Step loose_step(Clock from) const;
    /// The first clock, not before `from`, at which the command is legal and the bus is free.
    Clock earliest(Command command, uint32_t bank, Clock from) const {
        const Clock clock = std::max({timing_.earliest(command, bank), from, decided_ + 1});
        return clock <= train_.last && !is_column(command) ? off_train(clock) : clock;
    }
    Clock off_train(Clock clock) const;

    // Execution.
    void issue(const Step& step);
    void issue_train(const Step& step);
    void close_all_banks(Clock clock);
    bool closes_row(const Bank& bank, int slot) const;
    void retire(int slot);
    void unblock(int slot);
    void deliver(Clock clock);
    bool answer(Port& port, std::deque<Request*>::iterator place, Clock clock);
    Clock next_data() const;
    void show(const CommandRecord& record);
    void show_train(Clock before);

    Device device_;
    AddressMapping mapping_;
    Policy policy_;
    Client& client_;
    TimingChecker timing_;
    WriteBuffer write_buffer_;
    CommandHook hook_;
    Ledger ledger_;

    std::deque<Port> ports_;
    Arbiter arbiter_;                   ///< of ports with requests waiting
    std::vector<uint32_t> open_ports_;  ///< with requests unanswered
    bool feeding_ = false;
    uint64_t pending_ = 0;  ///< requests submitted and not completed

    std::array<Entry, 2 * lane_slots + 1> entries_;
    std::array<Lane, 2> lanes_;
    std::deque<std::pair<uint64_t, uint8_t>> by_age_;  ///< (order, slot), retired ones too
    uint64_t orders_ = 1, bursts_entered_ = 0, bursts_issued_ = 0;

    std::vector<Bank> banks_;
    uint64_t all_banks_;
    std::array<uint64_t, 2> waiting_{};  ///< banks with a candidate, by direction
    std::array<uint64_t, 2> ready_{};    ///< those whose candidate hits the open row
    uint64_t stale_banks_ = 0;           ///< whose candidates must be chosen again
    bool draining_ = false;              ///< it is the turn of the writes
    bool direction_ = false;             ///< of column commands; true: writes
    int64_t detour_left_ = 0;            ///< bursts, while the direction is the other
    int first_ = no_slot;                ///< the run that goes before all others
    uint64_t urgent_ = 0;                ///< bit per slot

    Clock now_ = 0;      ///< of the last advance()
    Clock decided_ = 0;  ///< every command up to this clock has been issued
    RefreshManager refresh_;
    Train train_;
    Step step_;
    bool planned_ = false;
    std::array<std::deque<Part>, 2> parts_;  ///< by direction, in order of clocks
};

}  // namespace karhunen::ddr
