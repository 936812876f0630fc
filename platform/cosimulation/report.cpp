#include "platform/cosimulation/report.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/table.h"

namespace karhunen {

void print_rtl(const RtlReport& r, std::ostream& out) {
    out << "\nRTL, ";
    if (r.seed == 0)
        out << "without stalls";
    else
        out << "stalling at random, --rtl-seed " << r.seed;
    out << ": clocks of all instances, and what the model says for as many; processor seconds of "
           "the host\n";
    Table table({"block", "mode", "bands", "words", "RTL clocks", "model clocks", "RTL s",
                 "model s", "ratio"});
    for (const RtlBlockReport& b : r.blocks)
        table.add({b.block, b.mode, std::to_string(b.bands), std::to_string(b.words),
                   std::to_string(b.rtl_clocks), std::to_string(b.model_clocks),
                   fixed(b.rtl_seconds, 3), fixed(b.model_seconds, 3),
                   b.model_seconds > 0 ? fixed(b.rtl_seconds / b.model_seconds, 0) : "-"});
    table.print(out);
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
    return {{"seed", r.seed}, {"blocks", blocks}};
}

}  // namespace karhunen
