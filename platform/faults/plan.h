// What shall go wrong in a run, read from YAML. README.md lists the kinds; configs/faults has a
// file of each. No SystemC.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/yaml_source.h"

namespace karhunen {

/// A word that only a machine or a network can tell to be right, and where it stands.
struct PlacedWord {
    std::string text;
    YAML::Node node;
};

struct BandName {
    PlacedWord tensor;
    uint32_t image = 0, band = 0;
};

/// A fault is armed at a time or when a band has been stored, by default from the start. What is
/// done to occasions (accesses, interrupts) is done from the nth one on, `times` times.
struct When {
    double us = 0;
    std::optional<BandName> stored;
    uint64_t nth = 1, times = 1;
};

enum class MemoryPart { address, band, entry, weights, table };

/// A bit in DRAM, at once.
struct MemoryFlip {
    MemoryPart part = MemoryPart::address;
    uint64_t address = 0;  ///< of the machine
    BandName band;         ///< of `band` and `entry`
    PlacedWord name;       ///< a layer with `weights`, a tensor with `table`, the address
    uint64_t byte = 0;     ///< of the part; of a band: of its substreams one after the other
    uint32_t bit = 0;
};

/// A bit of a register that stores one, at once.
struct RegisterFlip {
    PlacedWord name;  ///< BLOCK.REGISTER
    uint32_t bit = 0;
};

/// The ports of the DMA, numbered like them (KRHN_PORT_...) and like the channels that firmware
/// uses for them.
inline constexpr std::string_view port_names[] = {
    "weights", "encoder_table", "input_table", "residual_table", "input", "residual", "output"};

/// The lines of the interrupt controller, from source 1 on.
inline constexpr std::string_view interrupt_names[] = {"UART",
                                                       "DMA",
                                                       "DDR_CONTROLLER",
                                                       "INPUT_DECODER",
                                                       "RESIDUAL_DECODER",
                                                       "COMPUTE_ARRAY",
                                                       "POST_PROCESSING",
                                                       "ENCODER"};

/// A bit of the bytes that pass a port: `byte` counts those that pass from then on.
struct StreamFlip {
    uint32_t port = 0;
    bool at_memory = true;  ///< between DRAM and the DMA, else between the DMA and the block
    uint64_t byte = 0;
    uint32_t bit = 0;
};

/// Bytes stay where they are: before the port (it takes none), or in it (it gives none).
struct StuckPort {
    uint32_t port = 0;
    bool gives = false;
    double for_us = 0;  ///< 0: for ever
};

/// An interrupt that the controller sees late, or not before the line has been low again.
struct LateInterrupt {
    uint32_t source = 0;
    double delay_us = 0;  ///< 0: lost
};

/// An access to the bus that is answered with an error, or changed on its way.
struct BusFault {
    uint64_t first = 0, last = 0;  ///< addresses
    PlacedWord name;               ///< BLOCK.REGISTER instead, if there is one
    std::optional<bool> cpu;       ///< else any master
    std::optional<bool> write;     ///< else any access
    std::optional<uint32_t> byte;  ///< whose bit flips; none: an error
    uint32_t bit = 0;
};

/// Every access to DRAM takes longer.
struct SlowDram {
    double factor = 1;      ///< times as long as the pins need for the bytes
    double latency_ns = 0;  ///< and so much more
    double for_us = 0;      ///< 0: for ever
};

struct Fault {
    std::string text;  ///< as it was written
    When when;
    std::variant<MemoryFlip, RegisterFlip, StreamFlip, StuckPort, LateInterrupt, BusFault, SlowDram>
        what;
};

struct FaultPlan {
    YamlSource source{""};
    std::vector<Fault> faults;

    /// Throw ConfigurationError naming file, line and column.
    static FaultPlan read(const std::filesystem::path& path);
    static FaultPlan parse(const std::string& text, const std::string& name);
};

}  // namespace karhunen
