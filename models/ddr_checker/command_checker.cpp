#include "models/ddr_checker/command_checker.h"

#include <algorithm>

namespace karhunen::ddr {

CommandChecker::CommandChecker(const CheckedDevice& device, const RefreshRule& refresh,
                               const ViolationText& text)
    : d_(device), rule_(refresh), text_(text), banks_(device.banks), groups_(device.bank_groups) {
    activates_.fill(long_ago);
}

void CommandChecker::expect(bool legal, const CommandRecord& c, const char* rule) {
    if (legal || ++count_ > text_.most) return;
    violations_ += text_.prefix + std::to_string(text_.first + commands_ - 1) + ": clock " +
                   std::to_string(c.clock) + ' ' + std::string(name_of(c.command)) + " bank " +
                   std::to_string(c.bank) + " row " + std::to_string(c.row) + " column " +
                   std::to_string(c.column) + ": " + rule + '\n';
}

void CommandChecker::add(const CommandRecord& c) {
    ++commands_;
    ++by_command_[static_cast<unsigned>(c.command)];
    expect(c.clock > last_command_, c, "one command per clock, in order");
    last_command_ = c.clock;
    const bool one_bank = c.command != Command::prea && c.command != Command::ref;
    const bool exists = c.bank < d_.banks && c.row < d_.rows && c.column < d_.columns;
    expect(!one_bank || exists, c, "no such bank, row or column");
    if (one_bank && !exists) return;
    expect(c.clock >= last_refresh_ + d_.t_rfc, c, "tRFC");
    if (c.command != Command::ref) expect_refreshed(c);
    switch (c.command) {
        case Command::act:
            activate(c);
            break;
        case Command::pre:
            expect(banks_[c.bank].open, c, "precharge of a closed bank");
            precharge(c, banks_[c.bank]);
            break;
        case Command::prea:
            for (Bank& bank : banks_)
                if (bank.open) precharge(c, bank);
            break;
        case Command::ref:
            refresh(c);
            break;
        default:
            column(c);
            break;
    }
}

void CommandChecker::activate(const CommandRecord& c) {
    Bank& bank = banks_[c.bank];
    Latest& group = group_of(c.bank);
    const bool grouped = groups_.size() > 1;
    expect(!bank.open, c, "activate of an open bank");
    expect(c.clock >= bank.precharged + d_.t_rp, c, "tRP");
    expect(c.clock >= bank.activated + d_.t_rc, c, "tRC");
    expect(c.clock >= rank_.activate + d_.t_rrd_s, c, "tRRD");
    expect(!grouped || c.clock >= group.activate + d_.t_rrd_l, c, "tRRD within a bank group");
    expect(c.clock >= activates_[oldest_activate_] + d_.t_faw, c, "tFAW");
    activates_[oldest_activate_] = c.clock;
    oldest_activate_ = (oldest_activate_ + 1) % activates_.size();
    bank.open = true;
    bank.row = c.row;
    bank.activated = group.activate = rank_.activate = c.clock;
}

void CommandChecker::column(const CommandRecord& c) {
    Bank& bank = banks_[c.bank];
    Latest& group = group_of(c.bank);
    const bool grouped = groups_.size() > 1;
    const bool read = c.command == Command::rd || c.command == Command::rda;
    expect(bank.open, c, "column command to a closed bank");
    expect(bank.row == c.row, c, "another row is open");
    expect(c.column % d_.burst_length == 0, c, "column within a burst");
    expect(c.clock >= bank.activated + d_.t_rcd, c, "tRCD");
    const Clock data = c.clock + (read ? d_.cl : d_.cwl);
    const Clock data_end = data + d_.burst_length / 2;
    if (read) {
        expect(c.clock >= rank_.read + d_.t_ccd_s, c, "tCCD");
        expect(!grouped || c.clock >= group.read + d_.t_ccd_l, c, "tCCD within a bank group");
        expect(c.clock >= rank_.write_data_end + d_.t_wtr_s, c, "tWTR");
        expect(!grouped || c.clock >= group.write_data_end + d_.t_wtr_l, c,
               "tWTR within a bank group");
        expect(data >= read_data_end_ && data >= rank_.write_data_end, c, "data overlap");
        bank.read = group.read = rank_.read = c.clock;
        read_data_end_ = data_end;
    } else {
        expect(c.clock >= rank_.write + d_.t_ccd_s, c, "tCCD");
        expect(!grouped || c.clock >= group.write + d_.t_ccd_l, c, "tCCD within a bank group");
        expect(data >= read_data_end_ + 2, c, "read to write turn-around");
        expect(data >= rank_.write_data_end, c, "data overlap");
        group.write = rank_.write = c.clock;
        bank.written = group.write_data_end = rank_.write_data_end = data_end;
    }
    if (c.command == Command::rda || c.command == Command::wra) {
        const Clock recovery = read ? c.clock + d_.t_rtp : data_end + d_.t_wr;
        bank.precharged = std::max(recovery, bank.activated + d_.t_ras);
        bank.open = false;
    }
}

void CommandChecker::precharge(const CommandRecord& c, Bank& bank) {
    expect(c.clock >= bank.activated + d_.t_ras, c, "tRAS");
    expect(c.clock >= bank.read + d_.t_rtp, c, "tRTP");
    expect(c.clock >= bank.written + d_.t_wr, c, "tWR");
    bank.open = false;
    bank.precharged = c.clock;
}

void CommandChecker::refresh(const CommandRecord& c) {
    for (const Bank& bank : banks_) {
        expect(!bank.open, c, "refresh with an open bank");
        expect(c.clock >= bank.precharged + d_.t_rp, c, "tRP before refresh");
        expect(c.clock >= bank.activated + d_.t_rc, c, "tRC before refresh");
    }
    expect_refreshed(c);
    ++refreshes_;
    const Clock due = static_cast<Clock>(refreshes_) * d_.t_refi;
    expect(c.clock >= due - rule_.pulled_in * d_.t_refi, c, "refresh too early");
    last_refresh_ = c.clock;
    late_reported_ = false;
}

/// The k-th refresh is due at k tREFI, and what it may wait for then, or when as many as may be are
/// postponed, is one row cycle with a write. Between two there are never more than 9 tREFI.
void CommandChecker::expect_refreshed(const CommandRecord& c) {
    if (!rule_.required || late_reported_) return;
    const Clock row_cycle = d_.t_rc + d_.cwl + d_.burst_length / 2 + d_.t_wr + d_.t_rp + 8;
    const Clock due = static_cast<Clock>(refreshes_ + 1 + rule_.postponed) * d_.t_refi;
    const Clock before = refreshes_ ? last_refresh_ : 0;
    const bool in_time = c.clock <= due + row_cycle && c.clock <= before + 9 * d_.t_refi;
    expect(in_time, c, "tREFI, no refresh in time");
    late_reported_ = !in_time;
}

}  // namespace karhunen::ddr
