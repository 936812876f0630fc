// Commands drawn at random, without a controller, each at the first clock that the timing checker
// allows. So also what no controller's decisions bring about is tried: every entry of the table,
// lowered by one clock, must be caught by the independent checker.
#include <algorithm>
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr_checker/command_checker.h"
#include "tests/models/ddr/device_text.h"
#include "tests/models/ddr/random_device.h"

namespace karhunen::ddr {

namespace {

/// Knows which banks are open, and nothing of time.
class Driver {
public:
    Driver(const Device& device, const std::vector<Constraint>& table)
        : device_(device), timing_(device, table), open_(device.banks), row_(device.banks) {}

    CommandRecord next(std::mt19937& random) {
        using enum Command;
        if (random() % 32 == 0) banks_ = between(random, 1, device_.banks);
        const uint32_t bank = random() % banks_;
        Command command = act;
        if (std::none_of(open_.begin(), open_.end(), [](bool o) { return o; }) && random() % 3 == 0)
            command = random() % 2 ? ref : prea;
        else if (random() % 16 == 0)
            command = prea;
        else if (open_[bank])
            command = static_cast<Command>(between(random, unsigned(rd), unsigned(pre)));
        return issue(command, bank, random() % device_.rows);
    }

private:
    CommandRecord issue(Command command, uint32_t bank, uint32_t row) {
        using enum Command;
        // The table has rda and wra only as preceding commands.
        const Command as = command == rda ? rd : command == wra ? wr : command;
        clock_ = std::max(clock_ + 1, timing_.earliest(as, bank));
        timing_.issue(command, bank, clock_);
        CommandRecord record{clock_, command, bank, 0, 0};
        if (command == act) row_[bank] = row;
        if (command == act || is_column(command)) record.row = row_[bank];
        if (command == prea || command == ref) {
            record.bank = 0;
            std::fill(open_.begin(), open_.end(), false);
        } else {
            open_[bank] = command == act || command == rd || command == wr;
        }
        return record;
    }

    Device device_;
    uint32_t banks_ = 1;  ///< in use for a while: few are met again soon
    TimingChecker timing_;
    std::vector<bool> open_;
    std::vector<uint32_t> row_;
    Clock clock_ = 0;
};

/// Violations in so many random commands.
uint64_t violations(unsigned seed, const Device& device, const std::vector<Constraint>& table,
                    std::string& text) {
    std::mt19937 random(seed);
    Driver driver(device, table);
    RefreshRule any;
    any.required = false;
    any.pulled_in = 1'000'000;
    CommandChecker checker(CheckedDevice::parse(text_of(device)), any);
    for (int i = 0; i < 1000; ++i) checker.add(driver.next(random));
    text = checker.violations();
    return checker.violation_count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_commands)

BOOST_AUTO_TEST_CASE(the_table_lets_nothing_illegal_pass) {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        std::mt19937 random(seed);
        const Device device = random_device(random, 1u << seed % 4);
        std::string text;
        BOOST_TEST(violations(seed, device, constraints_of(device), text) == 0u,
                   "seed " << seed << ": " << text);
    }
}

BOOST_AUTO_TEST_CASE(every_entry_one_clock_short_is_caught) {
    for (const uint32_t groups : {1u, 2u, 4u}) {
        const auto rules = rules_of(groups);
        for (size_t rule = 0; rule < rules.size(); ++rule) {
            bool caught = false;
            for (unsigned seed = 1; seed <= 100 && !caught; ++seed) {
                std::mt19937 random(seed);
                const Device device = random_device(random, groups);
                auto table = constraints_of(device);
                --table[rule].latency;
                std::string text;
                caught = violations(seed, device, table, text) > 0;
            }
            BOOST_TEST(caught, groups << " bank groups: " << rules[rule]);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
