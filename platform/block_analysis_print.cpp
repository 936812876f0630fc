#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/block_analysis.h"
#include "platform/table.h"

namespace karhunen {

namespace {

constexpr double average_snrs[] = {5, 10, 15, 20, 25, 30, 35, 40};

/// In the order of their first appearance.
std::vector<std::string> names_of(const std::vector<BlockCurve>& curves,
                                  std::string BlockCurve::*name) {
    std::vector<std::string> names;
    for (const BlockCurve& c : curves)
        if (std::find(names.begin(), names.end(), c.*name) == names.end()) names.push_back(c.*name);
    return names;
}

const BlockCurve* find(const std::vector<BlockCurve>& curves, const std::string& tensor,
                       const std::string& block) {
    for (const BlockCurve& c : curves)
        if (c.tensor == tensor && c.block == block) return &c;
    return nullptr;
}

/// Tensors that have all blocks.
std::vector<std::string> complete_tensors(const std::vector<BlockCurve>& curves) {
    std::vector<std::string> tensors = names_of(curves, &BlockCurve::tensor);
    const std::vector<std::string> blocks = names_of(curves, &BlockCurve::block);
    std::erase_if(tensors, [&](const std::string& tensor) {
        return std::any_of(blocks.begin(), blocks.end(), [&](const std::string& block) {
            return find(curves, tensor, block) == nullptr;
        });
    });
    return tensors;
}

std::string text(const std::optional<double>& rate) {
    return rate ? fixed(*rate, 3) : "-";
}

}  // namespace

std::optional<double> mean_rate_at(const std::vector<BlockCurve>& curves, const std::string& block,
                                   double snr_db) {
    double bits = 0, values = 0;
    for (const std::string& tensor : complete_tensors(curves)) {
        const BlockCurve* curve = find(curves, tensor, block);
        const auto rate = rate_at(*curve, snr_db);
        if (!rate) return {};
        const double n = static_cast<double>(curve->values);
        bits += n * *rate;
        values += n;
    }
    if (values == 0) return {};
    return bits / values;
}

void print_blocks(const std::vector<BlockCurve>& curves, double snr_db, std::ostream& out) {
    const auto blocks = names_of(curves, &BlockCurve::block);
    const auto tensors = names_of(curves, &BlockCurve::tensor);
    std::vector<std::string> head = {"tensor", "channels"};
    head.insert(head.end(), blocks.begin(), blocks.end());
    Table table(head, 1);
    for (const std::string& tensor : tensors) {
        std::vector<std::string> row = {tensor, ""};
        for (const std::string& block : blocks) {
            const BlockCurve* curve = find(curves, tensor, block);
            if (curve) row[1] = std::to_string(curve->channels);
            row.push_back(curve ? text(rate_at(*curve, snr_db)) : "-");
        }
        table.add(std::move(row));
    }
    std::vector<std::string> mean = {"average", ""};
    for (const std::string& block : blocks)
        mean.push_back(text(mean_rate_at(curves, block, snr_db)));
    table.add(std::move(mean));
    out << "PCA over blocks of rows x columns x channels: entropy in bits per value at an SNR of "
        << fixed(snr_db, 1)
        << " dB\n(variance of the map before its ReLU, each channel around its mean, over the "
           "squared error).\nAverages are over the "
        << complete_tensors(curves).size() << " of " << tensors.size()
        << " tensors that can have all of these blocks.\n\n";
    table.print(out);

    out << "\nAverages by SNR:\n\n";
    head.erase(head.begin(), head.begin() + 2);
    head.insert(head.begin(), "SNR dB");
    Table averages(head, 1);
    for (const double snr : average_snrs) {
        std::vector<std::string> row = {fixed(snr, 0)};
        for (const std::string& block : blocks)
            row.push_back(text(mean_rate_at(curves, block, snr)));
        if (std::any_of(row.begin() + 1, row.end(), [](auto& rate) { return rate != "-"; }))
            averages.add(std::move(row));
    }
    averages.print(out);
}

void print_blocks_csv(const std::vector<BlockCurve>& curves, std::ostream& out) {
    out << "tensor,channels,block,block_values,values,step,rate,rms_error,snr_db\n";
    for (const BlockCurve& c : curves)
        for (const BlockPoint& p : c.points)
            out << csv_field(c.tensor) << ',' << c.channels << ',' << c.block << ','
                << c.block_values << ',' << c.values << ',' << fixed(p.step, 6) << ','
                << fixed(p.rate, 6) << ',' << fixed(p.rms_error, 6) << ',' << fixed(p.snr_db, 4)
                << '\n';
    for (const std::string& block : names_of(curves, &BlockCurve::block))
        for (const double snr : average_snrs)
            if (const auto rate = mean_rate_at(curves, block, snr))
                out << "average,," << block << ",,,," << fixed(*rate, 6) << ",," << fixed(snr, 4)
                    << '\n';
}

void print_blocks_json(const std::vector<BlockCurve>& curves, std::ostream& out) {
    using Json = nlohmann::ordered_json;
    Json list = Json::array(), averages = Json::array();
    for (const BlockCurve& c : curves) {
        Json points = Json::array();
        for (const BlockPoint& p : c.points)
            points.push_back({{"step", p.step},
                              {"rate", p.rate},
                              {"rms_error", p.rms_error},
                              {"snr_db", p.snr_db}});
        list.push_back({{"tensor", c.tensor},
                        {"channels", c.channels},
                        {"block", c.block},
                        {"block_values", c.block_values},
                        {"values", c.values},
                        {"points", points}});
    }
    for (const std::string& block : names_of(curves, &BlockCurve::block)) {
        Json points = Json::array();
        for (const double snr : average_snrs)
            if (const auto rate = mean_rate_at(curves, block, snr))
                points.push_back({{"snr_db", snr}, {"rate", *rate}});
        averages.push_back({{"block", block}, {"points", points}});
    }
    const Json json{{"units", {{"rate", "bits per value"}, {"step", "8-bit steps"}}},
                    {"curves", list},
                    {"averages", averages}};
    out << json.dump(2) << '\n';
}

}  // namespace karhunen
