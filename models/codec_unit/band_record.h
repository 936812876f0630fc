// What a replay has to know of the bands of a unit. No SystemC.
#pragma once

#include <cstdint>
#include <vector>

namespace karhunen {

/// What the timing of one band depends on beside its shape. The jobs of a unit come in the order
/// that firmware gives them, whatever the machine's speed, so a log is a list.
struct BandRecord {
    uint32_t tag = 0, codec = 0, format = 0, rows = 0, width = 0, channels = 0, streams = 0;
    std::vector<uint32_t> row_bytes;   ///< [row][stream]: what the encoder puts out with the row,
                                       ///< what the decoder has to have for it
    std::vector<uint64_t> row_clocks;  ///< empty: always those of the codec's timing
    uint64_t code_bits = 0;            ///< encoder: of the band
    double entropy_bits = 0;           ///< the same
    std::vector<std::vector<uint8_t>>
        bytes;  ///< encoder: its substreams, where needs_bytes() says so

    bool operator==(const BandRecord&) const = default;
};
using BandLog = std::vector<BandRecord>;

}  // namespace karhunen
