// What the reports say in words.
#include <algorithm>
#include <sstream>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "models/ddr/conservation.h"
#include "platform/accuracy.h"
#include "platform/commands/commands.h"
#include "platform/comparison.h"
#include "platform/measure.h"
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

/// Two masters and two kinds, one of them moved by both; a refresh that closed two banks.
ddr::Statistics dram_traffic() {
    const auto account = [](uint64_t reads, uint64_t writes, uint64_t misses) {
        ddr::Account a;
        a.bytes_read = 16 * reads;
        a.bytes_written = 16 * writes;
        a.read_bursts = reads;
        a.write_bursts = writes;
        a.misses = a.activates = misses;
        a.hits = reads + writes - misses;
        return a;
    };
    ddr::Statistics s;
    s.burst_bytes = 16;
    s.accounts[{Master::cpu, TrafficKind::other, no_tag}] = account(2, 0, 1);
    s.accounts[{Master::dma, TrafficKind::other, no_tag}] = account(10, 0, 1);
    s.accounts[{Master::dma, TrafficKind::weights, 0}] = account(1000, 0, 3);
    s.accounts[{Master::dma, TrafficKind::weights, 1}] = account(500, 0, 1);
    s.accounts[{Master::dma, TrafficKind::maps, 0}] = account(0, 100, 2);
    s.commands[static_cast<unsigned>(ddr::Command::rd)] = 1512;
    s.commands[static_cast<unsigned>(ddr::Command::wr)] = 100;
    s.commands[static_cast<unsigned>(ddr::Command::act)] = 8;
    s.commands[static_cast<unsigned>(ddr::Command::ref)] = 1;
    s.banks_precharged = s.banks_precharged_for_refresh = 2;
    s.clocks = 10000;
    s.active_clocks = 6000;
    return s;
}

RunReport with_dram() {
    const ddr::EnergyModel energy(ddr::Device::find("ddr3-1600-4gb-x16"), 800);
    const ddr::Statistics s = dram_traffic();
    BOOST_TEST(ddr::conservation_violation(s, energy) == "");
    RunReport report = one_layer(4200);
    report.layers[0].dram = dram_rows(s, energy, 0);
    report.total.dram = dram_rows(s, energy);
    report.dram_shared = dram_shared(s, energy);
    return report;
}

/// Cells of a CSV: by line, then by column.
std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(csv);
    for (std::string line, cell; std::getline(lines, line);) {
        std::istringstream cells(line);
        rows.emplace_back();
        while (std::getline(cells, cell, ',')) rows.back().push_back(cell);
    }
    return rows;
}

