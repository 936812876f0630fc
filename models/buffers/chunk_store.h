// A memory that the DMA loads chunk by chunk: the weight buffer, and the table memories of encoder
// and decoders.
#pragma once

#include <cstdint>
#include <map>

#include "models/interfaces/activity.h"
#include "models/interfaces/rows.h"
#include "models/interfaces/stream.h"

namespace karhunen {

class ChunkStore : public sc_core::sc_module, public StreamSink, public ChunkReader {
public:
    sc_core::sc_export<StreamSink> sink{"sink"};
    sc_core::sc_export<ChunkReader> reader{"reader"};

    ChunkStore(sc_core::sc_module_name name, uint32_t capacity_bytes);

    uint32_t capacity() const { return capacity_; }
    uint32_t fill() const { return fill_; }  ///< bytes held now, those being loaded included
    uint32_t peak() const { return peak_; }  ///< most bytes ever held
    /// busy: loading; wait_output: a chunk waits for room.
    Activity& activity() { return activity_; }
    void trace(sc_core::sc_trace_file* file) const;

    /// Blocks until there is room for the whole chunk. Chunks are taken one at a time, in order. A
    /// chunk larger than the store is swallowed and becomes a chunk without bytes, in error.
    void begin(const StreamHeader& header) override;
    uint32_t reserve(uint32_t most) override;  ///< never blocks: begin() made the room
    void write(uint32_t stream, std::span<const uint8_t> bytes) override;
    void end(bool error) override;  ///< the chunk becomes visible

    const Chunk& wait_for(uint32_t sequence) override;
    const Chunk* peek(uint32_t sequence) const override;
    void release(uint32_t sequence) override;

private:
    std::map<uint32_t, Chunk> chunks_;  ///< references to its elements are stable
    Chunk loading_;
    uint32_t loading_bytes_ = 0;       ///< size of the chunk being loaded
    uint32_t loaded_ = 0;              ///< chunks since reset
    uint64_t asked_ = 0, served_ = 0;  ///< calls of begin() and of end()
    uint32_t capacity_, fill_ = 0, peak_ = 0;
    Activity activity_;
    sc_core::sc_event loaded_event_, room_;
};

}  // namespace karhunen
