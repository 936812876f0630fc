#include "platform/dram_report.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "platform/table.h"

namespace karhunen {

namespace {

constexpr double pj_per_uj = 1e6;

std::string uj(double pj) {
    return fixed(pj / pj_per_uj, 2);
}

std::string kib(uint64_t bytes) {
    return fixed(static_cast<double>(bytes) / 1024, 1);
}

uint64_t bursts(const ddr::Account& a) {
    return a.read_bursts + a.write_bursts;
}

template <typename Enum>
Enum nth(unsigned i) {
    return static_cast<Enum>(i);
}
constexpr unsigned masters = static_cast<unsigned>(Master::count),
                   kinds = static_cast<unsigned>(TrafficKind::count);

struct SharedPart {
    const char *name, *words;
    double pj;
};

std::vector<SharedPart> parts(const DramShared& s) {
    return {{"refresh_precharge", "precharge before refresh", s.precharge},
            {"refresh", "refresh", s.refresh},
            {"background_open", "background, a bank open", s.background_open},
            {"background_closed", "background, all closed", s.background_closed}};
}

}  // namespace

DramRow& DramRow::operator+=(const DramRow& o) {
    account += o.account;
    energy += o.energy;
    paper_pj += o.paper_pj;
    return *this;
}

std::vector<DramRow> dram_rows(const ddr::Statistics& s, const ddr::EnergyModel& energy,
                               std::optional<uint32_t> tag) {
    std::vector<DramRow> rows;
    for (unsigned m = 0; m < masters; ++m)
        for (unsigned k = 0; k < kinds; ++k) {
            const auto master = nth<Master>(m);
            const auto kind = nth<TrafficKind>(k);
            const ddr::Account a = s.sum([&](const ddr::Key& key) {
                return key.master == master && key.kind == kind && (!tag || key.tag == *tag);
            });
            if (bursts(a) > 0)
                rows.push_back({name_of(master), name_of(kind), a, energy.of(a),
                                ddr::EnergyModel::paper_pj(a)});
        }
    return rows;
}

DramShared dram_shared(const ddr::Statistics& s, const ddr::EnergyModel& energy) {
    const ddr::Energy all = energy.shared(s);
    const double open = energy.active_mw() * static_cast<double>(s.active_clocks),
                 closed = energy.standby_mw() * static_cast<double>(s.clocks - s.active_clocks);
    const double per = open + closed > 0 ? all.background / (open + closed) : 0;
    DramShared shared{all.precharge, all.refresh, per * open, per * closed, {}};
    if (energy.has_io()) shared.io = energy.io_pj(s);
    return shared;
}

std::vector<DramRow> by_master(const std::vector<DramRow>& rows) {
    std::vector<DramRow> sums(masters);
    for (unsigned m = 0; m < masters; ++m) {
        sums[m].master = name_of(nth<Master>(m));
        for (const DramRow& row : rows)
            if (row.master == sums[m].master) sums[m] += row;
    }
    return sums;
}

std::vector<DramRow> by_kind(const std::vector<DramRow>& rows) {
    std::vector<DramRow> sums(kinds);
    for (unsigned k = 0; k < kinds; ++k) {
        sums[k].kind = name_of(nth<TrafficKind>(k));
        for (const DramRow& row : rows)
            if (row.kind == sums[k].kind) sums[k] += row;
    }
    return sums;
}

DramRow sum(const std::vector<DramRow>& rows) {
    DramRow total;
    for (const DramRow& row : rows) total += row;
    return total;
}

namespace {

std::vector<std::string> text_row(const DramRow& row, double shared_pj = 0) {
    const ddr::Account& a = row.account;
    const ddr::Energy& e = row.energy;
    return {std::string(row.master),
            std::string(row.kind),
            kib(a.bytes_read),
            kib(a.bytes_written),
            std::to_string(bursts(a)),
            std::to_string(a.hits),
            std::to_string(a.misses),
            std::to_string(a.conflicts),
            uj(e.activate),
            uj(e.precharge),
            uj(e.read),
            uj(e.write),
            uj(row.paper_pj),
            uj(e.total() + shared_pj)};
}

/// Sums that say more than the rows do: of several rows.
void add_sums(Table& table, const std::vector<DramRow>& sums, const std::vector<DramRow>& rows) {
    for (const DramRow& s : sums) {
        size_t parts = 0;
        for (const DramRow& row : rows) parts += row.master == s.master || row.kind == s.kind;
        if (parts > 1) table.add(text_row(s));
    }
}

}  // namespace

void print_dram_text(const std::vector<DramRow>& rows, const DramShared& shared,
                     std::ostream& out) {
    out << "DRAM: KiB asked for, bursts and the state they found their row in; energy in uJ by "
           "command and sum (E sheet), by bit (E paper); other: firmware\n";
    Table table({"master", "data", "KiB read", "written", "bursts", "hits", "misses", "conflicts",
                 "ACT", "PRE", "RD", "WR", "E paper", "E sheet"});
    for (const DramRow& row : rows) table.add(text_row(row));
    add_sums(table, by_master(rows), rows);
    add_sums(table, by_kind(rows), rows);
    for (const SharedPart& part : parts(shared)) {
        std::vector<std::string> row(14);
        row[0] = "shared";
        row[1] = part.words;
        row[13] = uj(part.pj);
        table.add(row);
    }
    std::vector<std::string> total = text_row(sum(rows), shared.total());
    total[0] = "total";
    total[1] = "";
    table.add(total);
    table.print(out);
    if (shared.io)
        out << "not in the total: " << uj(*shared.io)
            << " uJ for the pins (device's drivers and termination)\n";
}

namespace {

nlohmann::ordered_json json_of(const std::vector<DramRow>& rows) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const DramRow& row : rows) {
        const ddr::Account& a = row.account;
        const ddr::Energy& e = row.energy;
        all.push_back({{"master", row.master},
                       {"kind", row.kind},
                       {"bytes_read", a.bytes_read},
                       {"bytes_written", a.bytes_written},
                       {"read_bursts", a.read_bursts},
                       {"write_bursts", a.write_bursts},
                       {"hits", a.hits},
                       {"misses", a.misses},
                       {"conflicts", a.conflicts},
                       {"activates", a.activates},
                       {"precharges", a.precharges},
                       {"activate_uj", e.activate / pj_per_uj},
                       {"precharge_uj", e.precharge / pj_per_uj},
                       {"read_uj", e.read / pj_per_uj},
                       {"write_uj", e.write / pj_per_uj},
                       {"datasheet_uj", e.total() / pj_per_uj},
                       {"paper_uj", row.paper_pj / pj_per_uj}});
    }
    return all;
}

}  // namespace

