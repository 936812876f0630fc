// What the reports say in words.
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "platform/accuracy.h"
#include "platform/report.h"

using namespace karhunen;

namespace {

template <typename Report>
std::string text_of(const Report& report) {
    std::ostringstream out;
    print_text(report, out);
    return out.str();
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The line that begins with `word`.
std::string line_of(const std::string& text, const std::string& word) {
    const size_t first = text.find('\n' + word + ' ') + 1;
    return text.substr(first, text.find('\n', first) - first);
}

RunReport one_layer(double busy_us) {
    RunReport report;
    report.bands_stored = 1;
    report.simulated_ms = 10;
    LayerReport layer;
    layer.name = "conv1";
    layer.dram_busy_us = busy_us;
    layer.dram_gbps = busy_us > 0 ? 3 : 0;
    layer.dram_percent = busy_us > 0 ? 93.75 : 0;
    layer.energy_datasheet_uj = 40;
    report.layers = {layer};
    report.total.name = "total";
    report.total.dram_busy_us = busy_us;
    report.total.dram_gbps = 1.5;
    report.total.dram_percent = 46.9;
    report.total.energy_datasheet_uj = 100.5;
    return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(dram_of_a_run) {
    const std::string text = text_of(one_layer(4200));
    BOOST_TEST(contains(line_of(text, "conv1"), "3.00    93.8"));
    BOOST_TEST(contains(line_of(text, "total"), "1.50    46.9"));
    BOOST_TEST(contains(text, "\nDRAM was busy 42.0 % of the run, boot included\n"));
    BOOST_TEST(contains(text, "\nE sheet: 60.50 of the total belong to no layer"));
}

BOOST_AUTO_TEST_CASE(ideal_dram_has_no_share_of_a_peak) {
    const std::string text = text_of(one_layer(0));
    BOOST_TEST(line_of(text, "conv1").ends_with("-       -"));
    BOOST_TEST(line_of(text, "total").ends_with("1.50       -"));
    BOOST_TEST(!contains(text, "DRAM was busy"));
}

BOOST_AUTO_TEST_CASE(published_figures_stand_beside_the_same_codec_only) {
    AccuracyReport report;
    report.images = 1;
    report.tensors.resize(17);
    report.codec = "transform";
    const std::string text = text_of(report);
    BOOST_TEST(contains(text, "  published  published, no PCA\n"));
    BOOST_TEST(contains(text, "\npublished: entropy that Chmiel et al. print"));
    report.codec = "vlc";
    BOOST_TEST(!contains(text_of(report), "published"));
    report.codec = "transform";
    report.tensors.resize(16);
    BOOST_TEST(!contains(text_of(report), "published"));
}

BOOST_AUTO_TEST_SUITE_END()
