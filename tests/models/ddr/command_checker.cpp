#include "tests/models/ddr/command_checker.h"

#include <algorithm>

namespace karhunen::ddr {

void CommandChecker::expect(bool legal, const CommandRecord& c, const char* rule) {
    if (legal || ++count_ > 5) return;
    violations_ += "clock " + std::to_string(c.clock) + ' ' + std::string(name_of(c.command)) +
                   " bank " + std::to_string(c.bank) + " row " + std::to_string(c.row) +
                   " column " + std::to_string(c.column) + ": " + rule + '\n';
}

void CommandChecker::add(const CommandRecord& c) {
    expect(c.clock > last_command_, c, "one command per clock, in order");
    last_command_ = c.clock;
    expect(c.bank < d_.banks && c.row < d_.rows && c.column < d_.columns, c, "out of range");
    if (c.bank >= d_.banks) return;
    expect(c.command == Command::ref || c.clock >= last_refresh_ + d_.t_rfc, c, "tRFC");
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
    expect(!bank.open, c, "activate of an open bank");
    expect(c.clock >= bank.precharged + d_.t_rp, c, "tRP");
    expect(c.clock >= bank.activated + d_.t_rc, c, "tRC");
    if (!activates_.empty()) expect(c.clock >= activates_.back() + d_.t_rrd, c, "tRRD");
    if (activates_.size() == 4) {
        expect(c.clock >= activates_.front() + d_.t_faw, c, "tFAW");
        activates_.pop_front();
    }
    activates_.push_back(c.clock);
    bank.open = true;
    bank.row = c.row;
    bank.activated = c.clock;
}

void CommandChecker::column(const CommandRecord& c) {
    Bank& bank = banks_[c.bank];
    const bool read = c.command == Command::rd || c.command == Command::rda;
    expect(bank.open, c, "column command to a closed bank");
    expect(bank.row == c.row, c, "another row is open");
    expect(c.column % d_.burst_length == 0, c, "column within a burst");
    expect(c.clock >= bank.activated + d_.t_rcd, c, "tRCD");
    const Clock data = c.clock + (read ? d_.cl : d_.cwl);
    const Clock data_end = data + d_.burst_length / 2;
    if (read) {
        expect(c.clock >= last_read_ + d_.t_ccd, c, "tCCD");
        expect(c.clock >= write_data_end_ + d_.t_wtr, c, "tWTR");
        last_read_ = bank.read = c.clock;
        expect(data >= read_data_end_ && data >= write_data_end_, c, "data overlap");
        read_data_end_ = data_end;
    } else {
        expect(c.clock >= last_write_ + d_.t_ccd, c, "tCCD");
        expect(data >= read_data_end_ + 2, c, "read to write turn-around");
        last_write_ = c.clock;
        expect(data >= write_data_end_, c, "data overlap");
        write_data_end_ = bank.written = data_end;
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
    }
    expect(c.clock >= last_refresh_ + d_.t_rfc, c, "tRFC");
    ++refreshes_;
    // Without postponing: the k-th refresh is due at k tREFI; what it may wait for is one row cycle
    // with a write.
    const Clock due = static_cast<Clock>(refreshes_) * d_.t_refi;
    const Clock row_cycle = d_.t_rc + d_.cwl + d_.burst_length / 2 + d_.t_wr + d_.t_rp + 8;
    expect(c.clock >= due && c.clock <= due + row_cycle, c, "tREFI");
    last_refresh_ = c.clock;
}

}  // namespace karhunen::ddr
