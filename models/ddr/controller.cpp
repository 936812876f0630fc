#include "models/ddr/controller.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

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

// ---- Front end ------------------------------------------------------------------------------

void Controller::submit(Request& request, Clock clock) {
    request.arrival = clock;
    request.entered = request.transferred = 0;
    request.unissued = bursts_of(request);
    request.account = ledger_.account(request.key);
    ledger_.submitted(request.account, clock);
    ++pending_;
    if (request.port >= ports_.size()) ports_.resize(request.port + 1);
    Port& port = ports_[request.port];
    if (!port.open) open_ports_.push_back(request.port);
    port.open = true;
    port.waiting.push_back(&request);
    port.unanswered.push_back(&request);
    if (!port.listed) list(request.port);
    feed(clock);
}

void Controller::serve_at_once(Request& request, Clock clock) {
    request.account = ledger_.account(request.key);
    ledger_.submitted(request.account, clock);
    ledger_.bursts(request.account, request.write, static_cast<uint32_t>(bursts_of(request)), false,
                   false, device_.burst_clocks());
    client_.accepted(request, clock);
    ledger_.moved(request.account, request.write, request.bytes, clock);
    client_.transferred(request, 0, request.bytes, clock);
    ledger_.completed(request.account, clock, clock);
    client_.completed(request, clock);
}

bool Controller::is_tied(const Request& request) const {
    const uint64_t mask = ~uint64_t{device_.burst_bytes() - 1};
    for (const uint32_t port : open_ports_) {
        if (port == request.port) return true;
        for (const Request* other : ports_[port].unanswered) {
            const bool overlap = (other->address & mask) < request.address + request.bytes &&
                                 (request.address & mask) < other->address + other->bytes;
            if (overlap && (other->write || request.write)) return true;
        }
    }
    return false;
}

Clock Controller::access(Request& request, Clock clock) {
    request.entered = 0;
    request.unissued = bursts_of(request);
    request.account = ledger_.account(request.key);
    ledger_.submitted(request.account, clock);
    Entry& run = entries_[loose_slot];
    while (request.entered < request.bytes) {
        run = next_run(request);
        request.entered += run.bytes;
        while (run.bursts) issue(loose_step(clock + 1));
    }
    const Clock end =
        train_.last + (request.write ? device_.cwl : device_.cl) + device_.burst_clocks();
    ledger_.moved(request.account, request.write, request.bytes, end);
    client_.transferred(request, 0, request.bytes, end);
    ledger_.completed(request.account, clock, end);
    return end;
}

uint64_t Controller::bursts_of(const Request& request) const {
    const uint64_t end = request.address + request.bytes - 1;
    return end / device_.burst_bytes() - request.address / device_.burst_bytes() + 1;
}

void Controller::list(uint32_t number) {
    Port& port = ports_[number];
    port.listed = true;
    const bool ranked = policy_.arbitration == Arbitration::priority;
    arbiter_.add(number, ranked ? port.waiting.front()->priority : 0);
}

/// One run of a port at a time, until nothing fits any more.
void Controller::feed(Clock clock) {
    if (feeding_) return;  // called from accepted(): the turns below go on
    feeding_ = true;
    arbiter_.run([&](uint32_t number) {
        Port& port = ports_[number];
        const bool admitted = admit_from(port, clock);
        port.listed = false;
        if (!port.waiting.empty()) list(number);
        return admitted;
    });
    feeding_ = false;
}

bool Controller::admit_from(Port& port, Clock clock) {
    Request& request = *port.waiting.front();
    const uint32_t room = request.write ? policy_.write_entries : policy_.read_entries;
    if (lanes_[request.write].entries == room) return false;
    enter(request, clock);
    if (request.entered == request.bytes) {
        port.waiting.pop_front();
        client_.accepted(request, std::max(clock, request.arrival));
    }
    return true;
}

/// What of the request has not entered yet, up to the end of a row.
Controller::Entry Controller::next_run(Request& request) const {
    const uint64_t address = request.address + request.entered;
    Entry e;
    e.request = &request;
    e.write = request.write;
    e.offset = request.entered;
    e.bytes = std::min(request.bytes - request.entered,
                       mapping_.run_bytes() - address % mapping_.run_bytes());
    e.span = {address / device_.burst_bytes(), (address + e.bytes - 1) / device_.burst_bytes()};
    e.at = mapping_.locate(e.span.first * device_.burst_bytes());
    e.bursts = static_cast<uint32_t>(e.span.last - e.span.first + 1);
    return e;
}

/// The next run of the request enters its queue.
void Controller::enter(Request& request, Clock clock) {
    Lane& lane = lanes_[request.write];
    const int free = std::countr_one(lane.used);
    const int slot = free + (request.write ? lane_slots : 0);
    Entry& e = entries_[slot] = next_run(request);
    e.order = orders_++;
    e.bursts_before = bursts_entered_;
    e.arrival = std::max(clock, request.arrival);
    e.blockers = hazards(e);

    request.entered += e.bytes;
    bursts_entered_ += e.bursts;
    lane.used |= uint64_t{1} << free;
    ++lane.entries;
    lane.bursts += e.bursts;
    lane.blocked += e.blockers != 0;
    urgent_ |= uint64_t{request.urgent} << slot;
    by_age_.emplace_back(e.order, slot);
    banks_[e.at.bank].waiting[e.write].push_back(static_cast<uint8_t>(slot));
    choose_among(slot);
    planned_ = false;
}

/// Older runs that must be issued first: a read waits for writes to the same bursts, a write for
/// both.
uint64_t Controller::hazards(const Entry& entry) const {
    uint64_t found = 0;
    const auto& waiting = banks_[entry.at.bank].waiting;
    for (int lane = entry.write ? 0 : 1; lane < 2; ++lane) {
        for (const uint8_t slot : waiting[lane]) {
            const Span& span = entries_[slot].span;
            const bool overlap = span.first <= entry.span.last && entry.span.first <= span.last;
            found |= uint64_t{overlap} << slot;
        }
    }
    return found;
}

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
