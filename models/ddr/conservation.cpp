#include "models/ddr/conservation.h"

#include <algorithm>
#include <cmath>

namespace karhunen::ddr {

namespace {

/// Accounts by one property of their key, added up in its order.
struct Sums {
    const char* name;
    Account account;
    Energy energy;
    double paper_pj = 0;

    template <typename Property>
    Sums(const char* by, const Statistics& s, const EnergyModel& model, Property Key::*property)
        : name(by), energy(model.shared(s)) {
        for (unsigned i = 0; i < static_cast<unsigned>(Property::count); ++i) {
            const Account a =
                s.sum([&](const Key& key) { return key.*property == static_cast<Property>(i); });
            account += a;
            energy += model.of(a);
            paper_pj += EnergyModel::paper_pj(a);
        }
    }
};

std::string counts_violation(const Sums& sums, const Account& all) {
    const Account& a = sums.account;
    const struct {
        const char* what;
        uint64_t sum, total;
    } pairs[] = {
        {"requests", a.requests, all.requests},
        {"bytes read", a.bytes_read, all.bytes_read},
        {"bytes written", a.bytes_written, all.bytes_written},
        {"read bursts", a.read_bursts, all.read_bursts},
        {"write bursts", a.write_bursts, all.write_bursts},
        {"hits", a.hits, all.hits},
        {"misses", a.misses, all.misses},
        {"conflicts", a.conflicts, all.conflicts},
        {"activates", a.activates, all.activates},
        {"precharges", a.precharges, all.precharges},
    };
    for (const auto& p : pairs)
        if (p.sum != p.total)
            return std::string(p.what) + ": " + std::to_string(p.sum) + ' ' + sums.name + ", " +
                   std::to_string(p.total) + " in all";
    return "";
}

std::string energy_violation(const Sums& sums, const Energy& total, double paper_pj) {
    const Energy& e = sums.energy;
    const struct {
        const char* what;
        double sum, total;
    } pairs[] = {
        {"activates", e.activate, total.activate},
        {"precharges", e.precharge, total.precharge},
        {"reads", e.read, total.read},
        {"writes", e.write, total.write},
        {"refreshes", e.refresh, total.refresh},
        {"background", e.background, total.background},
        {"all commands", e.total(), total.total()},
        {"all bits (mode paper)", sums.paper_pj, paper_pj},
    };
    for (const auto& p : pairs)
        if (!(std::abs(p.sum - p.total) <= 1e-9 * std::max(std::abs(p.sum), std::abs(p.total))))
            return std::string("energy of ") + p.what + ": " + std::to_string(p.sum) + " pJ " +
                   sums.name + ", " + std::to_string(p.total) + " pJ in all";
    return "";
}

}  // namespace

std::string conservation_violation(const Statistics& s, const EnergyModel& model) {
    if (std::string violation = s.violation(); !violation.empty()) return violation;
    const Account all = s.total();
    const Energy total = model.total(s);
    for (const Sums& sums : {Sums("by master", s, model, &Key::master),
                             Sums("by kind of data", s, model, &Key::kind)}) {
        if (std::string violation = counts_violation(sums, all); !violation.empty())
            return violation;
        std::string violation = energy_violation(sums, total, EnergyModel::paper_pj(all));
        if (!violation.empty()) return violation;
    }
    return "";
}

}  // namespace karhunen::ddr
