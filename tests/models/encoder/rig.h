// An encoder, the buffer in front of it and the processor that programs it.
#pragma once

#include "models/buffers/row_buffer.h"
#include "models/encoder/encoder.h"
#include "tests/support/band_job.h"
#include "tests/support/streams.h"

namespace karhunen {

struct EncoderRig : sc_core::sc_module {
    Initiator cpu{"cpu"};
    Encoder encoder;
    RowBuffer buffer;
    sc_core::sc_signal<bool> irq{"irq"};

    explicit EncoderRig(uint32_t buffer_bytes = 1 << 20, uint32_t fifo_bytes = 2048,
                        sc_core::sc_module_name name = "encoder_rig")
        : sc_module(name),
          encoder("encoder", parameters(fifo_bytes)),
          buffer("buffer", buffer_bytes) {
        cpu.socket.bind(encoder.registers.socket);
        encoder.rows.bind(buffer.reader);
        encoder.irq.bind(irq);
    }

    static CodecUnitParameters parameters(uint32_t fifo_bytes) {
        CodecUnitParameters p;
        p.id = 6;
        p.clock_period = sc_core::sc_time(10, sc_core::SC_NS);
        p.fifo_bytes = fifo_bytes;
        return p;
    }

    void start(const BandJob& job) { job.start_encoder(cpu); }

    /// What post-processing does: rows into the buffer.
    void put_rows(const BandJob& job, const std::vector<int16_t>& values, Pace& pace) {
        const size_t words = values.size() / job.shape.rows;
        for (uint32_t r = 0; r < job.shape.rows; ++r) {
            pace.pause();
            const uint32_t sequence = job.row_sequence + r;
            Row& row =
                buffer.open(0, 1 << 20, sequence, job.shape.width, job.shape.channels, job.format);
            std::copy_n(values.begin() + static_cast<ptrdiff_t>(r * words), words,
                        row.values.begin());
            buffer.commit(0, sequence, job.shape.channels);
        }
    }

    sc_core::sc_time time_in_all_states() { return total(encoder.activity().times()); }
};

}  // namespace karhunen
