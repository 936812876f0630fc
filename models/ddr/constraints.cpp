#include "models/ddr/constraints.h"

#include <algorithm>

namespace karhunen::ddr {

std::vector<Constraint> constraints_of(const Device& d) {
    using enum Command;
    using enum Scope;
    const uint32_t burst = d.burst_clocks();
    const uint32_t read_to_write = d.cl + burst + 2 - d.cwl;
    const uint32_t write_data_end = d.cwl + burst;
    const uint32_t write_recovery = write_data_end + d.t_wr;

    std::vector<Constraint> table = {
        {bank, act, pre, d.t_ras},
        {bank, act, act, d.t_rc},
        {bank, pre, act, d.t_rp},
        {bank, rd, pre, d.t_rtp},
        {bank, wr, pre, write_recovery},
        {bank, rda, act, d.t_rtp + d.t_rp},
        {bank, wra, act, write_recovery + d.t_rp},
        {rank, act, act, d.t_rrd_s},
        {rank, act, act, d.t_faw, 4},
        // All banks at once: what holds for one precharge holds for all.
        {rank, act, prea, d.t_ras},
        {rank, rd, prea, d.t_rtp},
        {rank, wr, prea, write_recovery},
        // Refresh finds every bank precharged.
        {rank, act, ref, d.t_rc},
        {rank, pre, ref, d.t_rp},
        {rank, prea, act, d.t_rp},
        {rank, prea, ref, d.t_rp},
        {rank, rda, ref, d.t_rtp + d.t_rp},
        {rank, wra, ref, write_recovery + d.t_rp},
        {rank, ref, act, d.t_rfc},
        {rank, ref, ref, d.t_rfc},
        {rank, ref, prea, d.t_rfc},
    };
    for (const Command column : {rd, wr}) table.push_back({bank, act, column, d.t_rcd});
    // The data bus.
    for (const Command first : {rd, rda}) {
        table.push_back({rank, first, rd, d.t_ccd_s});
        table.push_back({rank, first, wr, read_to_write});
    }
    for (const Command first : {wr, wra}) {
        table.push_back({rank, first, wr, d.t_ccd_s});
        table.push_back({rank, first, rd, write_data_end + d.t_wtr_s});
    }
    if (d.bank_groups == 1) return table;
    table.push_back({group, act, act, d.t_rrd_l});
    for (const Command first : {rd, rda}) table.push_back({group, first, rd, d.t_ccd_l});
    for (const Command first : {wr, wra}) {
        table.push_back({group, first, wr, d.t_ccd_l});
        table.push_back({group, first, rd, write_data_end + d.t_wtr_l});
    }
    return table;
}

TimingChecker::TimingChecker(const Device& device, const std::vector<Constraint>& table)
    : groups_(device.bank_groups), bank_ready_(device.banks), group_ready_(device.bank_groups) {
    for (const Constraint& c : table) {
        if (c.count == 1)
            by_preceding_[static_cast<unsigned>(c.preceding)].push_back(c);
        else
            windows_.push_back({c, std::vector<Clock>(c.count, -1)});
        if (c.preceding == c.following && c.count == 1) {
            const auto command = static_cast<unsigned>(c.preceding);
            interval_[command] = std::max(interval_[command], c.latency);
            if (c.scope == Scope::rank)
                least_interval_[command] = std::max(least_interval_[command], c.latency);
        }
    }
}

void TimingChecker::restrict(const Constraint& c, uint32_t bank, Clock ready) {
    const auto following = static_cast<unsigned>(c.following);
    Clock& entry = c.scope == Scope::bank    ? bank_ready_[bank][following]
                   : c.scope == Scope::group ? group_ready_[group_of(bank, groups_)][following]
                                             : rank_ready_[following];
    entry = std::max(entry, ready);
}

void TimingChecker::issue(Command command, uint32_t bank, Clock clock) {
    for (const Constraint& c : by_preceding_[static_cast<unsigned>(command)])
        restrict(c, bank, clock + c.latency);
    for (Window& w : windows_) {
        if (w.constraint.preceding != command) continue;
        w.last[w.next] = clock;
        w.next = (w.next + 1) % w.last.size();
        const Clock oldest = w.last[w.next];
        if (oldest >= 0) restrict(w.constraint, bank, oldest + w.constraint.latency);
    }
}

}  // namespace karhunen::ddr
