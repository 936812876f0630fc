// Book-keeping of the controller: every command and every byte is entered once per account.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "models/ddr/statistics.h"

namespace karhunen::ddr {

class Ledger {
public:
    explicit Ledger(uint64_t burst_bytes) { totals_.burst_bytes = burst_bytes; }

    /// Number of the account of a key.
    size_t account(const Key& key);

    void submitted(size_t account, Clock clock);
    void completed(size_t account, Clock arrival, Clock clock);
    void moved(size_t account, bool write, uint64_t bytes, Clock clock);

    void activated(size_t account, Clock clock);
    void precharged(size_t account, Clock clock);
    /// `bursts` column commands, the first of them after a row miss or conflict or neither; the
    /// last one with auto precharge of a bank that closes at `closes`.
    void bursts(size_t account, bool write, uint32_t bursts, bool miss, bool conflict,
                uint32_t burst_clocks);
    void auto_precharged(size_t account, bool write, Clock closes);
    void precharged_all(uint32_t open_banks, Clock clock);
    void refreshed(Clock clock, Clock ends);

    Statistics statistics(Clock now) const;

private:
    struct Pending {  ///< time with at least one request pending
        uint64_t requests = 0;
        Clock since = 0, busy = 0;  ///< time before `since` is counted
        void add(Clock clock);
        void remove(Clock clock);
        Clock until(Clock now) const {
            return requests ? busy + std::max<Clock>(0, now - since) : busy;
        }
    };
    struct Entry {
        Key key;
        Account account;
        size_t tag;
    };
    void count(Command command, uint64_t times = 1) {
        totals_.commands[static_cast<unsigned>(command)] += times;
    }
    void bank_opens(Clock clock);
    void banks_close(uint32_t banks, Clock clock);

    std::vector<Entry> accounts_;
    std::map<Key, size_t> by_key_;
    std::map<uint32_t, size_t> by_tag_;
    std::vector<std::pair<uint32_t, Pending>> tags_;
    size_t last_account_ = 0;
    Pending all_;
    Statistics totals_;

    uint32_t open_banks_ = 0;
    Clock active_since_ = 0, active_until_ = 0;  ///< the present or last active stretch
};

}  // namespace karhunen::ddr
