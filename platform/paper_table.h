// Table III of Chmiel et al. by our models, beside what is printed (platform/paper.h), and the
// energy of their whole network. Energy mode `paper` (models/ddr/energy.h).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "platform/paper.h"

namespace karhunen {

/// One map that is written once and read once, at the same rate.
struct MapCost {
    double energy_uj = 0;
    double power_mw = 0;        ///< energy over the layer's time, one value per clock
    double bandwidth_gbps = 0;  ///< clock x bits per value: one side, as they count it
};
MapCost map_cost(uint64_t values, double bits_per_value);

struct PaperRow {
    const paper::Layer* layer = nullptr;
    const paper::Variant* printed = nullptr;
    MapCost ours;
    double energy_percent = 0, bandwidth_percent = 0;  ///< against the 8-bit row
    /// The energy cell is in milliwatts: its own percentage fits our power of the 8-bit row, not
    /// the energy printed there.
    bool milliwatts = false;
    double printed_uj = 0;          ///< what the energy cell means, in uJ
    double difference_percent = 0;  ///< of ours against printed_uj
    bool bandwidth_agrees = false;  ///< to the two decimals that are printed
};

/// All maps of ResNet-18 that are stored (17), at the printed entropies.
struct PaperNetwork {
    const char* name = "";
    double bits_per_value = 0;  ///< mean over values
    double energy_uj = 0, energy_percent = 0;
};

std::vector<PaperRow> paper_table();
std::vector<PaperNetwork> paper_networks();

void print_paper_text(std::ostream& out);
void print_paper_json(std::ostream& out);

}  // namespace karhunen
