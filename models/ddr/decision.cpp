// What the controller does next: reads or writes, which run each bank works for, which command
// goes first.
#include <algorithm>
#include <bit>

#include "models/ddr/controller.h"

namespace karhunen::ddr {

const Controller::Step& Controller::plan() {
    if (planned_) return step_;
    // 1. Every bank chooses the run that it would serve next in each direction.
    for (stale_banks_ &= all_banks_; stale_banks_; stale_banks_ &= stale_banks_ - 1)
        choose(std::countr_zero(stale_banks_));
    // 2. Direction, and whether a run comes before everything.
    first_ = first_slot();
    choose_direction();
    // 3. The command that is legal first, unless a refresh must come before.
    step_ = best_step();
    const Clock refresh = refresh_.deadline(lanes_[0].entries + lanes_[1].entries > 0);
    if (step_.clock >= refresh) step_ = refresh_step(refresh);
    planned_ = true;
    return step_;
}

/// As the write buffer says. But while none of its runs hits an open row, banks that it does not
/// need may serve a few bursts of the other direction: otherwise the data bus would be idle.
void Controller::choose_direction() {
    if (first_ != no_slot) {
        direction_ = entries_[first_].write;
        return;
    }
    draining_ = write_buffer_.drains(draining_, lanes_[0], lanes_[1]);
    if (detour_left_ > 0 && direction_ != draining_ && ready_[direction_]) return;
    direction_ = draining_;
    detour_left_ = 0;
    if (ready_[direction_] || !(ready_[!direction_] & ~waiting_[direction_])) return;
    direction_ = !direction_;
    detour_left_ = detour_bursts;
}

/// The run that goes before all others, if there is one: with FIFO the oldest; else an urgent one,
/// or the oldest if too many younger bursts have overtaken it. Everything older than the oldest is
/// issued, so what was issued in its place is the difference of two totals; a run that becomes the
/// oldest was overtaken no more than the one before it.
int Controller::first_slot() {
    if (policy_.scheduler == Scheduler::fifo) return oldest_slot();
    if (const int slot = urgent_slot(); slot != no_slot) return slot;
    const int slot = oldest_slot();
    if (slot == no_slot) return no_slot;
    const Entry& e = entries_[slot];
    const uint64_t overtaken_by = bursts_issued_ - e.bursts_before - e.issued;
    return overtaken_by > policy_.starvation_bursts ? slot : no_slot;
}

int Controller::oldest_slot() {
    while (!by_age_.empty()) {
        const auto [order, slot] = by_age_.front();
        const Entry& e = entries_[slot];
        if (e.order == order && e.bursts > 0) return slot;
        by_age_.pop_front();
    }
    return no_slot;
}

int Controller::urgent_slot() const {
    int oldest = no_slot;
    for (uint64_t rest = urgent_; rest; rest &= rest - 1) {
        const int slot = std::countr_zero(rest);
        if (entries_[slot].blockers) continue;
        if (oldest == no_slot || entries_[slot].order < entries_[oldest].order) oldest = slot;
    }
    return oldest;
}

/// What a bank would serve next, of reads and of writes.
void Controller::choose(uint32_t number) {
    const Bank& bank = banks_[number];
    if (policy_.scheduler == Scheduler::fifo) {
        const int next = next_in_order(bank);
        for (const bool write : {false, true})
            set_candidate(number, write,
                          next != no_slot && entries_[next].write == write ? next : no_slot);
    } else {
        for (const bool write : {false, true})
            set_candidate(number, write, first_ready(bank, write));
    }
}

/// A run has entered: it changes the choice of its bank only if there was none, or if it hits the
/// open row and the one before does not.
void Controller::choose_among(int slot) {
    const Entry& e = entries_[slot];
    const uint64_t bit = uint64_t{1} << e.at.bank;
    const Bank& bank = banks_[e.at.bank];
    if (policy_.scheduler == Scheduler::fifo) {
        stale_banks_ |= bit;
    } else if (!(stale_banks_ & bit) && !e.blockers) {
        const bool hit = bank.open && e.at.row == bank.row && !(ready_[e.write] & bit);
        if (hit || !(waiting_[e.write] & bit)) set_candidate(e.at.bank, e.write, slot);
    }
}

void Controller::set_candidate(uint32_t number, bool write, int slot) {
    Bank& bank = banks_[number];
    Candidate& c = bank.candidates[write];
    const uint64_t bit = uint64_t{1} << number;
    c.slot = slot;
    waiting_[write] &= ~bit;
    ready_[write] &= ~bit;
    if (slot == no_slot) return;
    const Entry& e = entries_[slot];
    c.command = command_for(bank, e);
    c.from = e.arrival + 1;
    c.order = e.request->urgent ? 0 : e.order;
    waiting_[write] |= bit;
    if (is_column(c.command)) ready_[write] |= bit;
}

Command Controller::command_for(const Bank& bank, const Entry& entry) const {
    if (!bank.open) return Command::act;
    if (bank.row != entry.at.row) return Command::pre;
    return entry.write ? Command::wr : Command::rd;
}

/// The oldest run of one direction in the open row, else the oldest.
int Controller::first_ready(const Bank& bank, bool write) const {
    int found = no_slot;
    for (const uint8_t slot : bank.waiting[write]) {
        const Entry& e = entries_[slot];
        if (e.blockers) continue;
        const bool hit = bank.open && e.at.row == bank.row;
        if (found == no_slot || hit) found = slot;
        if (hit || !bank.open) break;
    }
    return found;
}

/// The oldest run, as long as it wants another row: its column commands must wait for their turn.
int Controller::next_in_order(const Bank& bank) const {
    int found = no_slot;
    for (const auto& waiting : bank.waiting) {
        if (waiting.empty()) continue;
        if (found == no_slot || entries_[waiting.front()].order < entries_[found].order)
            found = waiting.front();
    }
    const bool is_ready = found != no_slot && bank.open && entries_[found].at.row == bank.row;
    return is_ready ? no_slot : found;
}

/// The earliest legal command; of those at the same clock a column command, and the oldest run.
/// Banks with nothing to do in this direction prepare rows for the other, if nobody else needs the
/// clock.
Controller::Step Controller::best_step() const {
    // Clock and kind in one number, and no branches: they would be unpredictable.
    int64_t best_key = never;
    uint64_t best_order = 0;
    int best = no_slot;
    uint32_t bank = 0;
    const auto consider = [&](uint32_t b, const Candidate& c, uint64_t order) {
        const int64_t key = 2 * earliest(c.command, b, c.from) + !is_column(c.command);
        const bool better = (key < best_key) | ((key == best_key) & (order < best_order));
        best_key = better ? key : best_key;
        best_order = better ? order : best_order;
        best = better ? c.slot : best;
        bank = better ? b : bank;
    };
    uint64_t others = ~uint64_t{0};
    if (first_ != no_slot) {
        const Entry& e = entries_[first_];
        others ^= uint64_t{1} << e.at.bank;
        consider(e.at.bank, {first_, command_for(banks_[e.at.bank], e), e.arrival + 1, 0}, 0);
    }
    for (uint64_t rest = waiting_[direction_] & others; rest; rest &= rest - 1) {
        const uint32_t b = std::countr_zero(rest);
        consider(b, banks_[b].candidates[direction_], banks_[b].candidates[direction_].order);
    }
    const uint64_t ahead = waiting_[!direction_] & ~(waiting_[direction_] | ready_[!direction_]);
    for (uint64_t rest = ahead & others; rest; rest &= rest - 1) {
        const uint32_t b = std::countr_zero(rest);
        consider(b, banks_[b].candidates[!direction_],
                 orders_ + banks_[b].candidates[!direction_].order);
    }
    if (best == no_slot) return {};
    return {best_key / 2, command_for(banks_[bank], entries_[best]), bank, best};
}

/// The next command of the run of access(), unless a refresh must come before.
Controller::Step Controller::loose_step(Clock from) const {
    const Entry& run = entries_[loose_slot];
    const Command command = command_for(banks_[run.at.bank], run);
    const Step step{earliest(command, run.at.bank, from), command, run.at.bank, loose_slot};
    const Clock refresh = refresh_.deadline(true);
    return step.clock >= refresh ? refresh_step(refresh) : step;
}

Controller::Step Controller::refresh_step(Clock due) const {
    const bool closed =
        std::none_of(banks_.begin(), banks_.end(), [](const Bank& b) { return b.open; });
    const Command command = closed ? Command::ref : Command::prea;
    return {earliest(command, 0, due), command, 0, no_slot};
}

/// The first clock from this one on that a committed column command does not take.
Clock Controller::off_train(Clock clock) const {
    if (clock > train_.last || clock < train_.first) return clock;
    if ((clock - train_.first) % train_.interval != 0) return clock;
    return train_.interval > 1 ? clock + 1 : train_.last + 1;
}

}  // namespace karhunen::ddr
