#include <iomanip>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/accuracy.h"
#include "platform/paper.h"
#include "platform/table.h"

namespace karhunen {

namespace {

void print_share(std::ostream& out, const char* what, uint64_t part, uint64_t all) {
    const auto [low, high] = confidence_interval(part, all);
    out << what << ' ' << part << " of " << all << " = "
        << fixed(
               100.0 * static_cast<double>(part) / static_cast<double>(std::max<uint64_t>(all, 1)),
               1)
        << " % (95 % interval " << fixed(100 * low, 1) << " to " << fixed(100 * high, 1) << ")\n";
}

std::vector<std::string> row_of(const TensorRate& t, uint64_t images) {
    return {t.name,
            t.codec,
            std::to_string(t.values / std::max<uint64_t>(images, 1)),
            fixed(t.entropy, 3),
            fixed(t.code_bits, 3),
            fixed(t.stream_words, 3),
            fixed(t.dram_bursts, 3),
            std::to_string(t.table_bytes)};
}

/// Right answers of each class, all in a few lines.
void print_classes(std::ostream& out, const std::vector<ClassAccuracy>& classes) {
    constexpr size_t a_line = 5;
    for (size_t i = 0; i < classes.size(); ++i)
        out << (i % a_line == 0 ? (i > 0 ? ",\n    " : "by class: ") : ", ") << classes[i].name
            << ' ' << classes[i].top1 << '/' << classes[i].images;
    if (!classes.empty()) out << '\n';
}

}  // namespace

void print_worst(const AccuracyReport& r, std::ostream& out) {
    if (r.worst.empty()) return;
    out << "worst tensors against the float model";
    if (!r.name.empty()) out << ", " << r.name;
    out << " (SNR on " << r.worst_images << " images):";
    for (const auto& [tensor, snr_db] : r.worst)
        out << (&tensor == &r.worst[0].first ? " " : ", ") << tensor << ' ' << fixed(snr_db, 1)
            << " dB";
    out << '\n';
}

void print_text(const AccuracyReport& r, std::ostream& out) {
    print_share(out, "top-1", r.top1, r.images);
    print_share(out, "top-5", r.top5, r.images);
    print_classes(out, r.classes);
    if (r.has_reference) {
        print_share(out, "top-1 agreement with the reference", r.agreement, r.images);
        out << "logit SNR " << fixed(r.snr_db, 2) << " dB\n";
    }
    print_worst(r, out);
    const bool beside_paper = r.tensors.size() == paper::entropy_with_pca.size();
    out << "\nbits per value; tables: bytes loaded once a batch\n";
    std::vector<std::string> head = {"tensor", "codec", "values", "entropy",
                                     "code",   "words", "bursts", "tables"};
    if (beside_paper) head.insert(head.end(), {"published", "published, no PCA"});
    Table table(head);
    for (size_t i = 0; i < r.tensors.size(); ++i) {
        std::vector<std::string> row = row_of(r.tensors[i], r.images);
        if (beside_paper) {
            row.push_back(fixed(paper::entropy_with_pca[i], 3));
            row.push_back(fixed(paper::entropy_without_pca[i], 3));
        }
        table.add(std::move(row));
    }
    table.add(row_of(r.average, r.images));
    table.print(out);
    if (beside_paper)
        out << "published: entropy that Chmiel et al. print for their ResNet-18, with and without "
               "PCA; not measured here\n";
}

nlohmann::ordered_json json_of(const TensorRate& t) {
    return {{"name", t.name},
            {"codec", t.codec},
            {"values", t.values},
            {"entropy", t.entropy},
            {"code_bits", t.code_bits},
            {"stream_words", t.stream_words},
            {"dram_bursts", t.dram_bursts},
            {"table_bytes", t.table_bytes}};
}

nlohmann::ordered_json json_of(const AccuracyReport& r) {
    nlohmann::ordered_json tensors = nlohmann::ordered_json::array();
    for (const TensorRate& t : r.tensors) tensors.push_back(json_of(t));
    nlohmann::ordered_json all = {{"images", r.images}, {"top1", r.top1}, {"top5", r.top5}};
    if (r.has_reference) {
        const auto [low, high] = confidence_interval(r.agreement, r.images);
        all["agreement"] = r.agreement;
        all["agreement_interval"] = {low, high};
        all["logit_snr_db"] = r.snr_db;
    }
    for (const ClassAccuracy& c : r.classes)
        all["classes"].push_back({{"name", c.name}, {"images", c.images}, {"top1", c.top1}});
    if (!r.worst.empty()) {
        nlohmann::ordered_json worst = nlohmann::ordered_json::array();
        for (const auto& [tensor, snr_db] : r.worst)
            worst.push_back({{"name", tensor}, {"snr_db", snr_db}});
        all["worst_tensors"] = worst;
        all["worst_tensors_images"] = r.worst_images;
    }
    all["bits_per_value"] = {{"tensors", tensors}, {"average", json_of(r.average)}};
    return all;
}

void print_json(const AccuracyReport& r, std::ostream& out) {
    out << json_of(r).dump(2) << '\n';
}

}  // namespace karhunen
