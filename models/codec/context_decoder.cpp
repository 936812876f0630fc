#include "models/codec/context_band.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

class ContextDecoder : public BandDecoder {
public:
    ContextDecoder(const ContextTables& tables, const BandShape& shape, uint32_t streams)
        : tables_(tables),
          shape_(shape),
          rows_(shape.width, shape.channels),
          lanes_(streams),
          contexts_(ContextModel::padded(shape.channels)),
          predictions_(contexts_.size()),
          numbers_(contexts_.size()) {
        for (uint32_t s = 0; s < streams; ++s) {
            Lane& lane = lanes_[s];
            lane.channels = channels_of(s, shape.channels, streams);
            lane.to_come = uint64_t{lane.channels} * shape.width * shape.rows;
            lane.bytes.resize(padding(lane));
        }
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (stream >= lanes_.size()) throw CodecError("decoder: no such substream");
        if (ended_ && !bytes.empty()) throw CodecError("decoder: bytes after the end");
        Lane& lane = lanes_[stream];
        lane.bytes.resize(lane.end);
        lane.bytes.erase(lane.bytes.begin(), lane.bytes.begin() + static_cast<ptrdiff_t>(lane.at));
        lane.bytes.insert(lane.bytes.end(), bytes.begin(), bytes.end());
        lane.at = 0;
        lane.end = lane.bytes.size();
        lane.bytes.resize(lane.end + padding(lane));
        lane.fed += bytes.size();
    }
    void end() override { ended_ = true; }

    bool decode_row(std::span<int16_t> row) override {
        if (row.size() != size_t{shape_.width} * shape_.channels || rows_done_ == shape_.rows)
            throw CodecError("decoder: a row too many or of the wrong length");
        if (!complete_row()) {
            if (ended_) throw CodecError("the stream ends before its band is complete");
            return false;
        }
        const uint8_t* from = rows_.pixel(0);
        for (int16_t& value : row) value = tables_.decoded[*from++];
        rows_.next_row();
        for (Lane& lane : lanes_) lane.pixel = 0;
        ++rows_done_;
        return true;
    }

    uint64_t consumed(uint32_t stream) const override {
        const Lane& lane = lanes_[stream];
        return lane.fed - (lane.end - lane.at);
    }

    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("decoder: rows of the band were not taken");
        for (const Lane& lane : lanes_)
            if (lane.at != lane.end)
                throw CodecError("the stream goes on after its band is complete");
    }

