// `karhunen estimate` for people and programs: logic and memory per block, share of the device,
// energy of coding beside that of DRAM; and Table III of Chmiel et al. by preset `paper`.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/resources/energy.h"
#include "models/resources/machine.h"
#include "platform/configuration.h"

namespace karhunen {

struct EstimateReport {
    resources::Machine machine;
    const resources::Device* device = nullptr;
    resources::Preset preset = resources::Preset::clean;
    /// Of a bit written and read once: by the formula of Chmiel et al., and by the data sheet,
    /// bursts alone.
    double dram_paper_pj_per_bit = 0, dram_datasheet_pj_per_bit = 0;
};

/// What is estimated of the machine that `run` would simulate, on a device (by its name).
EstimateReport estimate_report(const PlatformConfiguration& configuration,
                               std::vector<uint32_t> codecs, const std::string& device,
                               resources::Preset preset = resources::Preset::clean);

/// What print_json prints.
nlohmann::ordered_json estimate_json(const EstimateReport& report);

/// Each may throw what resources::estimate() throws, before anything is printed.
void print_text(const EstimateReport& report, std::ostream& out);
void print_json(const EstimateReport& report, std::ostream& out);
void print_csv(const EstimateReport& report, std::ostream& out);

/// Energy of a codec on maps of `channels`; 0: the same for all.
struct CodecEnergyRow {
    uint32_t codec = 0, channels = 0;
    resources::CodecEnergy energy;
};
std::vector<CodecEnergyRow> codec_energies(const EstimateReport& report);
/// 65 nm for that device, 45 nm for the others.
const resources::Process& process_of(const resources::Device& device);

void print_table_3_text(std::ostream& out);
void print_table_3_json(std::ostream& out);
void print_table_3_csv(std::ostream& out);

}  // namespace karhunen
