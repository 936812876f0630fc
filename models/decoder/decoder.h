// Decoder of compressed bands: streams in, timed rows out. Used twice, in front of the activation
// buffer and in front of the residual buffer.
#pragma once

#include "models/buffers/chunk_store.h"
#include "models/codec_unit/band_coders.h"
#include "models/codec_unit/codec_job.h"
#include "models/decoder/stream_fifo.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/clock.h"
#include "models/interfaces/pipeline.h"
#include "models/interfaces/register_block.h"
#include "models/interfaces/rows.h"
#include "models/interfaces/stream.h"

namespace karhunen {

class Decoder : public sc_core::sc_module {
public:
    RegisterBlock registers;
    sc_core::sc_out<bool> irq{"irq"};
    sc_core::sc_port<RowWriter> rows{"rows"};         ///< the buffer behind the decoder
    sc_core::sc_export<StreamSink> stream{"stream"};  ///< bands
    ChunkStore tables;                                ///< tables.sink: from the DMA

    Decoder(sc_core::sc_module_name name, const CodecUnitParameters& parameters,
            std::unique_ptr<BandCoders> coders = codec_coders());

    Activity& activity() { return activity_; }
    JobState job_state() const { return jobs_.state(); }
    /// In the FIFOs of all substreams.
    uint32_t stream_bytes() const { return fifo_.fill(); }
    void trace(sc_core::sc_trace_file* file) const;

private:
    struct Job : CodecJob {
        uint32_t region = 0, region_bytes = 0, skip_rows = 0;
    };

    void run();
    void decode(const Job& job);
    void decode_row(BandDecoder& decoder, std::span<int16_t> values, uint64_t clocks);
    void finish(BandDecoder& decoder);
    void check_transfer() const;

    Register& rows_done_;
    Clock clock_;
    CodecUnitParameters parameters_;
    JobQueue<Job> jobs_;
    CodecTables codecs_;
    std::unique_ptr<BandCoders> coders_;
    StreamFifo fifo_;
    Pipeline pipeline_{"pipeline"};
    Activity activity_;
};

}  // namespace karhunen