void add_dram_json(const std::vector<DramRow>& rows, const DramShared& shared,
                   nlohmann::ordered_json& all) {
    all["dram"] = json_of(rows);
    all["dram_by_master"] = json_of(by_master(rows));
    all["dram_by_kind"] = json_of(by_kind(rows));
    const DramRow total = sum(rows);
    const ddr::Energy& e = total.energy;
    nlohmann::ordered_json& energy = all["dram_energy"];
    energy = {{"activate_uj", e.activate / pj_per_uj},
              {"precharge_uj", e.precharge / pj_per_uj},
              {"read_uj", e.read / pj_per_uj},
              {"write_uj", e.write / pj_per_uj}};
    for (const SharedPart& part : parts(shared))
        energy[std::string(part.name) + "_uj"] = part.pj / pj_per_uj;
    energy["datasheet_uj"] = (e.total() + shared.total()) / pj_per_uj;
    energy["paper_uj"] = total.paper_pj / pj_per_uj;
    if (shared.io) energy["io_uj"] = *shared.io / pj_per_uj;
}

void print_dram_csv(const std::vector<DramRow>& rows, const DramShared& shared, std::ostream& out) {
    out << "master,kind,bytes_read,bytes_written,read_bursts,write_bursts,hits,misses,conflicts,"
           "activates,precharges,activate_uj,precharge_uj,read_uj,write_uj,datasheet_uj,paper_uj\n";
    const auto line = [&](const DramRow& row, double shared_pj) {
        const ddr::Account& a = row.account;
        const ddr::Energy& e = row.energy;
        out << row.master << ',' << row.kind << ',' << a.bytes_read << ',' << a.bytes_written << ','
            << a.read_bursts << ',' << a.write_bursts << ',' << a.hits << ',' << a.misses << ','
            << a.conflicts << ',' << a.activates << ',' << a.precharges;
        for (double pj :
             {e.activate, e.precharge, e.read, e.write, e.total() + shared_pj, row.paper_pj})
            out << ',' << pj / pj_per_uj;
        out << '\n';
    };
    for (const DramRow& row : rows) line(row, 0);
    for (const SharedPart& part : parts(shared)) {
        DramRow row;
        row.master = "shared";
        row.kind = part.name;
        line(row, part.pj);
    }
    line(sum(rows), shared.total());
}

}  // namespace karhunen
