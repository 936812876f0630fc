// What a run found out, and how it is shown: three tables for people, JSON and CSV for programs.
// Every figure was measured in the run that is reported.
#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "platform/cosimulation/report.h"
#include "platform/dram_report.h"

namespace karhunen {

/// Clocks of the array in a layer's interval, which lasts from the end of the array's last job of
/// the layer before to the end of its last job of this one. The parts sum to `total`.
struct CycleSplit {
    uint64_t total = 0;
    uint64_t compute = 0;
    uint64_t input = 0;    ///< waiting for rows, decoder at work
    uint64_t weights = 0;  ///< waiting for weights that no transfer is bringing
    uint64_t encoder = 0;  ///< output buffer full, encoder at work
    uint64_t dram = 0;     ///< any of the three, while the data was waiting for DRAM
    uint64_t control = 0;  ///< no job: firmware, dependencies between layers
};

/// Bytes that crossed the DRAM pins (whole bursts).
struct TrafficSplit {
    uint64_t maps_read = 0, maps_written = 0;  ///< of the counted tensors (ResNet-18: 17)
    uint64_t other_maps = 0;                   ///< picture, pooled maps, logits: read and written
    uint64_t weights = 0, tables = 0, tile_table = 0, other = 0;
    uint64_t total() const {
        return maps_read + maps_written + other_maps + weights + tables + tile_table + other;
    }
};

/// The four rates, in bits per value of the stored map; see README of models/codec.
struct Rates {
    double entropy = 0;       ///< -log2 p under the static table
    double code_bits = 0;     ///< bits of code
    double stream_words = 0;  ///< with padding and tile table
    double dram_bursts = 0;   ///< bytes of the bursts that wrote it
};

/// What the decoders made of streams for a layer, of one tensor (its number in the loadable).
struct DecodedValues {
    uint32_t tensor = 0;
    uint64_t values = 0;
};

struct LayerReport {
    std::string name, tensor, codec;
    uint32_t height = 0, width = 0, channels = 0;  ///< of the stored map
    uint64_t values = 0;                           ///< stored, all images
    std::vector<DecodedValues> decoded;
    bool counted = false;  ///< one of the maps that rates are averaged over
    uint64_t multiplications = 0;
    uint64_t begin_ps = 0, end_ps = 0;  ///< the interval that `cycles` is of
    CycleSplit cycles;
    double utilisation = 0;  ///< multiplications / (total clocks * multipliers); 0: unfinished
    TrafficSplit traffic;
    Rates rates;
    double dram_busy_us = 0;  ///< DRAM had a request of this layer
    /// bytes / dram_busy_us (weights may come ahead of the layer); total: bytes / run, with boot
    double dram_gbps = 0;
    double dram_percent = 0;         ///< of the pins' peak
    double energy_paper_uj = 0;      ///< see models/ddr/README.md
    double energy_datasheet_uj = 0;  ///< commands of this layer; background is in the total
    std::vector<DramRow> dram;       ///< of this layer
};

struct Guess {
    uint32_t index = 0;
    double logit = 0;
    std::string name;
};

/// A fault that was to be injected, see platform/faults.
struct InjectedFault {
    std::string text;     ///< as the plan says it
    uint64_t fired = 0;   ///< times
    double first_us = 0;  ///< when it did so first
    std::string effect;   ///< what it did then, or why it could not
};

struct RunReport {
    std::string network, image, codec;
    uint32_t images = 1;
    double clock_mhz = 0;
    std::vector<LayerReport> layers;
    LayerReport total;           ///< cycles: from the first transfer to the last band stored
    DramShared dram_shared;      ///< of nobody, in the total only
    uint64_t raw_map_bytes = 0;  ///< what the counted maps would have moved at 8 bits per value
    uint64_t boot_cycles = 0;    ///< firmware before the first transfer, not in the total
    uint64_t drain_cycles = 0;   ///< after the array's last job: encode and store the last map
    /// 0: not all layers were finished.
    double frames_per_second = 0;
    double latency_ms = 0;
    std::vector<std::vector<Guess>> top;  ///< five per image
    std::vector<std::string> shown;       ///< class of each image, where it is known
    // comparison with the golden executor
    bool checked = false;
    uint64_t bands_checked = 0;
    std::string first_difference;  ///< empty: all equal
    uint64_t bands_stored = 0;     ///< of the network; 0: no table is shown
    bool has_network = true;
    double simulated_ms = 0;       ///< from reset to the end
    std::optional<RtlReport> rtl;  ///< where blocks were RTL
    std::vector<InjectedFault> injected;
    std::string uart;
    bool uart_shown = false;  ///< while it ran, so print_text does not repeat it
    int exit_code = 0;
    std::string fault;  ///< why the run stopped early
    /// What else its user ought to know.
    std::string remark;
};

/// What print_json prints.
nlohmann::ordered_json report_json(const RunReport& report);

void print_text(const RunReport& report, std::ostream& out);
void print_json(const RunReport& report, std::ostream& out);
void print_csv(const RunReport& report, std::ostream& out);  ///< a line per layer, then the total

}  // namespace karhunen
