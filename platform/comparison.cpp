#include "platform/comparison.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/paper.h"
#include "platform/table.h"

namespace karhunen {

namespace {

bool is_lossless(const AccuracyReport& r) {
    return !r.tensors.empty() && std::all_of(r.tensors.begin(), r.tensors.end(),
                                             [](const TensorRate& t) { return t.lossless; });
}

}  // namespace

PairedChange paired_change(const AccuracyReport& before, const AccuracyReport& now) {
    PairedChange change;
    for (size_t i = 0; i < before.correct.size(); ++i) {
        change.lost += before.correct[i] && !now.correct[i];
        change.gained += !before.correct[i] && now.correct[i];
    }
    if (is_lossless(before) && is_lossless(now)) return change;  // the very same maps
    const auto images = static_cast<double>(std::max<size_t>(before.correct.size(), 1));
    const auto lost = static_cast<double>(change.lost), gained = static_cast<double>(change.gained);
    change.points = 100 * (gained - lost) / images;
    const double z = 1.959963984540054, n = images + 2;
    const double middle = (gained - lost) / n;
    const double deviation = std::sqrt(((gained + lost + 2) / n - middle * middle) / n);
    change.low = 100 * std::max(middle - z * deviation, -1.0);
    change.high = 100 * std::min(middle + z * deviation, 1.0);
    return change;
}

double map_bytes_per_image(const AccuracyReport& r) {
    return r.average.dram_bursts * static_cast<double>(r.average.values) / 8 /
           static_cast<double>(std::max<uint64_t>(r.images, 1));
}

double table_bytes_per_image(const AccuracyReport& r, uint32_t batch) {
    return static_cast<double>(r.average.table_bytes) / batch;
}

const AccuracyReport* raw_among(const std::vector<AccuracyReport>& reports) {
    const auto raw = std::find_if(reports.begin(), reports.end(),
                                  [](const AccuracyReport& r) { return r.codec == "raw"; });
    return raw == reports.end() ? nullptr : &*raw;
}

namespace {

constexpr struct {
    const char* name;
    double TensorRate::*bits;
} rates[] = {{"entropy", &TensorRate::entropy},
             {"code bits", &TensorRate::code_bits},
             {"stream words", &TensorRate::stream_words},
             {"DRAM bursts", &TensorRate::dram_bursts}};

std::string signed_points(double points) {
    return (points > 0 ? "+" : "") + fixed(points, 1);
}

void print_summary(const std::vector<AccuracyReport>& reports, uint32_t batch, std::ostream& out) {
    const AccuracyReport* raw = raw_among(reports);
    const bool reference = reports.front().has_reference;
    std::vector<std::string> head = {"codec",  "entropy", "code",     "words",
                                     "bursts", "maps KB", "tables KB"};
    if (raw) head.push_back("saved");
    head.insert(head.end(), {"top-1", "top-5"});
    if (raw) head.insert(head.end(), {"change", "95 % interval"});
    if (reference) head.insert(head.end(), {"agree", "SNR dB"});
    Table table(head, 1);
    for (const AccuracyReport& r : reports) {
        const double maps = map_bytes_per_image(r), tables = table_bytes_per_image(r, batch);
        std::vector<std::string> row = {r.name};
        for (const auto& rate : rates) row.push_back(fixed(r.average.*rate.bits, 3));
        row.push_back(fixed(maps / 1000, 1));
        row.push_back(fixed(tables / 1000, 1));
        if (raw)
            row.push_back(fixed(100 - 100 * (maps + tables) / map_bytes_per_image(*raw), 1) + " %");
        row.push_back(percent(r.top1, r.images));
        row.push_back(percent(r.top5, r.images));
        if (raw == &r) {
            row.insert(row.end(), {"-", "-"});
        } else if (raw) {
            const PairedChange change = paired_change(*raw, r);
            row.push_back(signed_points(change.points));
            row.push_back(is_lossless(r)
                              ? "lossless"
                              : signed_points(change.low) + " to " + signed_points(change.high));
        }
        if (reference) {
            row.push_back(percent(r.agreement, r.images));
            row.push_back(fixed(r.snr_db, 2));
        }
        table.add(std::move(row));
    }
    table.print(out);
}

void print_rate_of_tensors(const std::vector<AccuracyReport>& reports, double TensorRate::*bits,
                           std::ostream& out) {
    const std::vector<TensorRate>& tensors = reports.front().tensors;
    const bool beside_paper = tensors.size() == paper::entropy_with_pca.size();
    std::vector<std::string> head = {"tensor"};
    for (const AccuracyReport& r : reports) head.push_back(r.name);
    if (beside_paper) head.insert(head.end(), {"published", "no PCA"});
    Table table(head, 1);
    const auto add = [&](const std::string& name, auto&& rate_of, size_t t) {
        std::vector<std::string> row = {name};
        for (const AccuracyReport& r : reports) row.push_back(fixed(rate_of(r).*bits, 3));
        if (beside_paper && t < tensors.size()) {
            row.push_back(fixed(paper::entropy_with_pca[t], 3));
            row.push_back(fixed(paper::entropy_without_pca[t], 3));
        }
        table.add(std::move(row));
    };
    for (size_t t = 0; t < tensors.size(); ++t)
        add(
            tensors[t].name, [&](const AccuracyReport& r) { return r.tensors.at(t); }, t);
    add(
        "average", [](const AccuracyReport& r) { return r.average; }, tensors.size());
    table.print(out);
}

}  // namespace

void print_comparison(const std::vector<AccuracyReport>& reports, uint32_t batch, bool per_tensor,
                      std::ostream& out) {
    out << reports.front().images
        << " images. Bits per value: entropy under the codec's table, bits of code, words of "
           "streams\nwith padding and tile table, DRAM bursts. KB of 1000 bytes an image; tables: "
           "loaded once for\n"
        << batch << (batch == 1 ? " image" : " images")
        << "; saved: of maps and tables, against raw. change: of top-1 against raw, in points,\n"
           "on the same images.\n\n";
    print_summary(reports, batch, out);
    if (raw_among(reports) == nullptr)
        out << "(no run with raw maps, so nothing to compare the accuracy with)\n";
    for (const AccuracyReport& r : reports) print_worst(r, out);
    if (!per_tensor) return;
    for (const auto& rate : rates) {
        out << '\n' << rate.name << ", bits per value\n";
        print_rate_of_tensors(reports, rate.bits, out);
    }
    if (reports.front().tensors.size() == paper::entropy_with_pca.size())
        out << "published: entropy that Chmiel et al. print for their ResNet-18, with and without "
               "PCA; not measured here\n";
}

void print_comparison_csv(const std::vector<AccuracyReport>& reports, uint32_t batch,
                          std::ostream& out) {
    const AccuracyReport* raw = raw_among(reports);
    out << "run,tensor,codec,values,entropy,code_bits,stream_words,dram_bursts,table_bytes,"
           "published_entropy,images,top1,top5,top1_change_points,change_low,change_high,agreement,"
           "logit_snr_db,map_bytes_per_image,table_bytes_per_image\n";
    const auto rates_of = [&](const AccuracyReport& r, const TensorRate& t) {
        out << csv_field(r.name) << ',' << csv_field(t.name) << ',' << t.codec << ',' << t.values;
        for (const auto& rate : rates) out << ',' << fixed(t.*rate.bits, 6);
        out << ',' << t.table_bytes << ',';
    };
    for (const AccuracyReport& r : reports) {
        for (size_t t = 0; t < r.tensors.size(); ++t) {
            rates_of(r, r.tensors[t]);
            if (r.tensors.size() == paper::entropy_with_pca.size())
                out << fixed(paper::entropy_with_pca[t], 3);
            out << ",,,,,,,,,,\n";
        }
        rates_of(r, r.average);
        out << ',' << r.images << ',' << r.top1 << ',' << r.top5 << ',';
        if (raw) {
            const PairedChange change = paired_change(*raw, r);
            out << fixed(change.points, 3) << ',' << fixed(change.low, 3) << ','
                << fixed(change.high, 3);
        } else {
            out << ",,";
        }
        out << ',' << (r.has_reference ? std::to_string(r.agreement) : "") << ','
            << (r.has_reference ? fixed(r.snr_db, 4) : "") << ','
            << fixed(map_bytes_per_image(r), 1) << ',' << fixed(table_bytes_per_image(r, batch), 1)
            << '\n';
    }
}

void print_comparison_json(const std::vector<AccuracyReport>& reports, uint32_t batch,
                           std::ostream& out) {
    using Json = nlohmann::ordered_json;
    const AccuracyReport* raw = raw_among(reports);
    Json runs = Json::array();
    for (const AccuracyReport& r : reports) {
        Json run = json_of(r);
        run["name"] = r.name;
        run["map_bytes_per_image"] = map_bytes_per_image(r);
        run["table_bytes_per_image"] = table_bytes_per_image(r, batch);
        if (raw) {
            const PairedChange change = paired_change(*raw, r);
            run["top1_change"] = {{"points", change.points},
                                  {"interval", {change.low, change.high}},
                                  {"lost", change.lost},
                                  {"gained", change.gained}};
        }
        runs.push_back(std::move(run));
    }
    out << Json{{"batch", batch}, {"runs", runs}}.dump(2) << '\n';
}

}  // namespace karhunen
