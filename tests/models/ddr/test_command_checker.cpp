// The checker against traces written by hand: each rule kept by exactly 0 clocks, and broken by 1.
#include <boost/test/unit_test.hpp>

#include "models/ddr_checker/command_checker.h"

namespace karhunen::ddr {

namespace {

using enum Command;
using Trace = std::vector<CommandRecord>;

/// Two bank groups: even banks and odd ones. No two rules bind at the same clock.
CheckedDevice device() {
    CheckedDevice d;
    d.bank_groups = 2;
    d.banks = 8;
    d.rows = d.columns = 64;
    d.burst_length = 8;
    d.t_ck_ps = 1000;
    d.cl = 10;
    d.cwl = 8;
    d.t_rcd = 9;
    d.t_rp = 7;
    d.t_ras = 25;
    d.t_rc = 35;
    d.t_rrd_s = 4;
    d.t_rrd_l = 6;
    d.t_faw = 30;
    d.t_wr = 12;
    d.t_wtr_s = 3;
    d.t_wtr_l = 8;
    d.t_rtp = 6;
    d.t_ccd_s = 5;
    d.t_ccd_l = 7;
    d.t_rfc = 100;
    d.t_refi = 1000;
    return d;
}

constexpr RefreshRule eight{8, 8};

/// The rules that a trace breaks, one per line.
std::string broken(const Trace& trace, const RefreshRule& refresh = eight,
                   const CheckedDevice& d = device()) {
    CommandChecker checker(d, refresh);
    checker.add(trace);
    std::string rules;
    std::istringstream lines(checker.violations());
    for (std::string line; std::getline(lines, line);) {
        if (!rules.empty()) rules += '\n';
        rules += line.substr(line.rfind(": ") + 2);
    }
    return rules;
}

/// Legal as it stands; with the last command moved by so many clocks it breaks the rule.
void expect_rule(const std::string& rule, Trace trace, Clock moved = -1,
                 const RefreshRule& refresh = eight, const CheckedDevice& d = device()) {
    BOOST_TEST(broken(trace, refresh, d) == "", rule << ", legal");
    trace.back().clock += moved;
    BOOST_TEST(broken(trace, refresh, d) == rule);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_checker)

BOOST_AUTO_TEST_CASE(banks) {
    expect_rule("tRCD", {{100, act, 0}, {109, rd, 0}});
    expect_rule("tRCD", {{100, act, 0}, {109, wra, 0}});
    expect_rule("tRAS", {{100, act, 0}, {125, pre, 0}});
    expect_rule("tRAS", {{100, act, 3}, {125, prea}});
    expect_rule("tRP", {{100, act, 0}, {130, pre, 0}, {137, act, 0}});
    expect_rule("tRP", {{100, act, 0}, {130, prea}, {137, act, 0}});
    expect_rule("tRC", {{100, act, 0}, {125, pre, 0}, {135, act, 0}});
    expect_rule("tRTP", {{100, act, 0}, {130, rd, 0}, {136, pre, 0}});
    expect_rule("tRTP", {{100, act, 0}, {130, rd, 0}, {136, prea}});
    // Data from 118 to 122.
    expect_rule("tWR", {{100, act, 0}, {110, wr, 0}, {134, pre, 0}});
    expect_rule("tWR", {{100, act, 0}, {110, wr, 0}, {134, prea}});
}

BOOST_AUTO_TEST_CASE(auto_precharge) {
    // It begins tRTP after the read, tWR after the data of the write, but not before tRAS.
    expect_rule("tRP", {{100, act, 0}, {125, rda, 0}, {138, act, 0}});
    expect_rule("tRP", {{100, act, 0}, {110, wra, 0}, {141, act, 0}});
    CheckedDevice d = device();
    d.t_rc = 31;
    expect_rule("tRP", {{100, act, 0}, {110, rda, 0}, {132, act, 0}}, -1, eight, d);
}

BOOST_AUTO_TEST_CASE(activates) {
    expect_rule("tRRD", {{100, act, 0}, {104, act, 1}});
    expect_rule("tRRD within a bank group", {{100, act, 0}, {106, act, 2}});
    // The latest of the group may be longer ago than the latest of all.
    expect_rule("tRRD within a bank group", {{99, act, 0}, {103, act, 1}, {109, act, 3}});
    expect_rule("tFAW",
                {{100, act, 0}, {104, act, 1}, {108, act, 2}, {112, act, 3}, {130, act, 4}});
}

BOOST_AUTO_TEST_CASE(column_commands) {
    const Trace open = {{80, act, 0}, {84, act, 1}, {90, act, 2}};
    const auto after = [&open](Trace rest) {
        rest.insert(rest.begin(), open.begin(), open.end());
        return rest;
    };
    expect_rule("tCCD", after({{120, rd, 0}, {125, rd, 1}}));
    expect_rule("tCCD within a bank group", after({{120, rd, 0}, {127, rd, 2}}));
    expect_rule("tCCD within a bank group", after({{120, rd, 0}, {127, rda, 0}}));
    expect_rule("tCCD", after({{120, wr, 0}, {125, wr, 1}}));
    expect_rule("tCCD within a bank group", after({{120, wr, 0}, {127, wr, 2}}));
    // Data from 128 to 132.
    expect_rule("tWTR", after({{120, wr, 0}, {135, rd, 1}}));
    expect_rule("tWTR within a bank group", after({{120, wr, 0}, {140, rd, 2}}));
    expect_rule("tWTR within a bank group", after({{120, wra, 0}, {140, rd, 2}}));
    // Data from 130 to 134, two clocks free, write data from 136.
    expect_rule("read to write turn-around", after({{120, rd, 0}, {128, wr, 1}}));
    // Where tCCD is less than a burst the pins still carry one burst at a time.
    CheckedDevice d = device();
    d.t_ccd_s = 3;
    expect_rule("data overlap", after({{120, rd, 0}, {124, rd, 1}}), -1, eight, d);
    expect_rule("data overlap", after({{120, wr, 0}, {124, wr, 1}}), -1, eight, d);
}

BOOST_AUTO_TEST_CASE(bank_states) {
    BOOST_TEST(broken({{100, act, 0}, {200, act, 0}}) == "activate of an open bank");
    BOOST_TEST(broken({{100, pre, 0}}) == "precharge of a closed bank");
    BOOST_TEST(broken({{100, prea}}) == "");
    BOOST_TEST(broken({{100, rd, 0}}) == "column command to a closed bank");
    BOOST_TEST(broken({{100, act, 0}, {130, rda, 0}, {140, rd, 0}}) ==
               "column command to a closed bank");
    BOOST_TEST(broken({{100, act, 0, 5}, {130, rd, 0, 6}}) == "another row is open");
    BOOST_TEST(broken({{100, act, 0}, {130, rd, 0, 0, 4}}) == "column within a burst");
    BOOST_TEST(broken({{100, act, 8}}) == "no such bank, row or column");
    BOOST_TEST(broken({{100, act, 0, 64}}) == "no such bank, row or column");
    BOOST_TEST(broken({{100, act, 0}, {130, rd, 0, 0, 64}}) == "no such bank, row or column");
    expect_rule("one command per clock, in order", {{100, act, 0}, {126, pre, 0}, {127, prea}});
}

BOOST_AUTO_TEST_CASE(refreshes) {
    expect_rule("tRP before refresh", {{100, act, 0}, {130, pre, 0}, {137, ref}});
    expect_rule("tRP before refresh", {{100, act, 0}, {130, prea}, {137, ref}});
    expect_rule("tRP before refresh", {{100, act, 0}, {125, rda, 0}, {138, ref}});
    expect_rule("tRC before refresh", {{100, act, 0}, {125, pre, 0}, {135, ref}});
    expect_rule("tRFC", {{100, ref}, {200, act, 0}});
    expect_rule("tRFC", {{100, ref}, {200, prea}});
    expect_rule("tRFC", {{100, ref}, {200, ref}});
    BOOST_TEST(broken({{100, act, 0}, {200, ref}}) == "refresh with an open bank");
}

BOOST_AUTO_TEST_CASE(refresh_interval) {
    const RefreshRule on_time{0, 0}, two{2, 0}, early{0, 8};
    // tRC, write latency and data, tWR, tRP, and 8 clocks.
    const Clock row_cycle = 35 + 8 + 4 + 12 + 7 + 8;
    expect_rule("refresh too early", {{1000, ref}}, -1, on_time);
    expect_rule("refresh too early", {{1000, ref}, {2000, ref}}, -1, on_time);
    expect_rule("tREFI, no refresh in time", {{1000 + row_cycle, ref}}, 1, on_time);
    expect_rule("tREFI, no refresh in time", {{1000, ref}, {2000 + row_cycle, ref}}, 1, on_time);
    expect_rule("tREFI, no refresh in time", {{3000 + row_cycle, ref}}, 1, two);
    // Late by two for good: each one must then be in time.
    expect_rule("tREFI, no refresh in time", {{3000, ref}, {4000, ref}, {5000 + row_cycle, ref}}, 1,
                two);
    // Never more than nine intervals, from the start and from one to the next.
    expect_rule("tREFI, no refresh in time", {{9000, ref}}, 1);
    expect_rule("tREFI, no refresh in time", {{900, ref}, {9900, ref}}, 1);
    // Eight ahead of time, and no ninth.
    Trace nine;
    for (Clock i = 0; i < 8; ++i) nine.push_back({1 + i * 100, ref});
    nine.push_back({1000, ref});
    expect_rule("refresh too early", nine, -1, early);
}

BOOST_AUTO_TEST_CASE(missing_refreshes_are_reported_once) {
    const Trace none = {{9000, act, 0}, {9100, pre, 0}, {9200, act, 0}, {9300, pre, 0}};
    BOOST_TEST(broken(none) == "tREFI, no refresh in time");
    BOOST_TEST(broken(none, {0, 0, false}) == "");
}

BOOST_AUTO_TEST_CASE(violations_are_counted_and_the_first_ones_shown) {
    CommandChecker checker(device(), eight, {2, "line ", 2});
    checker.add({{100, pre, 0}, {101, prea}, {102, pre, 1, 2}, {103, pre, 1}});
    BOOST_TEST(checker.violation_count() == 3u);
    BOOST_TEST(checker.violations() ==
               "line 2: clock 100 PRE bank 0 row 0 column 0: precharge of a closed bank\n"
               "line 4: clock 102 PRE bank 1 row 2 column 0: precharge of a closed bank\n");
    BOOST_TEST(checker.commands() == 4u);
    BOOST_TEST(checker.count(pre) == 3u);
    BOOST_TEST(checker.count(prea) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
