// Encoder of bands: rows of the output buffer in, compressed streams out.
#pragma once

#include <functional>

#include "models/buffers/chunk_store.h"
#include "models/codec_unit/band_coders.h"
#include "models/codec_unit/codec_job.h"
#include "models/encoder/stream_queue.h"
#include "models/interfaces/activity.h"
#include "models/interfaces/clock.h"
#include "models/interfaces/pipeline.h"
#include "models/interfaces/register_block.h"
#include "models/interfaces/rows.h"
#include "models/interfaces/stream.h"

namespace karhunen {

/// What reports want to know of an encoded band.
struct EncodedBand {
    uint32_t tag = 0;
    uint64_t values = 0;
    uint64_t code_bits = 0;     ///< without padding
    uint64_t stream_bytes = 0;  ///< with padding
    double entropy_bits = 0;    ///< under the codec's static table
};

class Encoder : public sc_core::sc_module {
public:
    RegisterBlock registers;
    sc_core::sc_out<bool> irq{"irq"};
    sc_core::sc_port<RowReader> rows{"rows"};           ///< the output buffer, region 0
    sc_core::sc_export<StreamSource> stream{"stream"};  ///< to the DMA
    ChunkStore tables;                                  ///< tables.sink: from the DMA

    Encoder(sc_core::sc_module_name name, const CodecUnitParameters& parameters,
            std::unique_ptr<BandCoders> coders = codec_coders());

    Activity& activity() { return activity_; }
    JobState job_state() const { return jobs_.state(); }
    /// In the FIFOs of all substreams.
    uint32_t stream_bytes() const { return queue_.fill(); }
    void trace(sc_core::sc_trace_file* file) const;

    /// Calls `observer` for every encoded band; it must not wait.
    void observe(std::function<void(const EncodedBand&)> observer);

private:
    void run();
    void encode(const CodecJob& job);
    void wait_for_room(bool (StreamQueue::*has_room)() const);

    Clock clock_;
    CodecUnitParameters parameters_;
    JobQueue<CodecJob> jobs_;
    CodecTables codecs_;
    std::unique_ptr<BandCoders> coders_;
    StreamQueue queue_;
    Pipeline pipeline_{"pipeline"};
    Activity activity_;
    std::function<void(const EncodedBand&)> observer_;
};

}  // namespace karhunen
