// The FIFOs behind an encoder, one per substream, that the DMA empties in blocks, band by band.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/interfaces/stream.h"

namespace karhunen {

class StreamQueue : public StreamSource {
public:
    using Streams = std::vector<std::vector<uint8_t>>;

    /// capacity_bytes: of each substream.
    explicit StreamQueue(uint32_t capacity_bytes) : capacity_(capacity_bytes) {}

    // The encoder's side.

    /// Whether a band may begin: fewer than two are here.
    bool takes_band() const { return bands_.size() < 2; }
    void begin_band(uint32_t streams);
    /// Whether the next row may begin: no substream holds more than the capacity (or one block,
    /// where the reader asks for larger ones).
    bool takes_row() const;
    /// Bytes of a complete row. Never blocks: one row is let in beyond the capacity.
    void put(const Streams& bytes);
    void end_band();
    /// While on, what is there of the last band counts as all, and readers get an empty band when
    /// there is none: whoever fetches the bytes shall not wait for ever.
    void abandon(bool on);
    const sc_core::sc_event& room() const { return room_; }

    StreamBlock read(uint32_t most) override;

    /// Bytes in all substreams.
    const uint32_t& fill() const { return fill_; }

private:
    struct Substream {
        std::vector<uint8_t> bytes;
        size_t read = 0;
        size_t left() const { return bytes.size() - read; }
    };
    struct Band {
        std::vector<Substream> streams;
        bool complete = false;
    };
    std::optional<StreamBlock> take(uint32_t most);

    std::deque<Band> bands_;
    uint32_t capacity_, fill_ = 0;
    uint32_t block_bytes_ = 0;  ///< that the reader asked for last
    bool abandoned_ = false;
    sc_core::sc_event put_, room_;
};

}  // namespace karhunen
