#include "models/ddr/controller.h"

#include <algorithm>
#include <bit>

namespace karhunen::ddr {

Controller::Controller(const Device& device, const AddressMapping& mapping, const Policy& policy,
                       Client& client, const std::vector<Constraint>& table)
    : device_(device),
      mapping_(mapping),
      policy_(policy),
      client_(client),
      timing_(device, table),
      write_buffer_(policy_),
      ledger_(device.burst_bytes()),
      banks_(device.banks),
      all_banks_(~uint64_t{0} >> (64 - device.banks)),
      refresh_(device, policy) {
    policy.check();
}

Controller::Controller(const Device& device, const AddressMapping& mapping, const Policy& policy,
                       Client& client)
    : Controller(device, mapping, policy, client, constraints_of(device)) {}

// ---- Time -----------------------------------------------------------------------------------

void Controller::advance(Clock until) {
    while (true) {
        const Step step = plan();
        const Clock data = next_data();
        if (std::min(step.clock, data) > until) break;
        if (data <= step.clock)
            deliver(data);
        else
            issue(step);
    }
    now_ = std::max(now_, until);
    decided_ = std::max(decided_, until);
    if (hook_) show_train(until + 1);
}

// Commands are committed late just as well, as long as nothing else has come in between.
Clock Controller::next(bool refreshes_on_time) {
    if (!pending_ && !refreshes_on_time) return never;
    const Step& step = plan();
    Clock clock = hook_ || refreshes_on_time ? step.clock : never;
    // No column command comes before.
    const Clock column = step.clock == never ? never : std::max(step.clock, train_.last + 1);
    if (!arbiter_.empty()) clock = std::min(clock, room_after(column));
    for (const uint32_t port : open_ports_) {
        for (const Request* request : ports_[port].unanswered) {
            clock = std::min(clock, answer_after(column, *request));
            if (policy_.in_order) break;
        }
    }
    return clock;
}

/// A run leaves the queues, and makes room for one that waits, with its last train. Trains are
/// whole until a refresh cuts one.
Clock Controller::room_after(Clock column) const {
    Clock least = never - column;
    uint64_t used = lanes_[0].used | lanes_[1].used << lane_slots;
    for (; used && least > 0; used &= used - 1) {
        const Entry& e = entries_[std::countr_zero(used)];
        const uint32_t before = (e.bursts - 1) / policy_.grain_bursts * policy_.grain_bursts;
        least = std::min(least, before * interval_of(e.write ? Command::wr : Command::rd));
    }
    return std::min(column + least, std::max(column, refresh_.deadline(true)));
}

Clock Controller::answer_after(Clock column, const Request& request) const {
    if (request.unissued == 0) return request.last_data;
    if (column == never) return never;
    const Clock latency = (request.write ? device_.cwl : device_.cl) + device_.burst_clocks();
    const Command command = request.write ? Command::wr : Command::rd;
    const Clock interval = std::max(1u, timing_.least_interval(command));
    return column + static_cast<Clock>(request.unissued - 1) * interval + latency;
}

Clock Controller::next_data() const {
    Clock clock = never;
    for (const auto& parts : parts_)
        if (!parts.empty()) clock = std::min(clock, parts.front().clock);
    return clock;
}

Statistics Controller::statistics() const {
    return ledger_.statistics(now_);
}

/// One part of a request is transferred; what is complete by now is answered.
void Controller::deliver(Clock clock) {
    auto& parts = parts_[parts_[0].empty() || parts_[0].front().clock != clock];
    const Part part = parts.front();
    parts.pop_front();
    decided_ = std::max(decided_, clock - 1);
    Request& request = *part.request;
    Port& port = ports_[request.port];
    request.transferred += part.bytes;
    ledger_.moved(request.account, request.write, part.bytes, clock);
    client_.transferred(request, part.offset, part.bytes, clock);
    if (policy_.in_order) {
        while (!port.unanswered.empty() && answer(port, port.unanswered.begin(), clock)) {
        }
    } else {
        answer(port, std::ranges::find(port.unanswered, &request), clock);
    }
    port.open = !port.unanswered.empty();
    if (!port.open) std::erase(open_ports_, request.port);
}

bool Controller::answer(Port& port, std::deque<Request*>::iterator place, Clock clock) {
    Request& request = **place;
    if (request.transferred < request.bytes) return false;
    port.unanswered.erase(place);
    --pending_;
    ledger_.completed(request.account, request.arrival, clock);
    client_.completed(request, clock);
    return true;
}

// ---- Execution ------------------------------------------------------------------------------

void Controller::issue(const Step& step) {
    decided_ = step.clock;
    planned_ = false;
    if (is_column(step.command)) {
        issue_train(step);
        return;
    }
    timing_.issue(step.command, step.bank, step.clock);
    stale_banks_ |= uint64_t{1} << step.bank;
    Bank& bank = banks_[step.bank];
    CommandRecord record{step.clock, step.command, step.bank, 0, 0};
    if (step.command == Command::act) {
        Entry& entry = entries_[step.slot];
        bank.open = true;
        bank.row = record.row = entry.at.row;
        entry.activated = true;
        ledger_.activated(entry.request->account, step.clock);
    } else if (step.command == Command::pre) {
        Entry& entry = entries_[step.slot];
        bank.open = false;
        entry.precharged = true;
        ledger_.precharged(entry.request->account, step.clock);
    } else if (step.command == Command::prea) {
        close_all_banks(step.clock);
    } else {
        ledger_.refreshed(step.clock, step.clock + device_.t_rfc);
        refresh_.issued();
    }
    if (hook_) show(record);
}

void Controller::close_all_banks(Clock clock) {
    uint32_t open = 0;
    for (Bank& bank : banks_) {
        open += bank.open;
        bank.open = false;
    }
    ledger_.precharged_all(open, clock);
    stale_banks_ = ~uint64_t{0};
}

/// Commits up to a grain of column commands, none of them at or after a refresh that is due.
void Controller::issue_train(const Step& step) {
    Entry& entry = entries_[step.slot];
    Bank& bank = banks_[step.bank];
    const Clock interval = interval_of(step.command);
    uint32_t bursts = std::min(policy_.grain_bursts, entry.bursts);
    const Clock until_refresh = refresh_.deadline(true) - step.clock;
    bursts = static_cast<uint32_t>(std::min<Clock>(bursts, (until_refresh - 1) / interval + 1));
    const Clock last = step.clock + (bursts - 1) * interval;
    const bool closes = bursts == entry.bursts && closes_row(bank, step.slot);
    Command last_command = step.command;
    if (closes) last_command = entry.write ? Command::wra : Command::rda;

    const size_t account = entry.request->account;
    ledger_.bursts(account, entry.write, bursts, entry.activated, entry.precharged,
                   device_.burst_clocks());
    timing_.issue(last_command, step.bank, last);
    if (closes) {
        const Clock recovery =
            entry.write ? device_.cwl + device_.burst_clocks() + device_.t_wr : device_.t_rtp;
        ledger_.auto_precharged(account, entry.write, last + recovery);
        bank.open = false;
    }
    if (hook_) show_train(step.clock);
    train_ = {{step.clock, step.command, step.bank, bank.row, entry.at.column},
              last_command,
              bursts,
              device_.burst_length,
              interval,
              step.clock,
              last};
    if (hook_) show_train(step.clock + 1);

    detour_left_ -= bursts;
    entry.activated = entry.precharged = false;
    entry.at.column += bursts * device_.burst_length;
    entry.issued += bursts;
    entry.bursts -= bursts;
    entry.request->unissued -= bursts;
    bursts_issued_ += bursts;
    lanes_[entry.write].bursts -= bursts;
    stale_banks_ |= uint64_t{1} << step.bank;
    if (entry.bursts == 0 && step.slot != loose_slot) retire(step.slot);
}

/// Whether the page policy closes a row after the last burst of a run.
bool Controller::closes_row(const Bank& bank, int slot) const {
    if (policy_.page == PagePolicy::open) return false;
    bool others = false;
    for (const auto& waiting : bank.waiting) {
        for (const uint8_t other : waiting) {
            if (other == slot) continue;
            if (entries_[other].at.row == bank.row) return false;
            others = true;
        }
    }
    return others || policy_.page == PagePolicy::closed;
}

/// The last burst of a run is issued: its data will follow, its slot is free.
void Controller::retire(int slot) {
    const Entry& e = entries_[slot];
    const Clock latency = (e.write ? device_.cwl : device_.cl) + device_.burst_clocks();
    e.request->last_data = train_.last + latency;
    parts_[e.write].push_back({train_.last + latency, e.request, e.offset, e.bytes});
    auto& waiting = banks_[e.at.bank].waiting[e.write];
    waiting.erase(std::find(waiting.begin(), waiting.end(), slot));
    Lane& lane = lanes_[e.write];
    lane.used &= ~(uint64_t{1} << slot % lane_slots);
    urgent_ &= ~(uint64_t{1} << slot);
    --lane.entries;
    lane.blocked -= e.blockers != 0;
    if (lanes_[0].blocked + lanes_[1].blocked) unblock(slot);
    feed(decided_);
}

void Controller::unblock(int slot) {
    const uint64_t bit = uint64_t{1} << slot;
    for (const unsigned lane : {0u, 1u}) {
        for (uint64_t used = lanes_[lane].used; used; used &= used - 1) {
            Entry& e = entries_[lane * lane_slots + std::countr_zero(used)];
            if (!(e.blockers & bit)) continue;
            e.blockers &= ~bit;
            lanes_[lane].blocked -= e.blockers == 0;
            stale_banks_ |= uint64_t{1} << e.at.bank;
        }
    }
}

void Controller::show(const CommandRecord& record) {
    show_train(record.clock);
    hook_(record);
}

/// Shows the column commands of the train that come before a clock.
void Controller::show_train(Clock before) {
    while (train_.left && train_.next.clock < before) {
        if (--train_.left == 0) train_.next.command = train_.last_command;
        hook_(train_.next);
        train_.next.clock += train_.interval;
        train_.next.column += train_.columns;
    }
}

}  // namespace karhunen::ddr
