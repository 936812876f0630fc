// Who moved what over the DRAM pins, and what it cost, by both energy modes.
#pragma once

#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/ddr/energy.h"
#include "models/ddr/statistics.h"

namespace karhunen {

/// Traffic of a master and a kind of data ("all": of every one), with the commands issued for it.
struct DramRow {
    std::string_view master = "all", kind = "all";
    ddr::Account account;
    ddr::Energy energy;   ///< mode datasheet, pJ
    double paper_pj = 0;  ///< mode paper

    DramRow& operator+=(const DramRow& other);  ///< keeps its own names
};

/// What belongs to nobody, mode datasheet. pJ.
struct DramShared {
    double precharge = 0;  ///< of open banks before a refresh
    double refresh = 0;
    double background_open = 0;    ///< a bank is open, or a refresh runs
    double background_closed = 0;  ///< all banks are closed
    std::optional<double> io;      ///< of the device's pins, in no total; where the file has it
    double total() const { return precharge + refresh + background_open + background_closed; }
};

/// A row per (master, kind) that had traffic, in the order of the enums. tag: of one layer only.
std::vector<DramRow> dram_rows(const ddr::Statistics& statistics, const ddr::EnergyModel& energy,
                               std::optional<uint32_t> tag = {});
DramShared dram_shared(const ddr::Statistics& statistics, const ddr::EnergyModel& energy);

/// Sums of rows: one per master or per kind, also of those without traffic.
std::vector<DramRow> by_master(const std::vector<DramRow>& rows);
std::vector<DramRow> by_kind(const std::vector<DramRow>& rows);
DramRow sum(const std::vector<DramRow>& rows);

void print_dram_text(const std::vector<DramRow>& rows, const DramShared& shared, std::ostream& out);
/// Adds "dram", "dram_by_master", "dram_by_kind" (arrays) and "dram_energy" (totals by part).
void add_dram_json(const std::vector<DramRow>& rows, const DramShared& shared,
                   nlohmann::ordered_json& all);
/// A line per row, four for the shared parts, one for the total.
void print_dram_csv(const std::vector<DramRow>& rows, const DramShared& shared, std::ostream& out);

}  // namespace karhunen
