// What the controller does next: reads or writes, which run each bank works for, which command
// goes first.
#include <algorithm>
#include <bit>

#include "models/ddr/controller.h"

namespace karhunen::ddr {

const Controller::Step& Controller::plan() {
    if (planned_) return step_;
    // 1. Direction, and whether a run comes before everything.
    const int first = first_slot();
    const bool writes = choose_writes(first);
    if (writes != writing_ || first != first_) stale_banks_ = ~uint64_t{0};
    writing_ = writes;
    first_ = first;
    // 2. Every bank chooses a run and the command that brings it on.
    for (stale_banks_ &= all_banks_; stale_banks_; stale_banks_ &= stale_banks_ - 1)
        choose_target(std::countr_zero(stale_banks_));
    // 3. The command that is legal first, unless a refresh is due by then.
    step_ = best_step();
    if (step_.clock >= refresh_due_) step_ = refresh_step();
    planned_ = true;
    return step_;
}

/// An urgent run, or the oldest of all if too many younger bursts have overtaken it. Everything
/// older than the oldest is issued, so what was issued in its place is the difference of two
/// totals; a run that becomes the oldest was overtaken no more than the one before it.
int Controller::first_slot() {
    if (const int slot = urgent_slot(); slot != no_slot) return slot;
    while (!by_age_.empty()) {
        const auto [order, slot] = by_age_.front();
        const Entry& e = entries_[slot];
        if (e.order == order && e.bursts > 0) {
            const uint64_t overtaken_by = bursts_issued_ - e.bursts_before - e.issued;
            return overtaken_by > policy_.starvation_bursts ? slot : no_slot;
        }
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

bool Controller::choose_writes(int first) const {
    const Lane& reads = lanes_[0];
    const Lane& writes = lanes_[1];
    if (first != no_slot) return entries_[first].write;
    if (writes.entries == writes.blocked) return false;
    if (reads.entries == reads.blocked) return true;
    if (reads.blocked) return true;  // what they wait for is a write
    if (writing_) return writes.entries > policy_.low_entries || writes.bursts > policy_.low_bursts;
    return writes.entries >= policy_.high_entries || writes.bursts >= policy_.high_bursts;
}

/// First ready, first come: the oldest run in the open row, else the oldest.
void Controller::choose_target(uint32_t number) {
    Bank& bank = banks_[number];
    bank.target = no_slot;
    busy_banks_ &= ~(uint64_t{1} << number);
    if (first_ != no_slot && entries_[first_].at.bank == number) {
        bank.target = first_;
    } else {
        for (const uint8_t slot : bank.waiting[writing_]) {
            const Entry& e = entries_[slot];
            if (e.blockers) continue;
            const bool hit = bank.open && e.at.row == bank.row;
            if (bank.target == no_slot || hit) bank.target = slot;
            if (hit || !bank.open) break;
        }
    }
    if (bank.target == no_slot) return;
    busy_banks_ |= uint64_t{1} << number;
    const Entry& e = entries_[bank.target];
    bank.from = e.arrival + 1;
    bank.order = e.request->urgent ? 0 : e.order;
    if (!bank.open)
        bank.command = Command::act;
    else if (bank.row != e.at.row)
        bank.command = Command::pre;
    else
        bank.command = e.write ? Command::wr : Command::rd;
}

/// The earliest legal command; of those at the same clock a column command, and the oldest run.
Controller::Step Controller::best_step() const {
    int64_t best_key = never;  // clock and kind in one number: few branches, they are unpredictable
    uint64_t best_order = 0;
    uint32_t best = 0;
    for (uint64_t rest = busy_banks_; rest; rest &= rest - 1) {
        const uint32_t b = std::countr_zero(rest);
        const Bank& bank = banks_[b];
        const bool column = is_column(bank.command);
        Clock clock = std::max({timing_.earliest(bank.command, b), bank.from, decided_ + 1});
        if (clock <= train_.last && !column) clock = off_train(clock);
        const int64_t key = 2 * clock + !column;
        const bool better = (key < best_key) | ((key == best_key) & (bank.order < best_order));
        best_key = better ? key : best_key;
        best_order = better ? bank.order : best_order;
        best = better ? b : best;
    }
    if (!busy_banks_) return {};
    return {best_key / 2, banks_[best].command, best, banks_[best].target};
}

Controller::Step Controller::refresh_step() const {
    const bool closed =
        std::none_of(banks_.begin(), banks_.end(), [](const Bank& b) { return b.open; });
    const Command command = closed ? Command::ref : Command::prea;
    const Clock from = std::max(refresh_due_, decided_ + 1);
    return {off_train(std::max(from, timing_.earliest(command, 0))), command, 0, no_slot};
}

/// The first clock from this one on that a committed column command does not take.
Clock Controller::off_train(Clock clock) const {
    if (clock > train_.last || clock < train_.first) return clock;
    if ((clock - train_.first) % train_.interval != 0) return clock;
    return train_.interval > 1 ? clock + 1 : train_.last + 1;
}

}  // namespace karhunen::ddr
