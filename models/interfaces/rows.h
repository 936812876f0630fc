// Rows of feature maps in on-chip buffers, and weight chunks: what the data path hands from block
// to block. The calls block (sc_core::wait) inside the caller's SC_THREAD; data is visible to the
// consumer at the simulated time at which it was committed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <systemc>

#include "models/arithmetic/format.h"
#include "models/interfaces/values.h"

namespace karhunen {

/// One row of a map, all channels: width*channels values, (column, channel) order.
struct Row {
    uint32_t sequence = 0;
    uint32_t width = 0, channels = 0;
    Format format = Format::u8;
    std::vector<int16_t> values;    ///< none if skipped
    uint32_t channels_missing = 0;  ///< not yet written by a producer that goes chunk by chunk

    uint32_t bytes() const { return width * channels * bytes_of(format); }
};

/// The writing side of a row buffer. Rows carry sequence numbers which software chooses; they run
/// on from map to map (modulo 2^32), so that prefetched rows of the next map cannot be confused.
class RowWriter : public virtual sc_core::sc_interface {
public:
    /// Blocks until the region may hold the row, then makes room for it. A row that is already
    /// open (written chunk by chunk) is returned again at once. Never fits: throws
    /// std::length_error.
    virtual Row& open(uint32_t region, uint32_t region_bytes, uint32_t sequence, uint32_t width,
                      uint32_t channels, Format format) = 0;
    /// `channels` more channels of the row are written; complete rows become visible to readers.
    /// Never blocks.
    virtual void commit(uint32_t region, uint32_t sequence, uint32_t channels) = 0;
};

class RowReader : public virtual sc_core::sc_interface {
public:
    /// Blocks until the row is complete. The reference holds until the row is released.
    virtual const Row& wait_for(uint32_t region, uint32_t sequence) = 0;
    /// The row if it is complete now, else nullptr.
    virtual const Row* peek(uint32_t region, uint32_t sequence) const = 0;
    /// Frees every row whose sequence number is before `sequence` (modulo 2^32).
    virtual void release_before(uint32_t region, uint32_t sequence) = 0;
};

/// A chunk of bytes that the DMA loaded: weights with their bias and multipliers, or a codec table.
struct Chunk {
    uint32_t sequence = 0;  ///< chunks loaded before this one since reset, modulo 2^32
    std::vector<uint8_t> bytes;
    bool error = false;                      ///< the load failed
    mutable std::shared_ptr<void> prepared;  ///< whatever the consumer derives from the bytes, once
};

class ChunkReader : public virtual sc_core::sc_interface {
public:
    virtual const Chunk& wait_for(uint32_t sequence) = 0;
    virtual const Chunk* peek(uint32_t sequence) const = 0;
    /// Frees the chunk; its room can be loaded again.
    virtual void release(uint32_t sequence) = 0;
};

/// Rows of int32 sums on their way from the array to post-processing.
struct SumRow {
    uint32_t row = 0;            ///< index among the rows of the job's map
    uint32_t first_channel = 0;  ///< of the channels in this row
    uint32_t width = 0, channels = 0;
    std::vector<int32_t> sums;  ///< [width][channels]; pass jobs: the input values; none if skipped
    std::shared_ptr<const std::vector<int32_t>>
        parameters;  ///< bias[channels], multiplier[channels]; null for pass jobs
};

class SumSink : public virtual sc_core::sc_interface {
public:
    /// Blocks while the FIFO is full.
    virtual void push(SumRow row) = 0;
};

}  // namespace karhunen
