// An encoder, the buffer in front of it and the processor that programs it.
#pragma once

#include "models/buffers/row_buffer.h"
#include "models/encoder/encoder.h"
#include "tests/support/streams.h"

namespace karhunen {

struct BandJob {
    BandShape shape;
    Format format = Format::u8;
    uint32_t codec = KRHN_CODEC_RAW, streams = 4, row_sequence = 0, table_sequence = 0, flags = 0;
};

struct EncoderRig {
    Initiator cpu{"cpu"};
    Encoder encoder;
    RowBuffer buffer;
    sc_core::sc_signal<bool> irq{"irq"};

    explicit EncoderRig(uint32_t buffer_bytes = 1 << 20, uint32_t fifo_bytes = 2048)
        : encoder("encoder", parameters(fifo_bytes)), buffer("buffer", buffer_bytes) {
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

    void start(const BandJob& job, uint32_t tag = 0) {
        cpu.write32(KRHN_ENCODER_TAG, tag);
        cpu.write32(KRHN_ENCODER_CODEC, job.codec);
        cpu.write32(KRHN_ENCODER_FORMAT, static_cast<uint32_t>(job.format));
        cpu.write32(KRHN_ENCODER_ROWS, job.shape.rows);
        cpu.write32(KRHN_ENCODER_WIDTH, job.shape.width);
        cpu.write32(KRHN_ENCODER_CHANNELS, job.shape.channels);
        cpu.write32(KRHN_ENCODER_ROW_SEQUENCE, job.row_sequence);
        cpu.write32(KRHN_ENCODER_STREAMS, job.streams);
        cpu.write32(KRHN_ENCODER_TABLE_SEQUENCE, job.table_sequence);
        cpu.write32(KRHN_ENCODER_FLAGS, job.flags);
        cpu.write32(KRHN_CONTROL, KRHN_CONTROL_START);
    }

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

    sc_core::sc_time time_in_all_states() {
        sc_core::sc_time sum;
        for (const sc_core::sc_time& t : encoder.activity().times()) sum += t;
        return sum;
    }
};

}  // namespace karhunen
