// Energy of computing and coding, for putting beside that of DRAM (models/ddr/energy.h). Of an
// ASIC: the same logic takes some 14 times as much in an FPGA of the same process (Kuon and Rose,
// TCAD 2007), less where hard multipliers and memories do the work.
#pragma once

#include <cstdint>
#include <vector>

#include "models/resources/codec_unit.h"

namespace karhunen::resources {

struct Process {
    const char* name;
    double factor;  ///< of every energy against 45 nm
};
/// Horowitz, "Computing's energy problem", ISSCC 2014, measured at 0.9 V.
inline constexpr Process process_45nm = {"45 nm, 0.9 V", 1};
/// C V^2: (65 / 45) (1.2 V / 0.9 V)^2. Good to a factor of 1.5.
inline constexpr Process process_65nm = {"65 nm, 1.2 V", 65.0 / 45 * (1.2 / 0.9) * (1.2 / 0.9)};

/// 0.2 pJ for 8 x 8, growing with the product of the widths (32 x 32: 3.2, printed 3.1).
double multiply_pj(uint32_t a_bits, uint32_t b_bits, const Process& process);
/// 0.1 pJ for 32 bits, in proportion (8 bits: 0.025, printed 0.03).
double add_pj(uint32_t bits, const Process& process);
/// 8 x 8 into a sum of 32.
double mac_pj(const Process& process);
/// A byte of a bank with words of 64 bits: 10, 20, 100 pJ a word at 8, 32, 1024 KiB, a power of the
/// size between; as at the ends beyond them.
double sram_pj_per_byte(uint64_t bank_bytes, const Process& process);
/// Of a memory, which is as many banks of 64 bits as its port is wide.
double sram_pj_per_byte(const Memory& memory, const Process& process);

/// One clock of a part in which all of it works: its multipliers, a word of each memory, and each
/// gate as that of an adder (0.1 pJ by the 224 gates of 32 full adders). Most gates do not switch
/// in most clocks: an upper bound, good to a factor of 2.
double clock_pj(const Inventory& inventory, const Process& process);

/// Per value of a map.
struct CodecEnergy {
    double encode_pj = 0, decode_pj = 0;
    double both_pj() const { return encode_pj + decode_pj; }
};
/// Coding alone: no buffers, FIFOs and DMA, which raw maps need as well. The matrix of `transform`
/// is read once for each pixel, as its unit does.
CodecEnergy codec_energy(uint32_t codec, const CodecUnit& unit, uint32_t channels,
                         const Process& process);

/// Bits per value that a codec must save to get its energy back from DRAM, which takes
/// `dram_pj_per_bit` for a bit written and read.
double bits_to_save(const CodecEnergy& energy, double dram_pj_per_bit);

/// What was counted, times what each takes.
struct OperationCounts {
    uint64_t macs = 0, sram_bytes = 0, values_encoded = 0, values_decoded = 0;
};
struct OperationCosts {
    double mac_pj = 0, sram_byte_pj = 0;
    CodecEnergy codec;
};
double energy_pj(const OperationCounts& counts, const OperationCosts& costs);

}  // namespace karhunen::resources
