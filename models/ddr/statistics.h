// What the memory did, for whom, and what it cost.
//
// Counts are integers and are kept twice, by account (master, kind, tag) and by command, so that
// conservation can be asserted exactly: Statistics::violation().
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/ddr/command.h"
#include "models/interfaces/traffic_kind.h"

namespace karhunen::ddr {

/// Numbers of clocks in buckets of at most 1/8 relative width; exact below 16.
class LatencyHistogram {
public:
    void add(Clock clocks);
    void add(const LatencyHistogram& other);
    uint64_t count() const { return count_; }
    double mean() const { return count_ ? static_cast<double>(sum_) / count_ : 0; }
    Clock least() const { return count_ ? least_ : 0; }
    Clock most() const { return most_; }
    /// Upper edge of the bucket in which the share (0 to 1) of all entries is reached.
    Clock percentile(double share) const;

private:
    std::vector<uint64_t> buckets_;
    uint64_t count_ = 0;
    Clock sum_ = 0, least_ = never, most_ = 0;
};

/// Whose traffic.
struct Key {
    Master master = Master::host;
    TrafficKind kind = TrafficKind::other;
    uint32_t tag = no_tag;
    auto operator<=>(const Key&) const = default;
};

/// Traffic of one key, or a sum of such.
struct Account {
    uint64_t requests = 0;                         ///< answered
    uint64_t bytes_read = 0, bytes_written = 0;    ///< asked for and moved
    uint64_t read_bursts = 0, write_bursts = 0;    ///< on the pins
    uint64_t hits = 0, misses = 0, conflicts = 0;  ///< of bursts: row open, bank closed, other row
    uint64_t activates = 0, precharges = 0;        ///< issued on behalf of it
    LatencyHistogram latency;  ///< arrival to last data beat, clocks, per request

    Account& operator+=(const Account& other);
};

/// Picojoules.
struct Energy {
    double activate = 0, precharge = 0, read = 0, write = 0, refresh = 0, background = 0;
    double total() const { return activate + precharge + read + write + refresh + background; }
    Energy& operator+=(const Energy& other);
};

struct Statistics {
    std::map<Key, Account> accounts;
    std::array<uint64_t, command_count> commands{};
    uint64_t banks_precharged = 0;  ///< by pre, prea, rda and wra together
    uint64_t banks_precharged_for_refresh = 0;
    uint64_t burst_bytes = 0;
    Clock clocks = 0;                              ///< since the start
    Clock active_clocks = 0;                       ///< of them with a bank open or refreshing
    Clock busy_clocks = 0;                         ///< of them with a request pending
    Clock data_clocks = 0;                         ///< of them with data on the pins
    std::map<uint32_t, Clock> busy_clocks_of_tag;  ///< with a request of the tag pending
    Clock last_data_clock = 0;                     ///< end of the last burst

    /// Sum of the accounts that the predicate on the key accepts.
    template <typename Predicate>
    Account sum(Predicate accept) const {
        Account total;
        for (const auto& [key, account] : accounts)
            if (accept(key)) total += account;
        return total;
    }
    Account total() const {
        return sum([](const Key&) { return true; });
    }
    uint64_t count(Command c) const { return commands[static_cast<unsigned>(c)]; }

    /// Sums over accounts must equal those over commands. Empty, or what differs.
    std::string violation() const;
};

}  // namespace karhunen::ddr
