// Byte streams between the DMA and a block, with back-pressure: the calls block (sc_core::wait)
// inside the caller's SC_THREAD.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <systemc>

namespace karhunen {

/// What arrives next at a sink: one chunk (LOAD: one stream) or a band's substreams (STREAM_IN).
struct StreamHeader {
    std::vector<uint32_t> bytes;  ///< length of each substream
    uint32_t tag = 0;
};

/// A port that takes bytes: weight buffer, table memories, decoders.
/// Order of calls: begin, then reserve / write until every byte is delivered, then end.
class StreamSink : public virtual sc_core::sc_interface {
public:
    /// Blocks until the sink can take a new chunk or band.
    virtual void begin(const StreamHeader& header) = 0;
    /// Blocks until there is room for the next `most` bytes (fewer at the end of a substream) of
    /// some substream that has bytes left to reserve; reserves it and returns the substream. The
    /// emptiest one is served first, so substreams cannot block each other.
    virtual uint32_t reserve(uint32_t most) = 0;
    /// Delivers bytes that were reserved. Never blocks.
    virtual void write(uint32_t stream, std::span<const uint8_t> bytes) = 0;
    /// All bytes are delivered. error: the transfer failed and the bytes cannot be trusted.
    virtual void end(bool error) = 0;
};

/// A piece of a band that an encoder hands out.
struct StreamBlock {
    uint32_t stream = 0;
    std::vector<uint8_t> bytes;  ///< may be empty when `last`
    bool last = false;           ///< nothing follows in this band
};

/// A port that gives bytes: the encoder.
class StreamSource : public virtual sc_core::sc_interface {
public:
    /// Blocks until a block of at most `most` bytes is there. Blocks of a substream come in order
    /// and are `most` bytes long but for the last of each substream.
    virtual StreamBlock read(uint32_t most) = 0;
};

}  // namespace karhunen