AccuracyReport answers(const std::string& right) {
    AccuracyReport report;
    for (const char c : right) report.correct.push_back(c == '1');
    report.images = right.size();
    return report;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(maps_of_a_run_that_stopped) {
    Measurements m;  // a band that is not counted was noted whole, and not all of it has been moved
    m.dram = dram_traffic();
    m.other_maps[0].written = 5000;
    m.array_period = 1;
    const Activity idle("idle");
    const StallSources sources{idle, idle, idle, idle, idle, idle,
                               idle, idle, idle, idle, idle, idle};
    RunReport report;
    measure(Loadable::none(), m, StallAccount(sources, 0),
            ddr::EnergyModel(ddr::Device::find("ddr3-1600-4gb-x16"), 800), report);
    BOOST_TEST(report.total.traffic.maps_written == 0u);
    BOOST_TEST(report.total.traffic.other_maps == 1600u);
    BOOST_TEST(report.total.traffic.total() == 16u * 1612);
}

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

// 1500 RD of 1410 pJ and 4 ACT of 997.5 pJ; 24,000 bytes at 8 x 77.392 pJ; and so on.
BOOST_AUTO_TEST_CASE(dram_table_by_master_and_kind) {
    const std::string text = text_of(with_dram());
    const auto row = [&](const std::string& first) {
        std::istringstream words(line_of(text, first));
        std::string all;
        for (std::string word; words >> word;) all += word + ' ';
        return all;
    };
    BOOST_TEST(row("cpu     other") == "cpu other 0.0 0.0 2 1 1 0 0.00 0.00 0.00 0.00 0.02 0.00 ");
    BOOST_TEST(row("dma     weights") ==
               "dma weights 23.4 0.0 1500 1496 4 0 0.00 0.00 2.12 0.00 14.86 2.12 ");
    BOOST_TEST(row("dma     maps") == "dma maps 0.0 1.6 100 98 2 0 0.00 0.00 0.00 0.09 0.81 0.09 ");
    BOOST_TEST(row("dma     all") ==
               "dma all 23.6 1.6 1610 1603 7 0 0.01 0.00 2.13 0.09 15.77 2.23 ");
    BOOST_TEST(row("all     other") ==
               "all other 0.2 0.0 12 10 2 0 0.00 0.00 0.02 0.00 0.12 0.02 ");
    BOOST_TEST(!contains(text, "all     weights"));  // the same as dma's
    BOOST_TEST(!contains(text, "\nhost"));
    BOOST_TEST(line_of(text, "shared  refresh").ends_with(" 0.07"));
    // 7.5 us at 70.5 mW, 5 us at 48 mW.
    BOOST_TEST(line_of(text, "shared  background, a bank open").ends_with(" 0.53"));
    BOOST_TEST(line_of(text, "shared  background, all closed").ends_with(" 0.24"));
}

BOOST_AUTO_TEST_CASE(dram_in_json) {
    const auto close = boost::test_tools::tolerance(1e-12);
    std::ostringstream out;
    print_json(with_dram(), out);
    const auto all = nlohmann::json::parse(out.str());
    const auto& rows = all.at("dram");
    BOOST_REQUIRE(rows.size() == 4u);
    BOOST_TEST(rows.at(2).at("master") == "dma");
    BOOST_TEST(rows.at(2).at("kind") == "weights");
    BOOST_TEST(rows.at(2).at("bytes_read") == 24000);
    BOOST_TEST(rows.at(2).at("read_bursts") == 1500);
    BOOST_TEST(rows.at(2).at("activate_uj").get<double>() == 4 * 997.5e-6, close);
    BOOST_TEST(rows.at(2).at("read_uj").get<double>() == 1500 * 1410e-6, close);
    BOOST_TEST(rows.at(3).at("write_uj").get<double>() == 100 * 930e-6, close);
    BOOST_TEST(all.at("dram_by_master").size() == 3u);
    BOOST_TEST(all.at("dram_by_master").at(1).at("hits") == 1603);
    BOOST_TEST(all.at("dram_by_kind").size() == 6u);
    BOOST_TEST(all.at("dram_by_kind").at(0).at("read_bursts") == 12);
    const auto& energy = all.at("dram_energy");
    const std::pair<const char*, double> parts[] = {{"activate_uj", 8 * 997.5e-6},
                                                    {"precharge_uj", 0},
                                                    {"read_uj", 1512 * 1410e-6},
                                                    {"write_uj", 100 * 930e-6},
                                                    {"refresh_precharge_uj", 2 * 701.25e-6},
                                                    {"refresh_uj", 73320e-6},
                                                    {"background_open_uj", 7.5 * 70.5e-3},
                                                    {"background_closed_uj", 5 * 48e-3}};
    double sum = 0;
    for (const auto& [name, uj] : parts) {
        BOOST_TEST(energy.at(name).get<double>() == uj, close);
        sum += uj;
    }
    BOOST_TEST(energy.at("datasheet_uj").get<double>() == sum, close);
}

BOOST_AUTO_TEST_CASE(dram_in_csv) {
    std::ostringstream out;
    print_csv(with_dram(), out);
    const auto rows = cells_of(out.str());
    BOOST_REQUIRE(rows.size() == 3u);
    BOOST_TEST(rows[1].size() == rows[0].size());
    BOOST_TEST(rows[2].size() == rows[0].size());
    const auto cell = [&](size_t row, const std::string& name) {
        const auto found = std::find(rows[0].begin(), rows[0].end(), name);
        BOOST_REQUIRE(found != rows[0].end());
        return std::stod(rows[row][static_cast<size_t>(found - rows[0].begin())]);
    };
    const auto close = boost::test_tools::tolerance(1e-5);  // six digits
    BOOST_TEST(cell(1, "weights_datasheet_uj") == 1000 * 1410e-6 + 3 * 997.5e-6, close);
    BOOST_TEST(cell(2, "weights_datasheet_uj") == 1500 * 1410e-6 + 4 * 997.5e-6, close);
    BOOST_TEST(cell(1, "dma_datasheet_uj") ==
                   cell(1, "weights_datasheet_uj") + cell(1, "maps_datasheet_uj"),
               close);
    BOOST_TEST(cell(1, "cpu_paper_uj") == 0);
    BOOST_TEST(cell(2, "cpu_paper_uj") == 256 * 77.392e-6, close);
    BOOST_TEST(cell(1, "shared_datasheet_uj") == 0);

    std::ostringstream dram;
    const RunReport report = with_dram();
    print_dram_csv(report.total.dram, report.dram_shared, dram);
    const auto lines = cells_of(dram.str());
    BOOST_REQUIRE(lines.size() == 10u);
    for (const auto& line : lines) BOOST_TEST(line.size() == lines[0].size());
    BOOST_TEST(lines[6][1] == "refresh");
    BOOST_TEST(std::stod(lines[6][15]) == 73320e-6, close);
    BOOST_TEST(lines[9][4] == "1512");
    // The last line is the sum of those above it.
    for (size_t column = 2; column < lines[0].size(); ++column) {
        double sum = 0;
        for (size_t row = 1; row < 9; ++row) sum += std::stod(lines[row][column]);
        BOOST_TEST(std::stod(lines[9][column]) == sum, close);
    }
    BOOST_TEST(cell(2, "shared_datasheet_uj") + cell(2, "cpu_datasheet_uj") +
                       cell(2, "dma_datasheet_uj") ==
                   std::stod(lines[9][15]),
               close);
}

BOOST_AUTO_TEST_CASE(a_broken_sum_is_an_internal_error) {
    BOOST_TEST(report_errors([]() -> int { throw InternalError("a test's own"); }) == 1);
    BOOST_TEST(report_errors([]() -> int { throw std::runtime_error("a test's own"); }) == 2);
}

// By hand: 100 images, 4 lost, 1 gained. (1 - 4)/102 = -0.029412; (7/102 - 0.029412^2)/102 has the
// root 0.025775.
BOOST_AUTO_TEST_CASE(paired_interval) {
    const std::string before = std::string(80, '1') + std::string(20, '0');
    std::string now = before;
    now[0] = now[1] = now[2] = now[3] = '0';
    now[99] = '1';
    const PairedChange change = paired_change(answers(before), answers(now));
    BOOST_TEST(change.lost == 4u);
    BOOST_TEST(change.gained == 1u);
    BOOST_TEST(change.points == -3, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(change.low == -7.993, boost::test_tools::tolerance(1e-3));
    BOOST_TEST(change.high == 2.1106, boost::test_tools::tolerance(1e-3));
}

BOOST_AUTO_TEST_CASE(published_figures_stand_beside_the_same_number_of_tensors_only) {
    AccuracyReport report;
    report.images = 1;
    report.tensors.resize(17);
    const std::string text = text_of(report);
    BOOST_TEST(contains(text, "  published  published, no PCA\n"));
    BOOST_TEST(contains(text, "\npublished: entropy that Chmiel et al. print"));
    report.tensors.resize(16);
    BOOST_TEST(!contains(text_of(report), "published"));
}

BOOST_AUTO_TEST_SUITE_END()
