#include "models/ddr/ledger.h"

#include <algorithm>

namespace karhunen::ddr {

void Ledger::Pending::add(Clock clock) {
    if (requests++ == 0) since = std::max(since, clock);
}

void Ledger::Pending::remove(Clock clock) {
    if (--requests > 0 || clock <= since) return;
    busy += clock - since;
    since = clock;
}

size_t Ledger::account(const Key& key) {
    if (last_account_ < accounts_.size() && accounts_[last_account_].key == key)
        return last_account_;
    const auto [entry, is_new] = by_key_.emplace(key, accounts_.size());
    if (is_new) {
        const auto [tag, new_tag] = by_tag_.emplace(key.tag, tags_.size());
        if (new_tag) tags_.push_back({key.tag, {}});
        accounts_.push_back({key, {}, tag->second});
    }
    return last_account_ = entry->second;
}

void Ledger::submitted(size_t account, Clock clock) {
    tags_[accounts_[account].tag].second.add(clock);
    all_.add(clock);
}

void Ledger::completed(size_t account, Clock arrival, Clock clock) {
    Entry& e = accounts_[account];
    tags_[e.tag].second.remove(clock);
    all_.remove(clock);
    ++e.account.requests;
    e.account.latency.add(clock - arrival);
}

void Ledger::moved(size_t account, bool write, uint64_t bytes, Clock clock) {
    Account& a = accounts_[account].account;
    (write ? a.bytes_written : a.bytes_read) += bytes;
    totals_.last_data_clock = std::max(totals_.last_data_clock, clock);
}

void Ledger::bank_opens(Clock clock) {
    if (open_banks_++ > 0) return;
    // The stretch before may still be running: a bank that precharges itself, a refresh.
    if (clock > active_until_) {
        totals_.active_clocks += active_until_ - active_since_;
        active_since_ = clock;
    }
    active_until_ = std::max(active_until_, clock);
}

void Ledger::banks_close(uint32_t banks, Clock clock) {
    open_banks_ -= banks;
    active_until_ = std::max(active_until_, clock);
}

void Ledger::activated(size_t account, Clock clock) {
    count(Command::act);
    ++accounts_[account].account.activates;
    bank_opens(clock);
}

void Ledger::precharged(size_t account, Clock clock) {
    count(Command::pre);
    ++totals_.banks_precharged;
    ++accounts_[account].account.precharges;
    banks_close(1, clock);
}

void Ledger::bursts(size_t account, bool write, uint32_t bursts, bool miss, bool conflict,
                    uint32_t burst_clocks) {
    Account& a = accounts_[account].account;
    (write ? a.write_bursts : a.read_bursts) += bursts;
    if (conflict)
        ++a.conflicts;
    else if (miss)
        ++a.misses;
    a.hits += bursts - (miss || conflict);
    count(write ? Command::wr : Command::rd, bursts);
    totals_.data_clocks += Clock{bursts} * burst_clocks;
}

void Ledger::auto_precharged(size_t account, bool write, Clock closes) {
    --totals_.commands[static_cast<unsigned>(write ? Command::wr : Command::rd)];
    count(write ? Command::wra : Command::rda);
    ++totals_.banks_precharged;
    ++accounts_[account].account.precharges;
    banks_close(1, closes);
}

void Ledger::precharged_all(uint32_t open_banks, Clock clock) {
    count(Command::prea);
    totals_.banks_precharged += open_banks;
    totals_.banks_precharged_for_refresh += open_banks;
    banks_close(open_banks, clock);
}

void Ledger::refreshed(Clock clock, Clock ends) {
    count(Command::ref);
    bank_opens(clock);
    banks_close(1, ends);
}

Statistics Ledger::statistics(Clock now) const {
    Statistics s = totals_;
    for (const Entry& e : accounts_) s.accounts.emplace(e.key, e.account);
    s.clocks = now;
    const Clock until = open_banks_ ? now : std::min(now, active_until_);
    s.active_clocks += std::max<Clock>(0, until - active_since_);
    s.busy_clocks = all_.until(now);
    for (const auto& [tag, pending] : tags_) s.busy_clocks_of_tag[tag] = pending.until(now);
    return s;
}

}  // namespace karhunen::ddr
