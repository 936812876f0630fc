#include "platform/machine_estimate.h"

#include <bit>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <karhunen/registers.h>

namespace karhunen {

namespace {

uint32_t bus_bits(const PlatformConfiguration& c, const DdrSettings& ddr) {
    const double mhz = ddr.clock_mhz > 0 ? ddr.clock_mhz : ddr.device.clock_mhz();
    const double bits_per_clock = 8 * ddr.device.peak_bytes_per_s(mhz) / (c.array.clock_mhz * 1e6);
    constexpr double most = 1 << 20;
    if (!(bits_per_clock <= most))
        throw std::invalid_argument("ddr: " + ddr.device.name + " moves more than " +
                                    std::to_string(1 << 20) +
                                    " bits in a clock of the array (array.clock_mhz)");
    return std::bit_ceil(static_cast<uint32_t>(std::ceil(bits_per_clock - 1e-6)));
}

}  // namespace

resources::Machine machine_resources(const PlatformConfiguration& c, const DdrSettings& ddr,
                                     std::vector<uint32_t> codecs) {
    resources::Machine m;
    m.array.reduction_lanes = c.array.reduction_lanes;
    m.array.output_lanes = c.array.output_lanes;
    m.pass_values_per_clock = c.array.pass_values_per_clock;
    m.buffers = {c.buffers.weight_kib, c.buffers.activation_kib, c.buffers.output_kib,
                 c.buffers.residual_kib};
    m.codec_unit = {.streams = c.codec.streams,
                    .transform_multipliers = c.codec.transform_multipliers,
                    .raw_values_per_clock = c.codec.raw_values_per_clock,
                    .table_bytes = uint64_t{1024} * c.buffers.table_kib,
                    .fifo_bytes = c.codec.stream_fifo_bytes};
    m.codecs = std::move(codecs);
    m.dma = {.channels = KRHN_DMA_CHANNELS,
             .block_bytes = c.dma.block_bytes,
             .outstanding = c.dma.outstanding,
             .bus_bits = bus_bits(c, ddr)};
    m.ddr = {.read_entries = c.ddr.read_queue,
             .write_entries = c.ddr.write_queue,
             .banks = ddr.device.banks,
             .write_bursts = c.ddr.write_high_bursts,
             .burst_bytes = ddr.device.burst_bytes(),
             .bus_bits = m.dma.bus_bits};
    return m;
}

}  // namespace karhunen
