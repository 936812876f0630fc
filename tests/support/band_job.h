// A band to encode or decode, as tests describe it and the processor programs it.
#pragma once

#include <karhunen/registers.h>

#include "models/codec/codec.h"
#include "tests/support/simulation.h"

namespace karhunen {

struct BandJob {
    BandShape shape;
    Format format = Format::u8;
    uint32_t codec = KRHN_CODEC_RAW, streams = 4, row_sequence = 0, table_sequence = 0, flags = 0;
    uint32_t region = 0, region_bytes = 1 << 20;  ///< decoders only
    uint32_t tag = 0;

    /// Ten writes, and the start.
    void start_encoder(Initiator& cpu) const {
        cpu.write32(KRHN_ENCODER_TAG, tag);
        cpu.write32(KRHN_ENCODER_CODEC, codec);
        cpu.write32(KRHN_ENCODER_FORMAT, static_cast<uint32_t>(format));
        cpu.write32(KRHN_ENCODER_ROWS, shape.rows);
        cpu.write32(KRHN_ENCODER_WIDTH, shape.width);
        cpu.write32(KRHN_ENCODER_CHANNELS, shape.channels);
        cpu.write32(KRHN_ENCODER_ROW_SEQUENCE, row_sequence);
        cpu.write32(KRHN_ENCODER_STREAMS, streams);
        cpu.write32(KRHN_ENCODER_TABLE_SEQUENCE, table_sequence);
        cpu.write32(KRHN_ENCODER_FLAGS, flags);
        cpu.write32(KRHN_CONTROL, KRHN_CONTROL_START);
    }

    /// The registers of a decoder are those of the encoder and two more.
    void start_decoder(Initiator& cpu) const {
        cpu.write32(KRHN_DECODER_REGION, region);
        cpu.write32(KRHN_DECODER_REGION_BYTES, region_bytes);
        start_encoder(cpu);
    }
};

/// Sum of the times in all states: must be the time since the start of simulation.
inline sc_core::sc_time total(const std::array<sc_core::sc_time, 5>& times) {
    sc_core::sc_time sum;
    for (const sc_core::sc_time& t : times) sum += t;
    return sum;
}

}  // namespace karhunen
