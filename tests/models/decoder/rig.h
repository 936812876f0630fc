// A decoder, the buffer behind it and the processor that programs it.
#pragma once

#include "models/buffers/row_buffer.h"
#include "models/decoder/decoder.h"
#include "tests/support/band_job.h"
#include "tests/support/streams.h"

namespace karhunen {

struct DecoderRig : sc_core::sc_module {
    Initiator cpu{"cpu"};
    Decoder decoder;
    RowBuffer buffer;
    sc_core::sc_signal<bool> irq{"irq"};

    explicit DecoderRig(uint32_t buffer_bytes = 1 << 20, uint32_t fifo_bytes = 2048,
                        sc_core::sc_module_name name = "decoder_rig")
        : sc_module(name),
          decoder("decoder", parameters(fifo_bytes)),
          buffer("buffer", buffer_bytes) {
        cpu.socket.bind(decoder.registers.socket);
        decoder.rows.bind(buffer.writer);
        decoder.irq.bind(irq);
    }

    static CodecUnitParameters parameters(uint32_t fifo_bytes) {
        CodecUnitParameters p;
        p.id = 2;
        p.clock_period = sc_core::sc_time(10, sc_core::SC_NS);
        p.fifo_bytes = fifo_bytes;
        return p;
    }

    void start(const BandJob& job) { job.start_decoder(cpu); }

    sc_core::sc_time time_in_all_states() { return total(decoder.activity().times()); }
};

}  // namespace karhunen
