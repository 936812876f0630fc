#include <filesystem>
#include <fstream>
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr/built_in_devices.h"
#include "models/ddr/constraints.h"
#include "models/ddr/device.h"

namespace karhunen::ddr {

namespace {

const char* const name = "ddr3-1600-4gb-x16";

/// A built-in file with the line that holds `key:` replaced ("" removes it).
std::string with_line(const std::string& key, const std::string& line, const char* device = name) {
    std::string text = built_in_devices().at(device);
    const size_t begin = text.rfind('\n', text.find(key + ':')) + 1;
    const size_t end = text.find('\n', begin);
    return text.replace(begin, end - begin + 1, line.empty() ? "" : line + "\n");
}

void expect_error(const std::string& text, const std::string& expected) {
    try {
        Device::parse(text, "d.yaml");
        BOOST_ERROR("no error, expected: " << expected);
    } catch (const DeviceError& e) {
        BOOST_TEST(e.what() == expected);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(device)

BOOST_AUTO_TEST_CASE(default_device) {
    const Device d = Device::find(name);
    BOOST_TEST(d.name == name);
    BOOST_TEST(d.bytes() == 512u << 20);
    BOOST_TEST(d.burst_bytes() == 16u);
    BOOST_TEST(d.row_bytes() == 2048u);
    BOOST_TEST(d.peak_bytes_per_s(d.clock_mhz()) == 3.2e9);
    // The times of the data sheet, in ns, are whole clocks of 1.25 ns.
    const double t_ck = 1.25;
    BOOST_TEST(d.t_rcd * t_ck == 13.75);
    BOOST_TEST(d.t_rp * t_ck == 13.75);
    BOOST_TEST(d.t_ras * t_ck == 35.0);
    BOOST_TEST(d.t_rc * t_ck == 48.75);
    BOOST_TEST(d.t_rrd_s * t_ck == 7.5);
    BOOST_TEST(d.t_faw * t_ck == 40.0);
    BOOST_TEST(d.t_wr * t_ck == 15.0);
    BOOST_TEST(d.t_wtr_s * t_ck == 7.5);
    BOOST_TEST(d.t_rtp * t_ck == 7.5);
    BOOST_TEST(d.t_rfc * t_ck == 260.0);
    BOOST_TEST(d.t_refi * t_ck == 7800.0);
    // One bank group: within it as between groups.
    BOOST_TEST(d.t_rrd_l == d.t_rrd_s);
    BOOST_TEST(d.t_wtr_l == d.t_wtr_s);
    BOOST_TEST(d.t_ccd_l == d.t_ccd_s);
    for (const Constraint& c : constraints_of(d)) BOOST_TEST((c.scope != Scope::group));
}

BOOST_AUTO_TEST_CASE(a_file_in_the_folder_comes_before_the_built_in_one) {
    const auto folder = std::filesystem::temp_directory_path() / "karhunen_test_device";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (std::string(name) + ".yaml")) << with_line("t_wr", "  t_wr: 13");
    BOOST_TEST(Device::find(name, folder).t_wr == 13u);
    std::filesystem::remove_all(folder);
    BOOST_TEST(Device::find(name, folder).t_wr == 12u);
}

BOOST_AUTO_TEST_CASE(unknown_device) {
    try {
        Device::find("ddr9");
        BOOST_ERROR("no error");
    } catch (const DeviceError& e) {
        BOOST_TEST(std::string(e.what()).find(name) != std::string::npos);
    }
    BOOST_CHECK_THROW(Device::read("/no/such/file.yaml"), DeviceError);
}

BOOST_AUTO_TEST_CASE(errors_name_line_key_and_reason) {
    expect_error(with_line("t_rcd", "  t_rdc: 11"), "d.yaml:19:3: timing.t_rdc: unknown key");
    expect_error(with_line("t_rcd", "  t_rcd: soon"),
                 "d.yaml:19:10: timing.t_rcd: expected a whole number above 0 and up to 1000");
    expect_error(with_line("t_rcd", "  t_rcd: -11"),
                 "d.yaml:19:10: timing.t_rcd: expected a whole number above 0 and up to 1000");
    expect_error(with_line("t_rcd", "  t_rcd: 11.5"),
                 "d.yaml:19:10: timing.t_rcd: expected a whole number above 0 and up to 1000");
    expect_error(with_line("t_rcd", ""), "d.yaml:16:3: timing.t_rcd: missing");
    expect_error(with_line("t_rcd", "  t_rp: 11"), "d.yaml:20:3: timing.t_rp: given twice");
    expect_error(with_line("rows", "  rows: 30000"),
                 "d.yaml:11:9: geometry.rows: expected a power of two");
    expect_error(with_line("timing", "timings:"), "d.yaml:15:1: timings: unknown key");
    expect_error(with_line("t_rc", "  t_rc: 38"), "d.yaml:22:9: t_rc: less than t_ras + t_rp = 39");
    expect_error(with_line("t_refi", "  t_refi: 200"),
                 "d.yaml:31:11: t_refi: a refresh takes longer than its interval");
    expect_error(with_line("t_ccd", "  t_ccd: 3"),
                 "d.yaml:29:10: t_ccd: bursts would overlap on the data pins");
    expect_error(with_line("idd4w_ma", "  idd4w_ma: 40"),
                 "d.yaml:38:13: idd3n_ma: more than idd4w_ma");
}

BOOST_AUTO_TEST_CASE(rules_between_values) {
    expect_error(with_line("cwl", "  cwl: 12"), "d.yaml:18:8: cwl: more than cl");
    expect_error(with_line("t_ras", "  t_ras: 10"), "d.yaml:21:10: t_ras: less than t_rcd");
    expect_error(with_line("t_rfc", "  t_rfc: 10"), "d.yaml:30:10: t_rfc: less than t_rp");
    expect_error(with_line("bank_groups", "  bank_groups: 3"),
                 "d.yaml:9:16: geometry.bank_groups: expected a power of two");
    expect_error(with_line("banks", "  banks: 128"),
                 "d.yaml:10:10: geometry.banks: expected a whole number above 0 and up to 64");
    expect_error(with_line("io_write_pj_per_bit", ""),
                 "d.yaml:48:3: energy.io_write_pj_per_bit: missing");
    expect_error(with_line("io_write_pj_per_bit", "  io_write_pj_per_bit: 0"),
                 "d.yaml:49:24: energy.io_write_pj_per_bit: expected a number above 0 and up to "
                 "1000");
}

BOOST_AUTO_TEST_CASE(times_of_bank_groups) {
    const char* const ddr4 = "ddr4-2400-8gb-x16";
    const Device d = Device::find(ddr4);
    BOOST_TEST(d.t_ccd_s == 4u);
    BOOST_TEST(d.t_ccd_l == 6u);
    expect_error(with_line("t_ccd_l", "  t_ccd_l: 3", ddr4),
                 "d.yaml:36:12: t_ccd_l: less than t_ccd_s");
    expect_error(with_line("t_rrd_l", "  t_rrd_l: 6", ddr4),
                 "d.yaml:29:12: t_rrd_l: less than t_rrd_s");
    expect_error(with_line("t_wtr_l", "  t_wtr_l: 2", ddr4),
                 "d.yaml:33:12: t_wtr_l: less than t_wtr_s");
    expect_error(with_line("t_ccd_s", "  t_ccd_s: 3", ddr4),
                 "d.yaml:35:12: t_ccd_s: bursts would overlap on the data pins");
    expect_error(with_line("t_ccd_l", "", ddr4), "d.yaml:21:3: timing.t_ccd_l: missing");
    expect_error(with_line("t_ccd_s", "  t_ccd: 4", ddr4),
                 "d.yaml:35:10: timing.t_ccd: with bank groups there are two, with _s and with _l");
    expect_error(with_line("t_ccd", "  t_ccd_l: 4"),
                 "d.yaml:29:12: timing.t_ccd_l: only for devices with bank groups");
    expect_error(with_line("bank_groups", "  bank_groups: 16", ddr4),
                 "d.yaml:14:16: geometry.bank_groups: expected a whole number above 0 and up to 8");
    expect_error(with_line("banks", "  banks: 1", ddr4),
                 "d.yaml:14:16: bank_groups: more than banks");
}

BOOST_AUTO_TEST_CASE(odd_values_are_warned_of) {
    const Device d = Device::parse(with_line("t_faw", "  t_faw: 23"), "d.yaml");
    BOOST_REQUIRE(d.warnings.size() == 1u);
    BOOST_TEST(
        d.warnings[0] ==
        "d.yaml:25:10: t_faw: less than 4 t_rrd: no window of four activates is ever held up "
        "by it");
    BOOST_TEST(Device::parse(with_line("t_faw", "  t_faw: 24"), "d.yaml").warnings.empty());
}

BOOST_AUTO_TEST_CASE(damaged_files_are_refused_in_words) {
    const unsigned seed = 7;
    std::mt19937 random(seed);
    const std::string whole = built_in_devices().at(name);
    unsigned refused = 0;
    for (int i = 0; i < 2000; ++i) {
        std::string text = whole;
        if (i % 2) text.resize(random() % text.size());
        for (int edits = 0; edits < 3; ++edits)
            if (!text.empty()) text[random() % text.size()] = static_cast<char>(random());
        try {
            Device::parse(text, "d.yaml");
        } catch (const DeviceError&) {
            ++refused;
        }
    }
    BOOST_TEST(refused > 1000u, "seed " << seed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
