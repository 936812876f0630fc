#include "platform/codec_choices.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

#include <nlohmann/json.hpp>

#include "models/codec/codec.h"
#include "platform/table.h"

namespace karhunen {

namespace {

// Alternatives may err by this much more than what was chosen to count as equally good.
constexpr double about_the_same = 1.25;

std::string kib(double bytes) {
    return fixed(bytes / 1024, 1);
}

/// The cheapest candidate of a codec with about the noise of the chosen one.
const CodecCandidate* alternative(const TensorCandidates& tensor, const CodecCandidate& chosen,
                                  uint32_t codec) {
    const CodecCandidate* best = nullptr;
    for (const CodecCandidate& c : tensor.candidates) {
        if (c.setting.codec != codec || (chosen.lossless && !c.lossless)) continue;
        if (!c.lossless && c.noise > about_the_same * chosen.noise) continue;
        if (!best || c.bytes < best->bytes) best = &c;
    }
    return best;
}

struct Totals {
    double bytes = 0, map_bytes = 0, table_bytes = 0, values = 0, noise = 0;
};

Totals totals_of(const CodecChoices& choices) {
    Totals sum;
    for (size_t t = 0; t < choices.tensors.size(); ++t) {
        const CodecCandidate& c = choices.candidate(t);
        sum.bytes += c.bytes;
        sum.map_bytes += c.map_bytes;
        sum.table_bytes += static_cast<double>(c.table_bytes);
        sum.values += static_cast<double>(choices.tensors[t].values);
        sum.noise += c.noise;
    }
    return sum;
}

UniformChoice raw_choice(const CodecChoices& choices) {
    std::vector<TensorCandidates> tensors = choices.tensors;
    for (TensorCandidates& tensor : tensors)
        std::erase_if(tensor.candidates,
                      [](const CodecCandidate& c) { return codec_name(c.setting.codec) != "raw"; });
    return best_uniform_choice(tensors, 0);
}

/// With one codec for all and the noise that the choice is expected to have, so that both are
/// compared by the same reckoning.
UniformChoice uniform_choice(const CodecChoices& choices) {
    return best_uniform_choice(choices.tensors, totals_of(choices).noise);
}

/// Lossy candidates there were, but none was chosen.
bool only_lossless_left(const CodecChoices& choices) {
    bool lossy = false;
    for (size_t t = 0; t < choices.tensors.size(); ++t) {
        if (!choices.candidate(t).lossless) return false;
        for (const CodecCandidate& c : choices.tensors[t].candidates) lossy |= !c.lossless;
    }
    return lossy;
}

void print_totals(const CodecChoices& choices, std::ostream& out) {
    const Totals all = totals_of(choices);
    const UniformChoice raw = raw_choice(choices), one = uniform_choice(choices);
    const auto line = [&](const std::string& name, double bytes) {
        out << "  " << name << ": " << kib(bytes) << " KiB, " << fixed(100 * bytes / raw.bytes, 1)
            << " % of raw\n";
    };
    out << "\nPer image, all that a choice moves:\n";
    line("chosen", all.bytes);
    line("one codec for all, " + setting_name(one.setting), one.bytes);
    line("raw", raw.bytes);
    out << fixed(8 * all.map_bytes / std::max(all.values, 1.0), 3) << " bits per value stored. On "
        << choices.pictures << " calibration pictures against raw: logit SNR "
        << fixed(choices.snr_db, 1) << " dB,\n"
        << choices.changed << " answers differ, " << fixed(choices.drop, 2) << " % expected to; ";
    if (choices.min_snr_db)
        out << "at least " << fixed(*choices.min_snr_db, 1) << " dB wanted (--min-snr).\n";
    else
        out << "at most " << fixed(choices.max_drop, 2) << " % wanted (--max-drop).\n";
    if (only_lossless_left(choices))
        out << "No lossy codec keeps that: those chosen lose nothing.\n";
}

}  // namespace

void print_choices(const CodecChoices& choices, std::ostream& out) {
    out << "KiB: all that the choice moves per image (map written and read, tile table, codec "
           "tables by\nthe batch). bits: per value stored. noise: share of the logit error. Then "
           "KiB of the best\nalternative of each codec at about the same noise.\n\n";
    std::vector<std::string> head{"tensor", "chosen", "KiB", "bits", "noise %"};
    for (const std::string_view name : codec_names()) head.emplace_back(name);
    Table table(head);
    const double noise = totals_of(choices).noise;
    for (size_t t = 0; t < choices.tensors.size(); ++t) {
        const TensorCandidates& tensor = choices.tensors[t];
        const CodecCandidate& c = choices.candidate(t);
        std::vector<std::string> row{tensor.name, setting_name(c.setting), kib(c.bytes),
                                     fixed(8 * c.map_bytes / static_cast<double>(tensor.values), 3),
                                     c.noise > 0 ? fixed(100 * c.noise / noise, 1) : "-"};
        for (const std::string_view name : codec_names()) {
            const CodecCandidate* other = alternative(tensor, c, codec_number(name));
            row.push_back(other ? kib(other->bytes) : "-");
        }
        table.add(row);
    }
    table.print(out);
    print_totals(choices, out);
}

void print_choices_csv(const CodecChoices& choices, std::ostream& out) {
    out << "tensor,setting,chosen,lossless,bytes_per_image,map_bytes,table_bytes,squared_error,"
           "logit_error\n";
    for (size_t t = 0; t < choices.tensors.size(); ++t)
        for (size_t i = 0; i < choices.tensors[t].candidates.size(); ++i) {
            const CodecCandidate& c = choices.tensors[t].candidates[i];
            out << csv_field(choices.tensors[t].name) << ',' << setting_name(c.setting) << ','
                << (i == choices.chosen[t]) << ',' << c.lossless << ',' << fixed(c.bytes, 1) << ','
                << fixed(c.map_bytes, 1) << ',' << c.table_bytes << ',' << fixed(c.squared_error, 6)
                << ',' << fixed(c.noise, 9) << '\n';
        }
}

void print_choices_json(const CodecChoices& choices, std::ostream& out) {
    using Json = nlohmann::ordered_json;
    Json tensors = Json::array();
    for (size_t t = 0; t < choices.tensors.size(); ++t) {
        const TensorCandidates& tensor = choices.tensors[t];
        Json candidates = Json::array();
        for (const CodecCandidate& c : tensor.candidates)
            candidates.push_back({{"setting", setting_name(c.setting)},
                                  {"lossless", c.lossless},
                                  {"bytes_per_image", c.bytes},
                                  {"map_bytes", c.map_bytes},
                                  {"table_bytes", c.table_bytes},
                                  {"squared_error", c.squared_error},
                                  {"logit_error", c.noise}});
        tensors.push_back({{"name", tensor.name},
                           {"values", tensor.values},
                           {"readers", tensor.readers},
                           {"chosen", setting_name(choices.candidate(t).setting)},
                           {"candidates", candidates}});
    }
    const UniformChoice raw = raw_choice(choices), one = uniform_choice(choices);
    const Json bound = choices.min_snr_db ? Json{"min_snr_db", *choices.min_snr_db}
                                          : Json{"max_drop", choices.max_drop};
    out << Json{bound,
                {"expected_drop", choices.drop},
                {"answers_changed", choices.changed},
                {"pictures", choices.pictures},
                {"logit_error", choices.noise},
                {"logit_error_budget", choices.budget},
                {"logit_snr_db", choices.snr_db},
                {"bytes_per_image", totals_of(choices).bytes},
                {"bytes_per_image_raw", raw.bytes},
                {"best_single_codec",
                 {{"setting", setting_name(one.setting)}, {"bytes_per_image", one.bytes}}},
                {"tensors", tensors}}
               .dump(2)
        << '\n';
}

}  // namespace karhunen
