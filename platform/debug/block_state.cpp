// What each block is doing: see machine_state.h.
#include <sstream>

#include "models/dma/descriptor.h"
#include "models/interfaces/time_text.h"
#include "platform/debug/machine_state.h"
#include "platform/registers/register_map.h"
#include "platform/registers/text.h"

namespace karhunen::debug {

namespace {

/// What a block is waiting for, by its state.
struct Waits {
    const char *input, *weights, *output;
};

std::string state_text(const Activity& activity, const Waits& waits) {
    std::ostringstream out;
    switch (activity.state()) {
        case State::wait_input:
            out << "waits for " << waits.input;
            break;
        case State::wait_weights:
            out << "waits for " << waits.weights;
            break;
        case State::wait_output:
            out << "waits for " << waits.output;
            break;
        default:
            out << name_of(activity.state());
    }
    out << " since " << time_text(activity.since()) << " (for "
        << time_text(sc_core::sc_time_stamp() - activity.since()) << ")";
    if (activity.state() != State::idle) out << ", layer " << activity.tag();
    return out.str();
}

/// "  running: TAG=3 ROWS=7": the parameters that are not 0.
void print_job(std::ostream& out, const char* which, const RegisterBlock& registers,
               const std::optional<std::vector<uint32_t>>& values) {
    if (!values) return;
    out << "  " << which << ':';
    size_t next = 0;
    for (const Register* r : registers.in_order()) {
        if (r->description.offset < 0x40) continue;
        const uint32_t value = values->at(next++);
        if (value != 0 || r->description.name == "TAG")
            out << ' ' << r->description.name << '=' << value;
    }
    out << '\n';
}

/// " STREAM CHECKSUM" of the bits of ERROR.
std::string causes_text(uint32_t causes) {
    std::string text;
    for (const RegisterField& field : find_register("ENCODER.ERROR")->description->fields)
        if (causes & field.mask()) text += ' ' + field.name;
    return text;
}

void print_block(std::ostream& out, const char* name, const Activity& activity, const Waits& waits,
                 const JobState& jobs, RegisterBlock& registers) {
    out << name << ": " << state_text(activity, waits) << ", " << registers["JOBS_DONE"].value
        << " jobs done\n";
    print_job(out, jobs.has_failed ? "failed" : "running", registers, jobs.running);
    print_job(out, "next", registers, jobs.shadow);
    if (const uint32_t causes = registers["ERROR"])
        out << "  ERROR " << hex_text(causes) << causes_text(causes) << '\n';
}

/// ", 3 x 64 bytes, source stride 0x80", where there are strides.
void print_rows(std::ostream& out, uint32_t count, const std::string& what,
                const krhn_dma_descriptor& d) {
    out << ", " << count << what;
    if (count <= 1) return;
    if (d.kind != KRHN_DMA_STREAM_OUT) out << ", source stride " << hex_text(d.source_stride);
    if (d.kind == KRHN_DMA_COPY || d.kind == KRHN_DMA_STREAM_OUT)
        out << ", destination stride " << hex_text(d.destination_stride);
}

void print_descriptor(std::ostream& out, const krhn_dma_descriptor& d) {
    const bool has_streams = d.kind == KRHN_DMA_STREAM_IN || d.kind == KRHN_DMA_STREAM_OUT;
    out << ": " << name_of_dma_kind(d.kind);
    if (has_streams || d.kind == KRHN_DMA_LOAD) out << ", " << name_of_dma_port(d.port);
    if (d.kind != KRHN_DMA_STREAM_OUT) out << ", from " << hex_text(d.source, 8);
    if (d.kind == KRHN_DMA_COPY || d.kind == KRHN_DMA_STREAM_OUT)
        out << ", to " << hex_text(d.destination, 8);
    if (has_streams)
        print_rows(out, d.n_streams, " substreams", d);
    else
        print_rows(out, d.rows, " x " + std::to_string(d.row_bytes) + " bytes", d);
    out << ", layer " << d.tag;
}

void print_channel(std::ostream& out, const DmaChannel& channel, uint32_t number) {
    constexpr Waits waits{"the bytes to move", "", "the place they go to"};
    out << "dma channel " << number << ": " << state_text(channel.activity(), waits) << ", "
        << channel.chains_done() << " chains done\n";
    if (channel.is_running()) {
        out << "  descriptor at " << hex_text(channel.descriptor_address(), 8);
        if (channel.descriptor()) print_descriptor(out, *channel.descriptor());
        if (!channel.defect().empty())
            out << ": " << channel.defect();
        else if (!channel.descriptor())
            out << ", which is being read";
        out << "; " << channel.transactions_in_flight() << " transactions in flight\n";
    }
    if (channel.shadow()) out << "  next: descriptor at " << hex_text(*channel.shadow(), 8) << '\n';
    if (channel.error())
        out << "  ERROR " << hex_text(channel.error()) << causes_text(channel.error()) << " at "
            << hex_text(channel.error_address(), 8) << '\n';
}

void print_dma(std::ostream& out, const Dma& dma) {
    std::string idle;
    for (uint32_t n = 0; n < KRHN_DMA_CHANNELS; ++n) {
        const DmaChannel& channel = dma.channel(n);
        if (channel.is_running() || channel.shadow() || channel.error())
            print_channel(out, channel, n);
        else
            idle += ' ' + std::to_string(n);
    }
    if (!idle.empty()) out << "dma, idle channels:" << idle << '\n';
}

template <typename Store>
void print_fill(std::ostream& out, const char* name, const Store& store) {
    out << name << ": " << store.fill() << " of " << store.capacity() << " bytes, most "
        << store.peak() << '\n';
}

void print_decoder(std::ostream& out, const char* name, Decoder& decoder) {
    print_block(out, name, decoder.activity(),
                {"bytes of its streams", "its codec table", "room for rows"}, decoder.job_state(),
                decoder.registers);
    out << "  stream FIFOs: " << decoder.stream_bytes() << " bytes\n";
    print_fill(out, "  tables", decoder.tables);
}

void print_watchdog(std::ostream& out, const SimulationControl& control) {
    out << "watchdog: ";
    if (control.watchdog() == sc_core::SC_ZERO_TIME)
        out << "off\n";
    else
        out << (control.last_kick() == sc_core::SC_ZERO_TIME
                    ? "never restarted"
                    : "restarted at " + time_text(control.last_kick()))
            << ", expires at " << time_text(control.last_kick() + control.watchdog()) << '\n';
}

}  // namespace

std::string blocks_text(Machine& m) {
    std::ostringstream out;
    print_dma(out, m.dma);
    print_decoder(out, "input decoder", m.input_decoder);
    print_decoder(out, "residual decoder", m.residual_decoder);
    print_block(out, "compute array", m.array.activity(),
                {"rows of the activation buffer", "chunks of the weight buffer",
                 "room in front of post-processing"},
                m.array.job_state(), m.array.registers);
    print_block(out, "post-processing", m.post.activity(),
                {"sums of the array, or rows of the residual buffer", "", "room for its results"},
                m.post.job_state(), m.post.registers);
    out << "  FIFO: " << m.post.waiting_slices() << " slices of sums\n";
    print_block(out, "encoder", m.encoder.activity(),
                {"rows of the output buffer", "its codec table", "room in its stream FIFOs"},
                m.encoder.job_state(), m.encoder.registers);
    out << "  stream FIFOs: " << m.encoder.stream_bytes() << " bytes\n";
    print_fill(out, "  tables", m.encoder.tables);
    print_fill(out, "weight buffer", m.buffers.weights);
    print_fill(out, "activation buffer", m.buffers.activation);
    print_fill(out, "output buffer", m.buffers.output);
    print_fill(out, "residual buffer", m.buffers.residual);
    out << "DDR controller: " << name_of(m.ddr.activity().state()) << " since "
        << time_text(m.ddr.activity().since()) << '\n';
    out << "UART: " << m.uart.waiting() << " characters not yet read\n";
    print_watchdog(out, m.simulation_control);
    return out.str();
}

}  // namespace karhunen::debug
