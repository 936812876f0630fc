// Encoder and decoder of each codec, in parts.
#pragma once

#include <string>
#include <vector>

#include "models/resources/inventory.h"

namespace karhunen::resources {

struct CodecUnit {
    uint32_t streams = 4;  ///< coders of one symbol per clock
    uint32_t transform_multipliers = 256;
    uint32_t raw_values_per_clock = 32;
    uint64_t table_bytes = 384 * 1024;
    uint32_t fifo_bytes = 4096;  ///< per substream
};

/// One unit of hardware. `clocks_per_value`, and those for each channel of the map, say how long it
/// works for a value: what its energy is reckoned with. Both 0: not at all (loaded once per layer).
struct Part {
    std::string name;
    Inventory inventory;
    double clocks_per_value = 0, clocks_per_value_and_channel = 0;
};

/// The parts of one codec (krhn_codec) without path, FIFOs and tables that all codecs share.
std::vector<Part> encoder_parts(uint32_t codec, const CodecUnit& unit);
std::vector<Part> decoder_parts(uint32_t codec, const CodecUnit& unit);

/// What a unit has once, whatever the number of its codecs: the raw path, a FIFO per substream, a
/// table memory if a codec has parameters; its port is as wide as the PCA unit needs.
std::vector<Part> shared_parts(const std::vector<uint32_t>& codecs, const CodecUnit& unit);

}  // namespace karhunen::resources
