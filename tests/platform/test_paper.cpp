// Table III of Chmiel et al. as we compute it, against the figures worked out by hand from it.
#include <cmath>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "platform/paper_table.h"

using namespace karhunen;
namespace tt = boost::test_tools;

BOOST_AUTO_TEST_SUITE(paper_table_3)

BOOST_AUTO_TEST_CASE(rows_of_8_bit) {
    const double uj[] = {225.933, 112.967, 56.483, 28.242};
    const std::vector<PaperRow> rows = paper_table();
    BOOST_REQUIRE(rows.size() == 12u);
    for (size_t i = 0; i < 4; ++i) {
        const PaperRow& r = rows[3 * i];
        BOOST_TEST(std::abs(r.ours.energy_uj - uj[i]) < 0.0005);
        BOOST_TEST(std::abs(r.ours.power_mw - 180.11) < 0.005);  // the same for every map
        BOOST_TEST(r.energy_percent == 0);
        BOOST_TEST(std::abs(r.difference_percent) < 0.2);
    }
}

BOOST_AUTO_TEST_CASE(energy_follows_the_bits) {
    for (const PaperRow& r : paper_table()) {
        const double share = r.printed->bits_per_value / 8;
        const double values = 1.0 * r.layer->channels * r.layer->height * r.layer->width;
        // (0.33 W + 0.27 W) x 4 / (16 x 1066 MHz) per bit moved both ways.
        const double uj = values * r.printed->bits_per_value * 0.6 * 4 / 16 / 1066;
        BOOST_TEST(r.ours.energy_uj == uj, tt::tolerance(1e-5));
        BOOST_TEST(r.ours.power_mw == 180.1126 * share, tt::tolerance(1e-5));
        BOOST_TEST(r.ours.bandwidth_gbps == 1.28 * share, tt::tolerance(1e-12));
        if (share < 1) {
            BOOST_TEST(r.energy_percent == 100 * (share - 1), tt::tolerance(1e-4));
            BOOST_TEST(r.bandwidth_percent == 100 * (share - 1), tt::tolerance(1e-9));
        }
    }
    const MapCost cost = map_cost(1000, 3.5);
    BOOST_TEST(cost.energy_uj == 3500 * 0.6 * 4 / 16 / 1066, tt::tolerance(1e-12));
    BOOST_TEST(cost.bandwidth_gbps == 0.56, tt::tolerance(1e-12));
}

// The five cells in milliwatts, and what they are in microjoules.
BOOST_AUTO_TEST_CASE(misprints) {
    const struct {
        size_t row;
        double printed, uj;
    } wrong[] = {{2, 100.6, 126.2}, {4, 148, 92.8}, {5, 117, 73.4}, {8, 103, 32.3}, {11, 91, 14.3}};
    const std::vector<PaperRow> rows = paper_table();
    size_t next = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
        const PaperRow& r = rows[i];
        const bool expected = next < 5 && wrong[next].row == i;
        BOOST_TEST_CONTEXT("row " << i) {
            BOOST_TEST(r.milliwatts == expected);
            BOOST_TEST(std::abs(r.difference_percent) < 5);
            if (expected) {
                BOOST_TEST(r.printed->energy.value == wrong[next].printed);
                BOOST_TEST(std::abs(r.printed_uj - wrong[next].uj) < 0.05);
                ++next;
            } else {
                BOOST_TEST(r.printed_uj == r.printed->energy.value);
            }
        }
    }
    BOOST_TEST(next == 5u);
}

BOOST_AUTO_TEST_CASE(bandwidth_is_consistent) {
    for (const PaperRow& r : paper_table()) {
        const double gbps = 0.16 * r.printed->bits_per_value;
        BOOST_TEST(std::round(100 * gbps) / 100 == r.printed->bandwidth.value,
                   tt::tolerance(1e-12));
        BOOST_TEST(r.bandwidth_agrees);
        // They cut the percentages off instead of rounding them.
        BOOST_TEST(std::abs(r.bandwidth_percent - r.printed->bandwidth.percent) <= 0.1 + 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(whole_network) {
    const std::vector<PaperNetwork> networks = paper_networks();
    BOOST_REQUIRE(networks.size() == 3u);
    const double uj[] = {2598.2, 1880.6, 1296.2}, percent[] = {0, -27.6, -50.1},
                 bits[] = {8, 5.790, 3.991};
    for (size_t i = 0; i < 3; ++i) {
        BOOST_TEST(std::abs(networks[i].energy_uj - uj[i]) < 0.05);
        BOOST_TEST(std::abs(networks[i].energy_percent - percent[i]) < 0.05);
        BOOST_TEST(std::abs(networks[i].bits_per_value - bits[i]) < 0.0005);
    }
}

BOOST_AUTO_TEST_CASE(text_and_json) {
    std::ostringstream text, json;
    print_paper_text(text);
    for (const char* part : {"225.933", "112.967", "56.483", "28.242", "100.6 *", "148 *", "117 *",
                             "103 *", "91 *", "5 of 12 energy cells", "12 of 12 cells agree",
                             "2598.2", "1880.6  -27.6", "1296.2  -50.1"})
        BOOST_TEST(text.str().find(part) != std::string::npos, part);
    BOOST_TEST(text.str().find("173.44 *") == std::string::npos);
    BOOST_TEST(text.str().find("-0.0 ") == std::string::npos);

    print_paper_json(json);
    const auto all = nlohmann::json::parse(json.str());
    const auto& row = all.at("table_3").at(4);
    BOOST_TEST(row.at("channels") == 128);
    BOOST_TEST(row.at("printed").at("energy") == 148);
    BOOST_TEST(row.at("printed").at("energy_unit") == "mW");
    BOOST_TEST(all.at("table_3").at(3).at("printed").at("energy_unit") == "uJ");
    BOOST_TEST(all.at("resnet18").at(2).at("energy_percent").get<double>() == -50.1,
               tt::tolerance(1e-3));
}

BOOST_AUTO_TEST_SUITE_END()
