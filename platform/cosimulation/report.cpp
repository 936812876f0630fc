#include "platform/cosimulation/report.h"

#include <algorithm>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/cosimulation/rtl_block.h"
#include "platform/table.h"

namespace karhunen {

namespace {

/// Of a model that did not work, as in mode rtl of a block whose result nothing else needs: "-".
std::string per_model(const RtlBlockReport& b, double value, int digits) {
    return b.model_seconds > 0 ? fixed(value, digits) : "-";
}

}  // namespace

void print_rtl_verdict(const RtlReport& r, std::ostream& out) {
    uint64_t words = 0;
    for (const RtlBlockReport& b : r.blocks) words += b.mode == "cross" ? b.words : 0;
    if (!r.mismatch.empty())
        out << "RTL: 1 mismatch, behind which the RTL rested: " << r.mismatch << '\n';
    else if (words > 0)
        out << "RTL: all " << words << " words equal the model's\n";
}

void print_rtl(const RtlReport& r, std::ostream& out) {
    out << "\nRTL, ";
    if (r.seed == 0)
        out << "without stalls";
    else
        out << "stalling at random, --rtl-seed " << r.seed;
    out << ". Clocks: of all instances together, tables apart; ms: of the host's processor, -: the "
           "model rested\n";
    Table table({"block", "mode", "bands", "words", "RTL clocks", "model clocks", "RTL ms",
                 "model ms", "RTL/model"});
    for (const RtlBlockReport& b : r.blocks)
        table.add({b.block, b.mode, std::to_string(b.bands), std::to_string(b.words),
                   std::to_string(b.rtl_clocks), std::to_string(b.model_clocks),
                   fixed(1e3 * b.rtl_seconds, 1), per_model(b, 1e3 * b.model_seconds, 3),
                   per_model(b, b.rtl_seconds / b.model_seconds, 0)});
    table.print(out);
    if (std::ranges::any_of(r.blocks, [](const auto& b) { return b.block == "pca_unit"; }))
        out << "pca_unit has " << rtl::pca_multipliers
            << " multipliers here: clocks of RTL and model are for these, not for the machine's "
               "codec.transform_multipliers\n";
    if (!r.mismatch.empty())
        out << "RTL clocks and ms end at the mismatch, those of the model go on\n";
    print_rtl_verdict(r, out);
}

nlohmann::ordered_json rtl_json(const RtlReport& r) {
    nlohmann::ordered_json blocks = nlohmann::ordered_json::array();
    for (const RtlBlockReport& b : r.blocks)
        blocks.push_back({{"block", b.block},
                          {"mode", b.mode},
                          {"bands", b.bands},
                          {"words", b.words},
                          {"rtl_clocks", b.rtl_clocks},
                          {"model_clocks", b.model_clocks},
                          {"rtl_seconds", b.rtl_seconds},
                          {"model_seconds", b.model_seconds}});
    return {{"seed", r.seed}, {"blocks", blocks}, {"mismatch", r.mismatch}};
}

}  // namespace karhunen
