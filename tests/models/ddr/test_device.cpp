#include <filesystem>
#include <fstream>
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/ddr/built_in_devices.h"
#include "models/ddr/device.h"

namespace karhunen::ddr {

namespace {

const char* const name = "ddr3-1600-4gb-x16";

/// The built-in file with the line that holds `key:` replaced ("" removes it).
std::string with_line(const std::string& key, const std::string& line) {
    std::string text = built_in_devices().at(name);
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
    BOOST_TEST(d.t_rrd * t_ck == 7.5);
    BOOST_TEST(d.t_faw * t_ck == 40.0);
    BOOST_TEST(d.t_wr * t_ck == 15.0);
    BOOST_TEST(d.t_wtr * t_ck == 7.5);
    BOOST_TEST(d.t_rtp * t_ck == 7.5);
    BOOST_TEST(d.t_rfc * t_ck == 260.0);
    BOOST_TEST(d.t_refi * t_ck == 7800.0);
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
    expect_error(with_line("t_rc", "  t_rc: 38"), "d.yaml:22:9: t_rc: less than t_ras + t_rp");
    expect_error(with_line("t_refi", "  t_refi: 200"),
                 "d.yaml:31:11: t_refi: a refresh takes longer than its interval");
    expect_error(with_line("t_ccd", "  t_ccd: 3"),
                 "d.yaml:29:10: t_ccd: bursts would overlap on the data pins");
    expect_error(with_line("idd4w_ma", "  idd4w_ma: 40"),
                 "d.yaml:38:13: idd3n_ma: more than idd4w_ma");
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
