// Minimum distances between commands, as a table, and the earliest legal clock that follows.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/ddr/command.h"
#include "models/ddr/device.h"

namespace karhunen::ddr {

enum class Scope : uint8_t { bank, group, rank };

/// `following` comes at least `latency` clocks after the count-th last `preceding` in the same
/// scope (count 4: four activates in a window of tFAW).
struct Constraint {
    Scope scope;
    Command preceding, following;
    uint32_t latency;
    uint32_t count = 1;
};

/// The table of JESD79-3F and JESD79-4 for one rank, additive latency 0. What holds before rd and
/// wr holds before rda and wra, so the latter are only found as preceding commands. Only devices
/// with bank groups have entries of scope group.
std::vector<Constraint> constraints_of(const Device& device);

/// The bank group is in the lowest bits of a bank's number, as in AddressMapping.
constexpr uint32_t group_of(uint32_t bank, uint32_t groups) {
    return bank & (groups - 1);
}

/// Knows when every command has last been issued.
class TimingChecker {
public:
    TimingChecker(const Device& device, const std::vector<Constraint>& table);

    /// First clock at which the command breaks no constraint. Bank is ignored by prea and ref.
    Clock earliest(Command command, uint32_t bank) const {
        const auto c = static_cast<unsigned>(command);
        Clock ready = std::max(bank_ready_[bank][c], rank_ready_[c]);
        if (groups_ > 1) ready = std::max(ready, group_ready_[group_of(bank, groups_)][c]);
        return ready;
    }
    void issue(Command command, uint32_t bank, Clock clock);
    /// Shortest distance from a command to the next of its kind in the same bank.
    uint32_t interval(Command command) const { return interval_[static_cast<unsigned>(command)]; }
    /// The same to the next of its kind in whatever bank.
    uint32_t least_interval(Command command) const {
        return least_interval_[static_cast<unsigned>(command)];
    }

private:
    using Ready = std::array<Clock, command_count>;  ///< by following command
    struct Window {
        Constraint constraint;
        std::vector<Clock> last;  ///< ring of the last `count` clocks
        size_t next = 0;
    };
    void restrict(const Constraint& constraint, uint32_t bank, Clock ready);

    uint32_t groups_;
    std::vector<Ready> bank_ready_, group_ready_;
    Ready rank_ready_{};
    std::array<std::vector<Constraint>, command_count> by_preceding_;
    std::vector<Window> windows_;
    std::array<uint32_t, command_count> interval_{}, least_interval_{};
};

}  // namespace karhunen::ddr
