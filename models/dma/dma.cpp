#include "models/dma/dma.h"

#include <deque>
#include <string>
#include <vector>

namespace karhunen {
namespace {

/// Registers of the block, then those of each channel as "CHANNEL2.DESCRIPTOR".
std::span<const RegisterDescription> description() {
    static std::deque<std::string> names;
    static const std::vector<RegisterDescription> table = [] {
        std::vector<RegisterDescription> all{KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)};
        constexpr RegisterDescription channel[] = {KRHN_DMA_CHANNEL_REGISTERS(KARHUNEN_DESCRIBE)};
        for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c)
            for (RegisterDescription d : channel) {
                d.name =
                    names.emplace_back("CHANNEL" + std::to_string(c) + "." + std::string(d.name));
                d.offset += KRHN_DMA_CHANNEL(c);
                all.push_back(d);
            }
        return all;
    }();
    return table;
}

/// What the firmware uses each for; the DMA itself makes no difference.
constexpr const char* channel_names[KRHN_DMA_CHANNELS] = {
    "weights", "encoder_table", "input_table", "residual_table",
    "input",   "residual",      "output",      "copy"};

}  // namespace

Dma::Dma(sc_core::sc_module_name name, const DmaParameters& parameters,
         sc_core::sc_time register_time, DmaObservers observers)
    : sc_module(name),
      registers("registers", description(), register_time),
      shared_{parameters, std::move(observers), {}, nullptr, {}},
      irq_status_(registers["IRQ_STATUS"]),
      irq_enable_(registers["IRQ_ENABLE"]),
      error_(registers["ERROR"]) {
    if (parameters.block_bytes == 0 || parameters.outstanding == 0)
        throw std::invalid_argument("dma: block_bytes and outstanding must not be 0");
    shared_.raise = [this](uint32_t bits, uint32_t causes) { raise(bits, causes); };
    channels_.init(KRHN_DMA_CHANNELS, [this](const char*, size_t c) {
        return new DmaChannel(channel_names[c], static_cast<uint32_t>(c), memory_port_, shared_);
    });
    describe_common_registers();
    for (uint32_t c = 0; c < KRHN_DMA_CHANNELS; ++c) describe_channel_registers(c);
    SC_HAS_PROCESS(Dma);
    SC_METHOD(drive_irq);
    sensitive << irq_changed_;
}

void Dma::end_of_elaboration() {
    for (uint32_t port = 0; port < sinks.size(); ++port) {
        if (sinks[port].size() == 0) continue;
        StreamSink* const sink = sinks[port][0];
        shared_.sinks[port] = filter_sink_ ? filter_sink_(port, sink) : sink;
    }
    if (encoder_stream.size() == 0) return;
    shared_.encoder = filter_source_ ? filter_source_(encoder_stream[0]) : encoder_stream[0];
}

void Dma::describe_common_registers() {
    registers["ID"].value = block_id(0);
    registers["CONTROL"].on_write([this](uint32_t bits) {
        if (bits & KRHN_CONTROL_RESET)
            for (DmaChannel& c : channels_) c.reset();
    });
    registers["STATUS"].on_read([this] {
        uint32_t status = 0;
        for (const DmaChannel& c : channels_) status |= c.status() & KRHN_STATUS_BUSY;
        return status;
    });
    registers["JOBS_DONE"].on_read([this] {
        uint32_t chains = 0;
        for (const DmaChannel& c : channels_) chains += c.chains_done();
        return chains;
    });
    for (Register* r : {&irq_status_, &irq_enable_})
        r->on_write([this](uint32_t) { irq_changed_.notify(sc_core::SC_ZERO_TIME); });
}

void Dma::describe_channel_registers(uint32_t index) {
    const std::string prefix = "CHANNEL" + std::to_string(index) + ".";
    DmaChannel& c = channels_[index];
    Register& descriptor = registers[prefix + "DESCRIPTOR"];
    registers[prefix + "CHANNEL_CONTROL"].on_write([&c, &descriptor](uint32_t bits) {
        if (bits & KRHN_CONTROL_RESET) c.reset();
        if (bits & KRHN_CONTROL_START) c.start(descriptor);
    });
    registers[prefix + "CHANNEL_STATUS"].on_read([&c] { return c.status(); });
    registers[prefix + "CHANNEL_ERROR"].on_read([&c] { return c.error(); });
    registers[prefix + "ERROR_ADDRESS"].on_read([&c] { return c.error_address(); });
    registers[prefix + "CHAINS_DONE"].on_read([&c] { return c.chains_done(); });
}

void Dma::raise(uint32_t irq_bits, uint32_t causes) {
    irq_status_.value |= irq_bits;
    error_.value |= causes;
    irq_changed_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::drive_irq() {
    irq.write((irq_status_ & irq_enable_) != 0);
}

void Dma::trace(sc_core::sc_trace_file* file) const {
    for (const DmaChannel& c : channels_) c.trace_activity(file);
}

}  // namespace karhunen
