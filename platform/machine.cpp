#include "platform/machine.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <utility>

#include <karhunen/dma.h>
#include <karhunen/registers.h>

#include "platform/files.h"

namespace karhunen {

namespace {

sc_core::sc_time period_of(double mhz) {
    return sc_core::sc_time(1000 / mhz, sc_core::SC_NS);
}

/// A register access or a bus hop takes one clock of the accelerator.
sc_core::sc_time access_time(const PlatformConfiguration& c) {
    return period_of(c.array.clock_mhz);
}

}  // namespace

ddr::Device ddr_device(const std::string& name) {
    if (std::filesystem::path(name).extension() != ".yaml")
        return ddr::Device::find(name, "configs/ddr");
    check_readable(name);
    return ddr::Device::read(name);
}

void print_warnings(const DdrSettings& settings) {
    const auto print = [](const std::string& warning) {
        std::fprintf(stderr, "karhunen: warning: %s\n", warning.c_str());
    };
    const ddr::Device& device = settings.device;
    for (const std::string& warning : device.warnings) print(warning);
    if (settings.clock_mhz > device.clock_mhz() * 1.001)
        print("ddr.clock_mhz is above the " + std::to_string(std::lround(device.clock_mhz())) +
              " MHz of " + device.name);
    if (device.t_ccd_l > device.t_ccd_s && settings.mapping != "row-bank-column-group")
        print("ddr.mapping " + settings.mapping + " keeps a stream in one bank group of " +
              device.name + ", one burst per tCCD_L; row-bank-column-group reaches the pin rate");
}

/// Words of the configuration are checked when it is read.
DdrSettings ddr_settings(const PlatformConfiguration& configuration) {
    const DdrConfiguration& c = configuration.ddr;
    DdrSettings settings;
    settings.device = ddr_device(c.device);
    settings.clock_mhz = c.clock_mhz;
    settings.model = c.model;
    settings.size_bytes = uint64_t{c.size_mib} << 20;
    settings.mapping = c.mapping;
    settings.preferred = c.preferred == "weights"  ? TrafficKind::weights
                         : c.preferred == "tables" ? TrafficKind::tables
                                                   : TrafficKind::maps;
    ddr::Policy& policy = settings.policy;
    policy.page = c.page == "closed"     ? ddr::PagePolicy::closed
                  : c.page == "adaptive" ? ddr::PagePolicy::adaptive
                                         : ddr::PagePolicy::open;
    if (c.scheduler == "fifo") policy.scheduler = ddr::Scheduler::fifo;
    if (c.arbitration == "priority") policy.arbitration = ddr::Arbitration::priority;
    policy.read_entries = c.read_queue;
    policy.write_entries = c.write_queue;
    policy.high_entries = c.write_high;
    policy.low_entries = c.write_low;
    policy.high_bursts = c.write_high_bursts;
    policy.low_bursts = c.write_low_bursts;
    policy.starvation_bursts = c.starvation_bursts;
    policy.postponed_refreshes = c.postponed_refreshes;
    policy.check();
    if (c.clock_mhz > 0 && c.clock_mhz < 1)
        throw std::invalid_argument("ddr.clock_mhz: expected 0, or 1 and more");
    if (settings.size_bytes > settings.device.bytes())
        throw std::invalid_argument("ddr.size_mib: expected at most the " +
                                    std::to_string(settings.device.bytes() >> 20) + " MiB of " +
                                    settings.device.name);
    return settings;
}

namespace {

BufferSizes buffer_sizes(const PlatformConfiguration& c) {
    const auto bytes = [](uint32_t kib) { return kib * 1024; };
    return {bytes(c.buffers.weight_kib), bytes(c.buffers.activation_kib),
            bytes(c.buffers.output_kib), bytes(c.buffers.residual_kib), bytes(c.buffers.table_kib)};
}

CodecUnitParameters codec_unit(const PlatformConfiguration& c, uint32_t block) {
    return {.id = block,
            .clock_period = period_of(c.array.clock_mhz),
            .hardware = {c.codec.transform_multipliers, c.codec.raw_values_per_clock},
            .fifo_bytes = c.codec.stream_fifo_bytes,
            .table_bytes = c.buffers.table_kib * 1024};
}

/// In waveforms.
constexpr std::pair<uint32_t, const char*> interrupt_sources[] = {
    {KRHN_IRQ_UART, "uart"},
    {KRHN_IRQ_DMA, "dma"},
    {KRHN_IRQ_DDR_CONTROLLER, "ddr"},
    {KRHN_IRQ_INPUT_DECODER, "input_decoder"},
    {KRHN_IRQ_RESIDUAL_DECODER, "residual_decoder"},
    {KRHN_IRQ_COMPUTE_ARRAY, "array"},
    {KRHN_IRQ_POST_PROCESSING, "post"},
    {KRHN_IRQ_ENCODER, "encoder"}};
static_assert(std::size(interrupt_sources) == KRHN_IRQ_SOURCES - 1);

/// Pieces of streams are whole words of the bus: decoders do not see halves of words.
DmaParameters dma_parameters(const PlatformConfiguration& c) {
    if (c.dma.block_bytes % 16 != 0)
        throw std::invalid_argument("dma.block_bytes: expected a multiple of 16, found " +
                                    std::to_string(c.dma.block_bytes));
    return {c.dma.block_bytes, c.dma.outstanding};
}

constexpr uint32_t block_number(uint32_t base) {
    return (base - KRHN_BLOCK_BASE) / KRHN_BLOCK_BYTES;
}

}  // namespace

Machine::Machine(sc_core::sc_module_name name, const PlatformConfiguration& c,
                 DmaObservers observers, DataPath data)
    : sc_module(name),
      cpu("cpu", period_of(c.cpu.clock_mhz), c.cpu.quantum_instructions, KRHN_SRAM_BASE),
      bus("bus", access_time(c)),
      sram("sram", KRHN_SRAM_BYTES, access_time(c)),
      clint("clint", period_of(c.cpu.clock_mhz), access_time(c)),
      plic("plic", KRHN_IRQ_SOURCES, access_time(c)),
      uart("uart", access_time(c)),
      simulation_control("simulation_control", sc_core::sc_time(c.cpu.watchdog_ms, sc_core::SC_MS),
                         access_time(c)),
      dma("dma", dma_parameters(c), access_time(c), std::move(observers)),
      ddr("ddr", ddr_settings(c)),
      buffers("buffers", buffer_sizes(c), access_time(c), data.values),
      input_decoder("input_decoder", codec_unit(c, block_number(KRHN_INPUT_DECODER_BASE)),
                    std::move(data.input_decoder)),
      residual_decoder("residual_decoder", codec_unit(c, block_number(KRHN_RESIDUAL_DECODER_BASE)),
                       std::move(data.residual_decoder)),
      array("array", {c.array.reduction_lanes, c.array.output_lanes, c.array.pass_values_per_clock},
            period_of(c.array.clock_mhz), data.values),
      post("post", {.clock_period = period_of(c.array.clock_mhz), .values = data.values}),
      encoder("encoder", codec_unit(c, block_number(KRHN_ENCODER_BASE)), std::move(data.encoder)) {
    map_addresses();
    wire_data_path();
    wire_interrupts();
}

void Machine::map_addresses() {
    cpu.socket.bind(bus.initiators);
    dma.memory.bind(bus.initiators);

    // clang-format off
    bus.map("simulation control", KRHN_SIMULATION_CONTROL_BASE, KRHN_SIMULATION_CONTROL_BYTES, simulation_control.registers.socket);
    bus.map("CLINT",              KRHN_CLINT_BASE,              KRHN_CLINT_BYTES, clint.socket);
    bus.map("PLIC",               KRHN_PLIC_BASE,               KRHN_PLIC_BYTES,  plic.socket);
    bus.map("UART",               KRHN_UART_BASE,               KRHN_UART_BYTES,  uart.socket);
    bus.map("DMA",                KRHN_DMA_BASE,                KRHN_BLOCK_BYTES, dma.registers.socket);
    bus.map("DDR controller",     KRHN_DDR_CONTROLLER_BASE,     KRHN_BLOCK_BYTES, ddr.registers.socket);
    bus.map("input decoder",      KRHN_INPUT_DECODER_BASE,      KRHN_BLOCK_BYTES, input_decoder.registers.socket);
    bus.map("residual decoder",   KRHN_RESIDUAL_DECODER_BASE,   KRHN_BLOCK_BYTES, residual_decoder.registers.socket);
    bus.map("compute array",      KRHN_COMPUTE_ARRAY_BASE,      KRHN_BLOCK_BYTES, array.registers.socket);
    bus.map("post-processing",    KRHN_POST_PROCESSING_BASE,    KRHN_BLOCK_BYTES, post.registers.socket);
    bus.map("encoder",            KRHN_ENCODER_BASE,            KRHN_BLOCK_BYTES, encoder.registers.socket);
    bus.map("buffers",            KRHN_BUFFERS_BASE,            KRHN_BLOCK_BYTES, buffers.registers.socket);
    bus.map("SRAM",               KRHN_SRAM_BASE,               KRHN_SRAM_BYTES,  sram.socket);
    bus.map("DDR",                KRHN_DDR_BASE,                ddr.storage().size(), ddr.socket);
    // clang-format on
}

void Machine::wire_data_path() {
    dma.sinks[KRHN_PORT_WEIGHTS].bind(buffers.weights.sink);
    dma.sinks[KRHN_PORT_ENCODER_TABLE].bind(encoder.tables.sink);
    dma.sinks[KRHN_PORT_INPUT_TABLE].bind(input_decoder.tables.sink);
    dma.sinks[KRHN_PORT_RESIDUAL_TABLE].bind(residual_decoder.tables.sink);
    dma.sinks[KRHN_PORT_INPUT_STREAM].bind(input_decoder.stream);
    dma.sinks[KRHN_PORT_RESIDUAL_STREAM].bind(residual_decoder.stream);
    dma.encoder_stream.bind(encoder.stream);

    input_decoder.rows.bind(buffers.activation.writer);
    residual_decoder.rows.bind(buffers.residual.writer);
    array.activation.bind(buffers.activation.reader);
    array.weights.bind(buffers.weights.reader);
    array.post.bind(post.sums);
    post.residual.bind(buffers.residual.reader);
    post.residual_writer.bind(buffers.residual.writer);
    post.activation.bind(buffers.activation.writer);
    post.output.bind(buffers.output.writer);
    encoder.rows.bind(buffers.output.reader);
}

void Machine::wire_interrupts() {
    uart.irq.bind(irq_[KRHN_IRQ_UART]);
    dma.irq.bind(irq_[KRHN_IRQ_DMA]);
    input_decoder.irq.bind(irq_[KRHN_IRQ_INPUT_DECODER]);
    residual_decoder.irq.bind(irq_[KRHN_IRQ_RESIDUAL_DECODER]);
    array.irq.bind(irq_[KRHN_IRQ_COMPUTE_ARRAY]);
    post.irq.bind(irq_[KRHN_IRQ_POST_PROCESSING]);
    encoder.irq.bind(irq_[KRHN_IRQ_ENCODER]);
    for (uint32_t source = 1; source < KRHN_IRQ_SOURCES; ++source)
        plic.source(source).bind(irq_[source]);
    plic.irq.bind(external_irq_);
    clint.timer_irq.bind(timer_irq_);
    clint.software_irq.bind(software_irq_);
    cpu.external_irq.bind(external_irq_);
    cpu.timer_irq.bind(timer_irq_);
    cpu.software_irq.bind(software_irq_);
}

void Machine::load_firmware(const ElfProgram& program) {
    load_elf(program, [this](uint32_t address, std::span<const uint8_t> bytes) {
        const auto copy_into = [&](std::span<uint8_t> target, uint32_t base) {
            if (address < base || address - base > target.size() ||
                bytes.size() > target.size() - (address - base))
                return false;
            std::copy(bytes.begin(), bytes.end(), target.begin() + (address - base));
            return true;
        };
        return copy_into(sram.bytes(), KRHN_SRAM_BASE) || copy_into(memory(), KRHN_DDR_BASE);
    });
    cpu.set_reset_pc(program.entry);
}

void Machine::keep_history() {
    for (Activity* activity : {&array.activity(), &post.activity(), &input_decoder.activity(),
                               &residual_decoder.activity(), &encoder.activity()})
        activity->keep_history();
    for (uint32_t channel = 0; channel < KRHN_DMA_CHANNELS; ++channel)
        dma.activity(channel).keep_history();
}

void Machine::trace(sc_core::sc_trace_file* file) {
    const std::string prefix = std::string(name()) + '.';
    sc_core::sc_trace(file, array.activity().tag(), prefix + "current_layer");
    for (const auto& [source, block] : interrupt_sources)
        sc_core::sc_trace(file, irq_[source], prefix + "interrupts." + block);
    sc_core::sc_trace(file, external_irq_, prefix + "interrupts.external");
    sc_core::sc_trace(file, timer_irq_, prefix + "interrupts.timer");
    sc_core::sc_trace(file, software_irq_, prefix + "interrupts.software");
    cpu.activity().trace_state(file);
    dma.trace(file);
    ddr.trace(file);
    buffers.trace(file);
    input_decoder.trace(file);
    residual_decoder.trace(file);
    array.trace(file);
    post.trace(file);
    encoder.trace(file);
}

}  // namespace karhunen
