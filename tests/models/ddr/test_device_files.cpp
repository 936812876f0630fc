// The files of configs/ddr: clocks against the times of the standards, and two readers.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include "models/ddr/built_in_devices.h"
#include "models/ddr/device.h"
#include "models/ddr_checker/checked_device.h"
#include "tests/models/ddr/device_text.h"

namespace karhunen::ddr {

namespace {

/// Picoseconds and, after them, least numbers of clocks, of JESD79-3F and JESD79-4.
struct Times {
    std::vector<std::string> files;
    uint32_t t_ck, t_rcd, t_rp, t_ras, t_rc;
    uint32_t t_rrd_s, t_rrd_l, t_faw, t_wr, t_wtr_s, t_wtr_l, t_rtp, t_ccd_l, t_rfc;
    uint32_t least_faw, least_wtr_s;
};

const Times times[] = {
    {{"ddr3-1600-4gb-x16", "ddr3-1600-4gb-x32", "ddr3-1600-4gb-x64"},
     1250,
     13750,
     13750,
     35000,
     48750,
     7500,
     7500,
     40000,
     15000,
     7500,
     7500,
     7500,
     5000,
     260000,
     1,
     4},
    {{"ddr3-1066-4gb-x16", "ddr3-1066-4gb-x32"},
     1875,
     13125,
     13125,
     37500,
     50625,
     10000,
     10000,
     50000,
     15000,
     7500,
     7500,
     7500,
     7500,
     260000,
     1,
     4},
    {{"ddr4-2400-8gb-x16", "ddr4-2400-8gb-x32"},
     833,
     13320,
     13320,
     32000,
     45320,
     5300,
     6400,
     30000,
     15000,
     2500,
     7500,
     7500,
     5000,
     350000,
     28,
     2},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(device_files)

BOOST_AUTO_TEST_CASE(times_are_rounded_up_to_clocks) {
    size_t files = 0;
    for (const Times& t : times) {
        for (const std::string& file : t.files) {
            BOOST_TEST_CONTEXT(file) {
                ++files;
                const Device d = Device::find(file);
                // JESD79-4 13.5: less 2.5 % of a clock, as t_ck is itself rounded.
                const auto clocks = [&t](uint32_t ps, uint32_t least = 1) {
                    return std::max(least,
                                    static_cast<uint32_t>(std::ceil(double(ps) / t.t_ck - 0.025)));
                };
                BOOST_TEST(d.t_ck_ps == t.t_ck);
                BOOST_TEST(d.t_rcd == clocks(t.t_rcd));
                BOOST_TEST(d.t_rp == clocks(t.t_rp));
                BOOST_TEST(d.t_ras == clocks(t.t_ras));
                BOOST_TEST(d.t_rc == clocks(t.t_rc));
                BOOST_TEST(d.t_rrd_s == clocks(t.t_rrd_s, 4));
                BOOST_TEST(d.t_rrd_l == clocks(t.t_rrd_l, 4));
                BOOST_TEST(d.t_faw == clocks(t.t_faw, t.least_faw));
                BOOST_TEST(d.t_wr == clocks(t.t_wr));
                BOOST_TEST(d.t_wtr_s == clocks(t.t_wtr_s, t.least_wtr_s));
                BOOST_TEST(d.t_wtr_l == clocks(t.t_wtr_l, 4));
                BOOST_TEST(d.t_rtp == clocks(t.t_rtp, 4));
                BOOST_TEST(d.t_ccd_s == 4u);
                BOOST_TEST(d.t_ccd_l == clocks(t.t_ccd_l, 4));
                BOOST_TEST(d.t_rfc == clocks(t.t_rfc));
                BOOST_TEST(d.t_refi == 7'800'000 / t.t_ck);
            }
        }
    }
    BOOST_TEST(files == Device::built_in().size());
}

BOOST_AUTO_TEST_CASE(capacity_and_rate) {
    const struct {
        const char* file;
        uint64_t bytes;
        uint32_t bits;
        double gb_per_s;
    } rows[] = {
        {"ddr3-1600-4gb-x16", 512u << 20, 16, 3.2},  {"ddr3-1600-4gb-x32", 1u << 30, 32, 6.4},
        {"ddr3-1600-4gb-x64", 2ull << 30, 64, 12.8}, {"ddr3-1066-4gb-x16", 512u << 20, 16, 2.1333},
        {"ddr3-1066-4gb-x32", 1u << 30, 32, 4.2667}, {"ddr4-2400-8gb-x16", 1u << 30, 16, 4.8},
        {"ddr4-2400-8gb-x32", 2ull << 30, 32, 9.6}};
    for (const auto& r : rows) {
        const Device d = Device::find(r.file);
        BOOST_TEST(d.name == r.file);
        BOOST_TEST(d.bytes() == r.bytes);
        BOOST_TEST(8 * d.bus_bytes() == r.bits);
        BOOST_TEST(d.peak_bytes_per_s(d.clock_mhz()) / 1e9 == r.gb_per_s,
                   boost::test_tools::tolerance(5e-4));
        BOOST_TEST(d.warnings.empty());
    }
}

void expect_alike(const Device& a, const CheckedDevice& b) {
    const std::pair<int64_t, int64_t> pairs[] = {{a.bank_groups, b.bank_groups},
                                                 {a.banks, b.banks},
                                                 {a.rows, b.rows},
                                                 {a.columns, b.columns},
                                                 {a.t_ck_ps, b.t_ck_ps},
                                                 {a.burst_length, b.burst_length},
                                                 {a.cl, b.cl},
                                                 {a.cwl, b.cwl},
                                                 {a.t_rcd, b.t_rcd},
                                                 {a.t_rp, b.t_rp},
                                                 {a.t_ras, b.t_ras},
                                                 {a.t_rc, b.t_rc},
                                                 {a.t_rrd_s, b.t_rrd_s},
                                                 {a.t_rrd_l, b.t_rrd_l},
                                                 {a.t_faw, b.t_faw},
                                                 {a.t_wr, b.t_wr},
                                                 {a.t_wtr_s, b.t_wtr_s},
                                                 {a.t_wtr_l, b.t_wtr_l},
                                                 {a.t_rtp, b.t_rtp},
                                                 {a.t_ccd_s, b.t_ccd_s},
                                                 {a.t_ccd_l, b.t_ccd_l},
                                                 {a.t_rfc, b.t_rfc},
                                                 {a.t_refi, b.t_refi}};
    for (size_t i = 0; i < std::size(pairs); ++i)
        BOOST_TEST(pairs[i].first == pairs[i].second, "value " << i);
}

BOOST_AUTO_TEST_CASE(both_readers_read_the_same) {
    for (const auto& [name, text] : built_in_devices()) {
        BOOST_TEST_CONTEXT(name) {
            const Device d = Device::parse(text, name);
            expect_alike(d, CheckedDevice::find(name));
            expect_alike(d, CheckedDevice::parse(text));
            expect_alike(Device::parse(text_of(d), name), CheckedDevice::parse(text_of(d)));
            BOOST_TEST(text_of(Device::parse(text_of(d), name)) == text_of(d));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace karhunen::ddr
