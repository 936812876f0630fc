// A decoder, the buffer behind it and the processor that programs it.
#pragma once

#include "models/buffers/row_buffer.h"
#include "models/decoder/decoder.h"
#include "tests/support/streams.h"

namespace karhunen {

struct BandJob {
    BandShape shape;
    Format format = Format::u8;
    uint32_t codec = KRHN_CODEC_RAW, streams = 4, row_sequence = 0, table_sequence = 0, flags = 0;
    uint32_t region = 0, region_bytes = 1 << 20;
};

struct DecoderRig {
    Initiator cpu{"cpu"};
    Decoder decoder;
    RowBuffer buffer;
    sc_core::sc_signal<bool> irq{"irq"};

    explicit DecoderRig(uint32_t buffer_bytes = 1 << 20, uint32_t fifo_bytes = 2048)
        : decoder("decoder", parameters(fifo_bytes)), buffer("buffer", buffer_bytes) {
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

    void start(const BandJob& job, uint32_t tag = 0) {
        cpu.write32(KRHN_DECODER_TAG, tag);
        cpu.write32(KRHN_DECODER_CODEC, job.codec);
        cpu.write32(KRHN_DECODER_FORMAT, static_cast<uint32_t>(job.format));
        cpu.write32(KRHN_DECODER_ROWS, job.shape.rows);
        cpu.write32(KRHN_DECODER_WIDTH, job.shape.width);
        cpu.write32(KRHN_DECODER_CHANNELS, job.shape.channels);
        cpu.write32(KRHN_DECODER_ROW_SEQUENCE, job.row_sequence);
        cpu.write32(KRHN_DECODER_STREAMS, job.streams);
        cpu.write32(KRHN_DECODER_TABLE_SEQUENCE, job.table_sequence);
        cpu.write32(KRHN_DECODER_FLAGS, job.flags);
        cpu.write32(KRHN_DECODER_REGION, job.region);
        cpu.write32(KRHN_DECODER_REGION_BYTES, job.region_bytes);
        cpu.write32(KRHN_CONTROL, KRHN_CONTROL_START);
    }

    sc_core::sc_time time_in_all_states() {
        sc_core::sc_time sum;
        for (const sc_core::sc_time& t : decoder.activity().times()) sum += t;
        return sum;
    }
};

}  // namespace karhunen
