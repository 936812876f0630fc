// A sweep: which designs to try, what they must keep, what is best. Read from YAML:
//
//     network: default            # or an ONNX file with calibration: DIR, and for accuracy
//                                 # images: DIR, labels: CSV, only: evaluation/, pictures: 100
//     base: machine.yaml          # what the axes do not say; default: the default machine
//     device: stratix10           # for logic, DSP and memory
//     grid:                       # every combination; the last one varies fastest
//       codec: [raw, transform:8, context:6]
//       array.output_lanes: [2, 4, 8]      # any key of `karhunen config`
//       memory:                            # or a name, whose values set several keys
//         - {ddr.device: ddr3-1066-4gb-x16}
//         - {ddr.device: ddr4-2400-8gb-x16, ddr.mapping: row-bank-column-group}
//     points:                     # besides or instead: single designs
//       - {codec: ebpc, batch: 16}
//     constraints: [fits: stratix10, fps >= 30, drop <= 1.0]
//     objectives: [max fps, min logic]
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/configuration.h"

namespace karhunen {

struct Setting {
    std::string key, text;
};
using Settings = std::vector<Setting>;

struct Axis {
    std::string name;
    std::vector<Settings> values;
};

enum class Comparison { at_least, at_most, above, below };

struct Constraint {
    std::string metric;  ///< of results.h
    Comparison comparison = Comparison::at_least;
    double bound = 0;
    std::string text;  ///< as it was written

    bool holds(double value) const;
};

struct Objective {
    std::string metric;
    bool maximise = false;
};

/// What decides the bits of the maps, beside the buffers and streams of the machine.
struct NetworkChoice {
    std::string codec = "transform", preset = "default";
    uint32_t batch = 1, weight_bits = 8;
};

struct Design {
    PlatformConfiguration configuration;
    NetworkChoice network;
    std::string device;
};

struct Sweep {
    std::string name;  ///< of the file
    std::string text;  ///< all of it
    std::string network = "default", calibration, images, labels;
    std::string only;         ///< images whose path contains it
    uint32_t pictures = 100;  ///< that accuracy is measured on; 0: it is not
    uint64_t seed = 1;        ///< of drawn pictures
    std::string device = "stratix10";
    PlatformConfiguration base;
    std::vector<Axis> axes;
    std::vector<Settings> points;
    std::vector<Constraint> constraints;
    std::vector<Objective> objectives;

    /// Files that it names are taken relative to its folder. Throws ConfigurationError naming file,
    /// line and column.
    static Sweep read(const std::filesystem::path& path);
    static Sweep parse(const std::string& text, const std::string& name,
                       const std::filesystem::path& folder);

    uint64_t size() const;  ///< points of the grid, then the single ones
    Settings settings(uint64_t point) const;
    Design design(uint64_t point) const;
    /// Keys that points set, in the order in which they occur first.
    std::vector<std::string> keys() const;
    /// Whether top-1 can be measured: the network has drawn pictures or labelled ones.
    bool has_accuracy() const;
};

}  // namespace karhunen
