#include <algorithm>
#include <cmath>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/table.h"
#include "platform/tensor_difference.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

std::string decibels(double value) {
    if (std::isfinite(value)) return fixed(value, 1);
    return value > 0 ? "exact" : "none";  // nothing differs, or there is no signal
}

/// JSON has no infinity.
Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string name_of(const NetworkDifference& d, const OtherAnswer& other) {
    return other.picture < d.names.size() ? d.names[other.picture]
                                          : "picture " + std::to_string(other.picture);
}

}  // namespace

void print_text(const NetworkDifference& d, std::ostream& out) {
    Table table({"tensor", "codec", "SNR, dB", "lost, dB", "coding, dB", "cosine", "max error",
                 "largest", "saturated, %"});
    for (const TensorDifference& t : d.tensors)
        table.add({t.tensor, t.codec, decibels(t.snr_db), fixed(t.lost_db(), 1),
                   decibels(t.coding_db), fixed(t.cosine, 5), fixed(t.max_error, 4),
                   fixed(t.largest, 4), fixed(100 * t.saturated, 3)});
    table.print(out);
    for (const OtherAnswer& other : d.others)
        out << (&other == d.others.data()
                    ? "\nother answers (class of the model, of the machine):\n"
                    : "")
            << "  " << name_of(d, other) << ": " << other.expected << ", " << other.found << '\n';
    out << "\nlogit SNR " << decibels(d.logit_snr_db()) << " dB, same top-1 for " << d.agreement
        << " of " << d.pictures << " pictures\n"
        << "SNR: against the float model; lost: against the worst map that the tensor is made of;\n"
           "coding: what a decoder gives against what the encoder took; saturated: at the ends of "
           "the format\n\n";
    if (d.first) {
        const TensorDifference& t = d.tensors[*d.first];
        out << "It goes wrong at " << t.tensor << " (" << t.node << "): " << decibels(t.before_db)
            << " dB before, " << decibels(t.snr_db) << " dB there.\nWhat to try: " << d.advice
            << ".\n";
        return;
    }
    const auto worst =
        std::max_element(d.tensors.begin(), d.tensors.end(),
                         [](const auto& a, const auto& b) { return a.lost_db() < b.lost_db(); });
    out << "No tensor loses more than " << fixed(d.threshold_db, 1)
        << " dB and is left with less than " << fixed(d.enough_db, 1) << "; most, "
        << fixed(worst->lost_db(), 1) << " dB, is lost at " << worst->tensor << ".\n";
}

void print_csv(const NetworkDifference& d, std::ostream& out) {
    out << "tensor,node,codec,values,snr_db,lost_db,coding_snr_db,cosine,gain,max_error,largest,"
           "saturated,first\n";
    for (size_t i = 0; i < d.tensors.size(); ++i) {
        const TensorDifference& t = d.tensors[i];
        const auto finite = [](double value) {
            return std::isfinite(value) ? fixed(value, 4) : "";
        };
        out << csv_field(t.tensor) << ',' << csv_field(t.node) << ',' << t.codec << ',' << t.values
            << ',' << finite(t.snr_db) << ',' << finite(t.lost_db()) << ',' << finite(t.coding_db)
            << ',' << fixed(t.cosine, 7) << ',' << fixed(t.gain, 5) << ',' << t.max_error << ','
            << t.largest << ',' << fixed(t.saturated, 7) << ',' << (d.first == i) << '\n';
    }
}

void print_json(const NetworkDifference& d, std::ostream& out) {
    Json tensors = Json::array();
    for (const TensorDifference& t : d.tensors)
        tensors.push_back({{"tensor", t.tensor},
                           {"node", t.node},
                           {"codec", t.codec},
                           {"values", t.values},
                           {"snr_db", number(t.snr_db)},
                           {"lost_db", number(t.lost_db())},
                           {"coding_snr_db", number(t.coding_db)},
                           {"cosine", t.cosine},
                           {"gain", t.gain},
                           {"max_error", t.max_error},
                           {"largest", t.largest},
                           {"saturated", t.saturated}});
    Json others = Json::array();
    for (const OtherAnswer& other : d.others)
        others.push_back(
            {{"picture", name_of(d, other)}, {"model", other.expected}, {"machine", other.found}});
    const Json report{{"pictures", d.pictures},
                      {"top1_agreement", d.agreement},
                      {"other_answers", others},
                      {"logit_snr_db", number(d.logit_snr_db())},
                      {"threshold_db", d.threshold_db},
                      {"enough_db", d.enough_db},
                      {"first", d.first ? Json(d.tensors[*d.first].tensor) : Json(nullptr)},
                      {"advice", d.advice},
                      {"tensors", tensors}};
    out << report.dump(2) << '\n';
}

}  // namespace karhunen
