#include "platform/paper_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include "models/ddr/energy.h"
#include "platform/table.h"

namespace karhunen {

namespace {

constexpr double pj_per_uj = 1e6;

uint64_t values_of(const paper::Layer& layer) {
    return uint64_t{layer.channels} * layer.height * layer.width;
}

uint64_t whole_bits(double bits) {
    return static_cast<uint64_t>(std::llround(bits));
}

double change_percent(double value, double reference) {
    return 100 * (value / reference - 1);
}

/// Values of the 17 tensors: conv1 before pooling, then the two of each block.
std::array<uint64_t, 17> network_values() {
    std::array<uint64_t, 17> values{};
    size_t i = 0;
    values[i++] = 64 * 112 * 112;
    for (const paper::Layer& layer : paper::table_3)
        for (int map = 0; map < 4; ++map) values[i++] = values_of(layer);
    return values;
}

}  // namespace

MapCost map_cost(uint64_t values, double bits_per_value) {
    const uint64_t bits = whole_bits(static_cast<double>(values) * bits_per_value);
    MapCost cost;
    cost.energy_uj = ddr::EnergyModel::paper_pj(bits, bits) / pj_per_uj;
    const double us = static_cast<double>(values) / paper::clock_mhz;
    cost.power_mw = 1e3 * cost.energy_uj / us;
    cost.bandwidth_gbps = 1e-3 * paper::clock_mhz * bits_per_value;
    return cost;
}

std::vector<PaperRow> paper_table() {
    std::vector<PaperRow> rows;
    for (const paper::Layer& layer : paper::table_3) {
        const paper::Variant& plain = layer.variants[0];
        const MapCost baseline = map_cost(values_of(layer), plain.bits_per_value);
        for (const paper::Variant& printed : layer.variants) {
            PaperRow row{&layer, &printed, map_cost(values_of(layer), printed.bits_per_value)};
            row.energy_percent = change_percent(row.ours.energy_uj, baseline.energy_uj);
            row.bandwidth_percent =
                change_percent(row.ours.bandwidth_gbps, baseline.bandwidth_gbps);
            const auto error = [&](double reference) {
                return std::abs(change_percent(printed.energy.value, reference) -
                                printed.energy.percent);
            };
            row.milliwatts = error(baseline.power_mw) < error(plain.energy.value);
            const double us = static_cast<double>(values_of(layer)) / paper::clock_mhz;
            row.printed_uj = printed.energy.value * (row.milliwatts ? us / 1e3 : 1);
            row.difference_percent = change_percent(row.ours.energy_uj, row.printed_uj);
            row.bandwidth_agrees =
                std::abs(row.ours.bandwidth_gbps - printed.bandwidth.value) <= 0.005 + 1e-12;
            rows.push_back(row);
        }
    }
    return rows;
}

std::vector<PaperNetwork> paper_networks() {
    const std::array<uint64_t, 17> values = network_values();
    std::array<double, 17> eight;
    eight.fill(8);
    std::vector<PaperNetwork> networks;
    const auto add = [&](const char* name, const std::array<double, 17>& bits_per_value) {
        double bits = 0;
        uint64_t all = 0;
        PaperNetwork network{name};
        for (size_t i = 0; i < values.size(); ++i) {
            bits += static_cast<double>(values[i]) * bits_per_value[i];
            all += values[i];
            network.energy_uj += map_cost(values[i], bits_per_value[i]).energy_uj;
        }
        network.bits_per_value = bits / static_cast<double>(all);
        const double first = networks.empty() ? network.energy_uj : networks[0].energy_uj;
        network.energy_percent = change_percent(network.energy_uj, first);
        networks.push_back(network);
    };
    add("8 bit", eight);
    add("without PCA", paper::entropy_without_pca);
    add("with PCA", paper::entropy_with_pca);
    return networks;
}

namespace {

std::string shape_of(const paper::Layer& layer) {
    return std::to_string(layer.channels) + 'x' + std::to_string(layer.height) + 'x' +
           std::to_string(layer.width);
}

/// As few digits as the print has.
std::string short_number(double value) {
    std::string text = fixed(value, 2);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string signed_percent(double value) {
    const std::string text = fixed(value, 1);
    if (text == "0.0" || text == "-0.0") return "0.0";
    return text[0] == '-' ? text : '+' + text;
}

std::vector<std::string> text_row(const PaperRow& r, bool first_of_layer) {
    const paper::Variant& p = *r.printed;
    const auto change = [&](std::string text) { return first_of_layer ? "" : text; };
    return {first_of_layer ? shape_of(*r.layer) : "",
            p.name,
            fixed(p.bits_per_value, 3),
            fixed(r.ours.energy_uj, 3),
            change(signed_percent(r.energy_percent)),
            short_number(p.energy.value) + (r.milliwatts ? " *" : "  "),
            change(short_number(p.energy.percent)),
            fixed(r.printed_uj, 2),
            signed_percent(r.difference_percent),
            fixed(r.ours.power_mw, 2),
            fixed(r.ours.bandwidth_gbps, 3),
            change(signed_percent(r.bandwidth_percent)),
            fixed(p.bandwidth.value, 2) + (r.bandwidth_agrees ? "" : " !"),
            change(short_number(p.bandwidth.percent))};
}

void print_notes(const std::vector<PaperRow>& rows, std::ostream& out) {
    size_t milliwatts = 0, agree = 0;
    double most = 0;
    for (const PaperRow& r : rows) {
        milliwatts += r.milliwatts;
        agree += r.bandwidth_agrees;
        most = std::max(most, std::abs(r.difference_percent));
    }
    out << "\n* Misprint, " << milliwatts << " of " << rows.size()
        << " energy cells: milliwatts in a column of uJ. The percentage beside each fits the "
        << fixed(rows[0].ours.power_mw, 2)
        << " mW\n  that an 8-bit map takes on average. \"means\" is that power over the layer's "
           "time (values / "
        << fixed(paper::clock_mhz, 0) << " MHz).\n"
        << "differs: of ours from what the print means, at most " << fixed(most, 1)
        << " %. Ours reads a map at the rate at which it was written; the\n"
           "  publication does not tell its rates of reading.\n"
        << "Gbps: " << fixed(paper::clock_mhz, 0) << " MHz x bits per value; " << agree << " of "
        << rows.size() << " cells agree with the print to its last digit.\n";
}

}  // namespace

void print_paper_text(std::ostream& out) {
    out << "Table III of Chmiel et al., corrected: maps written and read once, DRAM energy by bit\n"
           "as in their script. Bits per value are given, \"printed\" and the % behind it are the\n"
           "publication's, the rest is computed. Every % is against 8 bit.\n\n";
    Table table({"map", "variant", "bits/value", "uJ", "%", "printed  ", "%", "means uJ",
                 "differs %", "mW", "Gbps", "%", "printed", "%"});
    const std::vector<PaperRow> rows = paper_table();
    for (size_t i = 0; i < rows.size(); ++i)
        table.add(text_row(rows[i], i == 0 || rows[i].layer != rows[i - 1].layer));
    table.print(out);
    print_notes(rows, out);
    out << "\nResNet-18, its 17 stored maps at the printed entropies, all written and read "
           "once\n\n";
    Table networks({"maps", "", "bits/value", "uJ", "%"});
    for (const PaperNetwork& n : paper_networks())
        networks.add({n.name, "", fixed(n.bits_per_value, 3), fixed(n.energy_uj, 1),
                      n.energy_percent == 0 ? "" : signed_percent(n.energy_percent)});
    networks.print(out);
}

void print_paper_json(std::ostream& out) {
    nlohmann::ordered_json rows = nlohmann::ordered_json::array(), networks = rows;
    for (const PaperRow& r : paper_table()) {
        const paper::Variant& p = *r.printed;
        rows.push_back({{"channels", r.layer->channels},
                        {"height", r.layer->height},
                        {"width", r.layer->width},
                        {"variant", p.name},
                        {"bits_per_value", p.bits_per_value},
                        {"energy_uj", r.ours.energy_uj},
                        {"energy_percent", r.energy_percent},
                        {"power_mw", r.ours.power_mw},
                        {"bandwidth_gbps", r.ours.bandwidth_gbps},
                        {"bandwidth_percent", r.bandwidth_percent},
                        {"printed",
                         {{"energy", p.energy.value},
                          {"energy_unit", r.milliwatts ? "mW" : "uJ"},
                          {"energy_misprint", r.milliwatts},
                          {"energy_uj", r.printed_uj},
                          {"energy_percent", p.energy.percent},
                          {"bandwidth_gbps", p.bandwidth.value},
                          {"bandwidth_percent", p.bandwidth.percent}}},
                        {"energy_differs_percent", r.difference_percent},
                        {"bandwidth_agrees", r.bandwidth_agrees}});
    }
    for (const PaperNetwork& n : paper_networks())
        networks.push_back({{"maps", n.name},
                            {"bits_per_value", n.bits_per_value},
                            {"energy_uj", n.energy_uj},
                            {"energy_percent", n.energy_percent}});
    const nlohmann::ordered_json all = {
        {"clock_mhz", paper::clock_mhz}, {"table_3", rows}, {"resnet18", networks}};
    out << all.dump(2) << '\n';
}

}  // namespace karhunen
