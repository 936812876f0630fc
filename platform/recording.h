// What a run depends on beside the machine: recorded by one run with values, it lets others be
// replayed without (platform/replay.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "models/codec_unit/band_record.h"

namespace karhunen {

/// Bytes of each substream of each band of a picture in memory: [band][substream].
using InputSizes = std::vector<std::vector<uint32_t>>;

struct Recording {
    uint32_t loadable_crc32 = 0;  ///< of the header, which has those of the sections
    uint32_t firmware_crc32 = 0;  ///< of entry and segments
    BandLog input_decoder, residual_decoder, encoder;
    std::vector<InputSizes> inputs;  ///< of each image
    std::string image;               ///< for reports: where the first one came from
    std::vector<std::string> shown;  ///< class of each image, where it is known

    uint32_t images() const { return static_cast<uint32_t>(inputs.size()); }

    /// Throws std::runtime_error("PATH: REASON").
    void write(const std::filesystem::path& path) const;
    /// Every count is checked against the bytes that are there, all of it by a CRC-32. Throws
    /// std::runtime_error("PATH: REASON").
    static Recording read(const std::filesystem::path& path);
    static Recording parse(std::span<const uint8_t> bytes, const std::string& name);
    std::vector<uint8_t> bytes() const;

    bool operator==(const Recording&) const = default;
};

}  // namespace karhunen
