// Reads a command trace and says what is illegal in it. Shares no code with the controller: it
// knows a device's numbers and thinks in banks, rows and beats on the data pins, not in a table.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "models/ddr/command.h"
#include "models/ddr/device.h"

namespace karhunen::ddr {

class CommandChecker {
public:
    explicit CommandChecker(const Device& device) : d_(device), banks_(device.banks) {}

    void add(const CommandRecord& command);
    void add(const std::vector<CommandRecord>& commands) {
        for (const CommandRecord& c : commands) add(c);
    }
    /// The first few violations, one per line; empty: none.
    const std::string& violations() const { return violations_; }
    uint64_t violation_count() const { return count_; }
    uint64_t refreshes() const { return refreshes_; }

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
    void expect(bool legal, const CommandRecord& c, const char* rule);
    void activate(const CommandRecord& c);
    void column(const CommandRecord& c);
    void precharge(const CommandRecord& c, Bank& bank);
    void refresh(const CommandRecord& c);

    Device d_;
    std::vector<Bank> banks_;
    std::deque<Clock> activates_;
    Clock last_command_ = long_ago, last_refresh_ = long_ago;
    Clock last_read_ = long_ago, last_write_ = long_ago;
    Clock read_data_end_ = long_ago, write_data_end_ = long_ago;
    uint64_t count_ = 0, refreshes_ = 0;
    std::string violations_;
};

}  // namespace karhunen::ddr
