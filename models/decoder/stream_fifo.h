// The FIFOs in front of a decoder, one per substream, that the DMA fills band by band. A band may
// arrive while the one before it is still being decoded.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/codec/codec.h"
#include "models/interfaces/stream.h"

namespace karhunen {

class StreamFifo : public StreamSink {
public:
    /// capacity_bytes: of each substream. A block of more than half of it counts as half.
    explicit StreamFifo(uint32_t capacity_bytes) : capacity_(capacity_bytes) {}

    // The DMA's side. Blocks in begin() while two bands are here, in reserve() for room.
    void begin(const StreamHeader& header) override;
    uint32_t reserve(uint32_t most) override;
    void write(uint32_t stream, std::span<const uint8_t> bytes) override;
    void end(bool error) override;

    // The decoder's side, about the oldest band; wait_for_band() comes first.

    /// Blocks until a band is here. Returns the length of its substreams.
    const std::vector<uint32_t>& wait_for_band();
    /// Hands over the bytes that have arrived.
    void feed(BandDecoder& decoder);
    /// Gives back the room of what the decoder has used, and of up to 3 bytes more that lie in the
    /// word register between FIFO and decoder. Returns the bytes given back since the last call.
    uint64_t settle(const BandDecoder& decoder);
    bool ended() const { return bands_.front().ended; }
    bool failed() const { return bands_.front().failed; }  ///< the DMA says so
    const sc_core::sc_event& arrived() const { return arrived_; }
    /// The band is decoded.
    void finish_band();
    /// While on, every band that is here or begins is swallowed, up to its end.
    void swallow(bool on);

    /// Bytes in all substreams, reserved ones too.
    const uint32_t& fill() const { return total_fill_; }

private:
    struct Band {
        std::vector<uint32_t> bytes;
        std::vector<uint32_t> reserved, fed, used;
        std::vector<std::vector<uint8_t>> arrived;  ///< not yet fed
        bool ended = false, failed = false, swallowed = false;
    };
    void give_back(Band& band, uint32_t stream, uint32_t used);
    void drop(Band& band);

    std::deque<Band> bands_;      ///< the last one is being received unless it has ended
    std::vector<uint32_t> fill_;  ///< of each substream
    uint32_t total_fill_ = 0;
    uint32_t capacity_;
    bool swallowing_ = false;
    sc_core::sc_event arrived_, room_;
};

}  // namespace karhunen
