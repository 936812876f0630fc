// What the subcommands of `karhunen codec` share.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "platform/map_file.h"

namespace karhunen {

/// How the user describes a file of values.
struct MapWords {
    std::string shape, format, order = "chw";
    bool is_signed = false;
};

void add_map_options(CLI::App& command, MapWords& words);
MapFileOptions file_options(const MapWords& words);  ///< throws std::runtime_error

/// A step of decoded u8 values in steps of these: as large as lets the largest be 255, at least 1.
double decoded_scale_of(std::span<const int16_t> values);

void add_codec_rate_command(CLI::App& codec, int& exit_code);
void add_codec_ablation_command(CLI::App& codec, int& exit_code);
void add_codec_blocks_command(CLI::App& codec, int& exit_code);
void add_codec_energy_command(CLI::App& codec, int& exit_code);

}  // namespace karhunen
