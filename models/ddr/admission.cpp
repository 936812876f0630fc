// From ports to queues: whose run enters, and what it must wait for. Also accesses that go past the
// queues.
#include <algorithm>
#include <bit>
#include <stdexcept>

#include "models/ddr/controller.h"

namespace karhunen::ddr {

void Controller::submit(Request& request, Clock clock) {
    const bool inside = request.bytes > 0 && request.address < device_.bytes() &&
                        request.bytes <= device_.bytes() - request.address;
    if (!inside || request.port > 0xFFFF || request.priority >= Arbiter::priorities)
        throw std::invalid_argument("DDR request: outside the device, or no such port or priority");
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

}  // namespace karhunen::ddr
