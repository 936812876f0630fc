// The whole configuration of a machine, as read from configs/platform/*.yaml. One source of truth
// for keys, defaults, ranges and comments is the table in configuration.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <stdexcept>
#include <string>

namespace karhunen {

/// what(): "file:line:column: key: what was found, what was expected".
class ConfigurationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct ArrayConfiguration {
    double clock_mhz = 160;
    uint32_t reduction_lanes = 576;
    uint32_t output_lanes = 4;
    uint32_t pass_values_per_clock = 64;
};

struct BufferConfiguration {
    uint32_t weight_kib = 256;
    uint32_t activation_kib = 128;
    uint32_t output_kib = 128;
    uint32_t residual_kib = 128;
    uint32_t table_kib = 384;
};

struct CodecConfiguration {
    uint32_t streams = 4;
    uint32_t transform_multipliers = 256;
    uint32_t raw_values_per_clock = 32;
    uint32_t stream_fifo_bytes = 4096;  ///< per substream, in encoder and decoders
};

struct DmaConfiguration {
    uint32_t block_bytes = 2048;  ///< most bytes of one memory transaction
    uint32_t outstanding = 4;     ///< transactions in flight per channel
};

struct DdrConfiguration {
    std::string model = "ddr3";  ///< ddr3 | ideal
    std::string device = "ddr3-1600-4gb-x16";
    double clock_mhz = 0;  ///< 0: the device's own
    uint32_t size_mib = 512;
    std::string mapping = "row-bank-column";
    // See models/ddr/policy.h.
    std::string page = "open";
    std::string scheduler = "fr_fcfs";
    uint32_t read_queue = 32, write_queue = 32;
    uint32_t write_high = 24, write_low = 8;
    uint32_t write_high_bursts = 64, write_low_bursts = 16;
    uint32_t starvation_bursts = 256;
    uint32_t postponed_refreshes = 0;
    std::string arbitration = "round_robin";
    std::string preferred = "maps";
};

struct CpuConfiguration {
    double clock_mhz = 160;
    uint32_t quantum_instructions = 1000;
    double watchdog_ms = 1000;  ///< simulated time without progress
};

struct PlatformConfiguration {
    ArrayConfiguration array;
    BufferConfiguration buffers;
    CodecConfiguration codec;
    DmaConfiguration dma;
    DdrConfiguration ddr;
    CpuConfiguration cpu;

    /// Reads and checks a whole file. Throws ConfigurationError.
    static PlatformConfiguration read(const std::filesystem::path& path);
    static PlatformConfiguration parse(const std::string& text, const std::string& name);
    /// Every key with a comment and its value, as YAML that read() accepts.
    void print(std::ostream& out) const;
};

}  // namespace karhunen
