// A whole machine as blocks, and what they take of a device.
#pragma once

#include <optional>
#include <vector>

#include "models/resources/array_blocks.h"
#include "models/resources/codec_unit.h"
#include "models/resources/memory_path.h"
#include "models/resources/usage.h"

namespace karhunen::resources {

/// clean: everything by the formulas of this folder. paper: array and PCA units by those that
/// reproduce Table III of Chmiel et al. (paper_preset.h); of no meaning but on Intel's devices.
enum class Preset { clean, paper };

struct BufferSizes {
    uint32_t weight_kib = 256, activation_kib = 128, output_kib = 128, residual_kib = 128;
};

/// Not in it: CPU, bus, timer, interrupts, UART, PHY of the DRAM.
struct Machine {
    ComputeArray array;
    uint32_t pass_values_per_clock = 64;
    BufferSizes buffers;
    CodecUnit codec_unit;
    std::vector<uint32_t> codecs;  ///< krhn_codec, that encoder and decoders can do; raw they can
    Dma dma;
    DdrFrontEnd ddr;
};

struct BlockUsage {
    std::string block;  ///< "encoder"
    std::string part;   ///< "PCA unit", or empty
    Usage usage;
    bool kge_known = true;  ///< false: by a formula that says LUT and DSP only
};

struct Estimate {
    std::vector<BlockUsage> blocks;
    Usage total;
    bool kge_known = true;
};

/// Throws std::invalid_argument for a preset that does not apply, and where a codec has more
/// substreams than a band may (12).
Estimate estimate(const Machine& machine, const Device& device, Preset preset = Preset::clean);

}  // namespace karhunen::resources