private:
    struct Lane {
        std::vector<uint8_t> bytes;  ///< fed; those before `at` are used, those from `end` padding
        size_t at = 0, end = 0;
        uint64_t fed = 0;
        RansDecoderLane coder;
        uint32_t states = 0;              ///< how many of the next block are read
        uint64_t to_come = 0;             ///< values of the blocks that are not begun
        uint64_t left = 0;                ///< values of the block that is
        uint32_t channels = 0;            ///< of a pixel
        uint32_t pixel = 0, channel = 0;  ///< of the row, in work
    };

    /// The coder may read so much behind the end before one looks.
    static size_t padding(const Lane& lane) { return 2 * size_t{lane.channels} + 2; }

    bool complete_row() {
        uint32_t x = 0;
        for (const Lane& lane : lanes_) x = std::max(x, lane.pixel + (lane.channel > 0 ? 1 : 0));
        bool all = advance_all(x);
        while (all && x < shape_.width) {
            all = pixel_at_once(x) || advance_all(x + 1);
            ++x;
        }
        return advance_all(shape_.width) && all;
    }
    bool advance_all(uint32_t x) {
        bool all = true;
        for (uint32_t s = 0; s < lanes_.size(); ++s) all = advance(s, x) && all;
        return all;
    }

    /// One substream alone up to a pixel of its row, or as far as its bytes go: then false.
    bool advance(uint32_t s, uint32_t until) {
        Lane& lane = lanes_[s];
        if (lane.channels == 0) lane.pixel = std::max(lane.pixel, until);
        for (; lane.pixel < until; ++lane.pixel, lane.channel = 0) {
            tables_.model.predict(rows_.neighbours(lane.pixel), contexts_.data(),
                                  predictions_.data());
            while (lane.channel < lane.channels)
                if (!begin_block(lane) || !(decode_some(s, lane.left) || decode_some(s, 1)))
                    return false;
        }
        return true;
    }

    /// Up to `most` more values of the lane's pixel; none if the bytes do not suffice.
    bool decode_some(uint32_t s, uint64_t most) {
        Lane& lane = lanes_[s];
        const auto streams = static_cast<uint32_t>(lanes_.size());
        const auto count =
            static_cast<uint32_t>(std::min<uint64_t>(lane.channels - lane.channel, most));
        const uint32_t first = s + lane.channel * streams;
        RansDecoderLane coder = lane.coder;
        coder.words = lane.bytes.data() + lane.at;
        tables_.decoder.decode<1>(&coder, contexts_.data() + first, numbers_.data() + first,
                                  streams, count);
        if (!keep(lane, coder, count)) return false;
        uint8_t* const values = rows_.pixel(lane.pixel);
        for (uint32_t i = 0, c = first; i < count; ++i, c += streams)
            values[c] = unfold(numbers_[c], predictions_[c]);
        lane.channel += count;
        return true;
    }

    /// All substreams, none of which has begun it.
    bool pixel_at_once(uint32_t x) {
        constexpr uint32_t together = 4, most = 12;
        const auto streams = static_cast<uint32_t>(lanes_.size());
        RansDecoderLane coders[most];
        for (uint32_t s = 0; s < streams; ++s) {
            Lane& lane = lanes_[s];
            if (lane.channels > 0 && (!begin_block(lane) || lane.left < lane.channels))
                return false;
            coders[s] = lane.coder;
            coders[s].words = lane.bytes.data() + lane.at;
        }
        tables_.model.predict(rows_.neighbours(x), contexts_.data(), predictions_.data());
        for (uint32_t s = 0; s < streams; s += together) {
            const uint32_t end = std::min(s + together, streams);
            const uint32_t common = end - s == together ? lanes_[end - 1].channels : 0;
            if (common > 0)
                tables_.decoder.decode<together>(coders + s, contexts_.data() + s,
                                                 numbers_.data() + s, streams, common);
            for (uint32_t i = s; i < end; ++i)
                tables_.decoder.decode<1>(coders + i, contexts_.data() + i + common * streams,
                                          numbers_.data() + i + common * streams, streams,
                                          lanes_[i].channels - common);
        }
        for (uint32_t s = 0; s < streams; ++s)
            if (coders[s].words > lanes_[s].bytes.data() + lanes_[s].end) return false;
        for (uint32_t s = 0; s < streams; ++s) {
            keep(lanes_[s], coders[s], lanes_[s].channels);
            ++lanes_[s].pixel;
        }
        unfold(numbers_.data(), predictions_.data(), shape_.channels, rows_.pixel(x));
        return true;
    }

    /// Takes over what a coder has done, unless it read behind the bytes.
    static bool keep(Lane& lane, const RansDecoderLane& coder, uint32_t count) {
        const auto at = static_cast<size_t>(coder.words - lane.bytes.data());
        if (at > lane.end) return false;
        lane.at = at;
        lane.coder = coder;
        lane.left -= count;
        if (lane.left == 0 &&
            (coder.state[0] != rans_initial_state || coder.state[1] != rans_initial_state))
            throw CodecError("context: the stream is damaged");
        return true;
    }

    /// Reads the states of the next block if it is its turn. False: bytes are missing.
    bool begin_block(Lane& lane) const {
        if (lane.left > 0) return true;
        for (; lane.states < 2; ++lane.states) {
            if (lane.end - lane.at < 4) return false;
            uint32_t state = 0;
            for (uint32_t i = 0; i < 4; ++i) state |= uint32_t{lane.bytes[lane.at++]} << 8 * i;
            if (state < rans_initial_state) throw CodecError("context: the stream is damaged");
            lane.coder.state[lane.states] = state;
        }
        lane.states = 0;
        lane.left = std::min<uint64_t>(lane.to_come, tables_.block);
        lane.to_come -= lane.left;
        return true;
    }

    const ContextTables& tables_;
    BandShape shape_;
    ContextRows rows_;
    std::vector<Lane> lanes_;
    std::vector<uint16_t> contexts_;  ///< of a pixel
    std::vector<uint8_t> predictions_, numbers_;
    uint32_t rows_done_ = 0;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<BandDecoder> make_context_decoder(const ContextTables& tables,
                                                  const BandShape& shape, uint32_t streams) {
    return std::make_unique<ContextDecoder>(tables, shape, streams);
}

}  // namespace karhunen
