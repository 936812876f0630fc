// Reads a command trace and says what is illegal in it. Shares no code with the controller, only
// the names of commands: it knows a device's numbers and thinks in banks, rows and beats on the
// data pins, not in a table. Memory does not grow with the trace.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "models/ddr/command.h"
#include "models/ddr_checker/checked_device.h"

namespace karhunen::ddr {

/// How refreshes may stray from one each tREFI (JESD79-3F 4.18.1: at most 8 either way, so never
/// more than 9 tREFI between two).
struct RefreshRule {
    uint32_t postponed = 8, pulled_in = 8;
    bool required = true;  ///< without: refreshes may be missing
};

/// The first violations as text, one per line: prefix, number of the command, what is wrong.
struct ViolationText {
    uint64_t most = 5;
    std::string prefix = "command ";
    uint64_t first = 1;  ///< number of the first command
};

class CommandChecker {
public:
    explicit CommandChecker(const CheckedDevice& device, const RefreshRule& refresh = {0, 0},
                            const ViolationText& text = {});

    /// Commands in order of clocks. The bank group is in the lowest bits of a bank's number; prea
    /// and ref have no bank, their bank, row and column are not looked at.
    void add(const CommandRecord& command);
    void add(const std::vector<CommandRecord>& commands) {
        for (const CommandRecord& c : commands) add(c);
    }
    /// Empty: none.
    const std::string& violations() const { return violations_; }
    /// Those since the last call, which are forgotten; `most` of ViolationText counts all.
    std::string take_violations() { return std::exchange(violations_, {}); }
    /// The row that a bank has open, or else had last.
    uint32_t latest_row(uint32_t bank) const { return bank < banks_.size() ? banks_[bank].row : 0; }
    uint64_t violation_count() const { return count_; }
    uint64_t commands() const { return commands_; }
    uint64_t count(Command c) const { return by_command_[static_cast<unsigned>(c)]; }

private:
    static constexpr Clock long_ago = -1'000'000'000;
    struct Bank {
        bool open = false;
        uint32_t row = 0;
        Clock activated = long_ago;
        Clock precharged = long_ago;  ///< when precharging began
        Clock read = long_ago;        ///< last read command
        Clock written = long_ago;     ///< end of the last write data
    };
    /// The latest of a bank group, or of all banks.
    struct Latest {
        Clock activate = long_ago, read = long_ago, write = long_ago;
        Clock write_data_end = long_ago;
    };
    void expect(bool legal, const CommandRecord& c, const char* rule);
    void activate(const CommandRecord& c);
    void column(const CommandRecord& c);
    void precharge(const CommandRecord& c, Bank& bank);
    void refresh(const CommandRecord& c);
    void expect_refreshed(const CommandRecord& c);
    Latest& group_of(uint32_t bank) { return groups_[bank % groups_.size()]; }

    CheckedDevice d_;
    RefreshRule rule_;
    ViolationText text_;
    std::vector<Bank> banks_;
    std::vector<Latest> groups_;
    Latest rank_;
    std::array<Clock, 4> activates_;  ///< ring of the last four
    size_t oldest_activate_ = 0;
    Clock last_command_ = long_ago, last_refresh_ = long_ago;
    Clock read_data_end_ = long_ago;
    bool late_reported_ = false;  ///< that the next refresh is late
    uint64_t refreshes_ = 0;

    uint64_t commands_ = 0, count_ = 0;
    std::array<uint64_t, command_count> by_command_{};
    std::string violations_;
};

}  // namespace karhunen::ddr
