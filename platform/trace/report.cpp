#include <map>
#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/table.h"
#include "platform/trace/player.h"

namespace karhunen {

void print_text(const TraceReport& r, std::ostream& out) {
    std::map<uint32_t, size_t> by_source;
    for (const uint32_t source : r.claims) ++by_source[source];
    out << "actions    " << r.done << " of " << r.actions << '\n'
        << "time       " << fixed(r.simulated_ms, 3) << " ms\n"
        << "bands      " << r.bands_stored << " stored\n"
        << "memory     " << r.checks << " checks\n"
        << "interrupts " << r.claims.size();
    for (const auto& [source, count] : by_source)
        out << ", " << interrupt_name(source) << ' ' << count;
    if (r.told_together > 0) out << "; " << r.told_together << " came with an earlier one";
    out << '\n';
    if (r.is_good())
        out << "result     as recorded\n";
    else
        out << "result     " << r.mismatch_count
            << (r.mismatch_count == 1 ? " mismatch\n" : " mismatches\n");
}

void print_json(const TraceReport& r, std::ostream& out) {
    nlohmann::ordered_json claims = nlohmann::ordered_json::array();
    for (const uint32_t source : r.claims) claims.push_back(interrupt_name(source));
    out << nlohmann::ordered_json{{"actions", r.actions},
                                  {"done", r.done},
                                  {"simulated_ms", r.simulated_ms},
                                  {"bands_stored", r.bands_stored},
                                  {"memory_checks", r.checks},
                                  {"interrupts", claims},
                                  {"told_together", r.told_together},
                                  {"mismatch_count", r.mismatch_count},
                                  {"mismatches", r.mismatches},
                                  {"uart", r.uart}}
               .dump(2)
        << '\n';
}

}  // namespace karhunen
