// The DMA: moves weights, tables and streams between memory and the accelerator's blocks.
#pragma once

#include <functional>
#include <utility>

#include <systemc>

#include "models/dma/dma_channel.h"
#include "models/dma/memory_port.h"
#include "models/interfaces/register_block.h"

namespace karhunen {

/// Timing, registers and errors: README.md.
class Dma : public sc_core::sc_module {
public:
    template <typename Interface>
    using OptionalPort = sc_core::sc_port<Interface, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;

    /// register_time: what one register access takes.
    Dma(sc_core::sc_module_name name, const DmaParameters& parameters,
        sc_core::sc_time register_time, DmaObservers observers = {});

    RegisterBlock registers;
    sc_core::sc_out<bool> irq{"irq"};
    /// sinks[KRHN_PORT_...]; a descriptor that names a port without a binding is an error.
    sc_core::sc_vector<OptionalPort<StreamSink>> sinks{"sinks", KRHN_PORT_ENCODER_STREAM};
    OptionalPort<StreamSource> encoder_stream{"encoder_stream"};

private:
    MemoryPort memory_port_{"memory_port"};

public:
    /// To the bus; addresses are those of the whole system.
    tlm_utils::simple_initiator_socket<MemoryPort>& memory = memory_port_.socket;

    /// The observer outlives the simulation.
    void observe(DmaObserver& observer) { shared_.observer = &observer; }
    /// Put something between the channels and a port, before the simulation starts. Called once for
    /// each port that is connected, with its number; what they return must outlive the simulation.
    void filter_sinks(std::function<StreamSink*(uint32_t port, StreamSink*)> f) {
        filter_sink_ = std::move(f);
    }
    void filter_source(std::function<StreamSource*(StreamSource*)> f) {
        filter_source_ = std::move(f);
    }

    Activity& activity(uint32_t channel) { return channels_[channel].activity(); }
    const DmaChannel& channel(uint32_t number) const { return channels_[number]; }
    void trace(sc_core::sc_trace_file* file) const;

private:
    void end_of_elaboration() override;
    void describe_common_registers();
    void describe_channel_registers(uint32_t channel);
    void raise(uint32_t irq_bits, uint32_t causes);
    void drive_irq();

    DmaShared shared_;
    sc_core::sc_vector<DmaChannel> channels_;
    Register &irq_status_, &irq_enable_, &error_;
    sc_core::sc_event irq_changed_;
    std::function<StreamSink*(uint32_t, StreamSink*)> filter_sink_;
    std::function<StreamSource*(StreamSource*)> filter_source_;
};

}  // namespace karhunen
