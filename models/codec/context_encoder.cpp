#include "models/codec/context_band.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

class ContextEncoder : public BandEncoder {
public:
    ContextEncoder(const ContextTables& tables, const BandShape& shape, uint32_t streams)
        : BandEncoder(streams),
          tables_(tables),
          shape_(shape),
          rows_(shape.width, shape.channels),
          lanes_(streams),
          contexts_(ContextModel::padded(shape.channels)),
          predictions_(contexts_.size()),
          numbers_(contexts_.size()) {
        for (uint32_t s = 0; s < streams; ++s)
            lanes_[s].codes.resize(tables.block - 1 +
                                   size_t{channels_of(s, shape.channels, streams)} * shape.width);
    }

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != size_t{shape_.width} * shape_.channels || rows_done_ == shape_.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        ++rows_done_;
        quantise(tables_, row, rows_.pixel(0));
        for (uint32_t x = 0; x < shape_.width; ++x) append_pixel(x);
        rows_.next_row();
        code(false);
    }
    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("encoder: the band lacks rows");
        code(true);
    }
    double entropy_bits() const override { return static_cast<double>(information_) / 1024; }
    uint64_t code_bits_of(uint32_t stream) const override { return 8 * lanes_[stream].bytes; }

private:
    struct Lane {
        std::vector<uint16_t> codes;  ///< that wait for their block to be full
        size_t count = 0, coded = 0;  ///< of them
        uint64_t bytes = 0;           ///< of complete blocks
    };

    void append_pixel(uint32_t x) {
        const uint32_t channels = shape_.channels;
        tables_.model.predict(rows_.neighbours(x), contexts_.data(), predictions_.data());
        fold(rows_.pixel(x), predictions_.data(), channels, numbers_.data());
        const auto streams = static_cast<uint32_t>(lanes_.size());
        uint32_t information = 0;
        for (uint32_t s = 0; s < streams; ++s) {
            uint16_t* to = lanes_[s].codes.data() + lanes_[s].count;
            for (uint32_t c = s; c < channels; c += streams) {
                const auto code = static_cast<uint16_t>(
                    uint32_t{tables_.table_of[contexts_[c]]} << 8 | numbers_[c]);
                information += tables_.encoder.information(code);
                *to++ = code;
            }
            lanes_[s].count = static_cast<size_t>(to - lanes_[s].codes.data());
        }
        information_ += information;
    }

    /// Codes the blocks that are complete; all that is left if these are the `last`.
    void code(bool last) {
        const auto streams = static_cast<uint32_t>(lanes_.size());
        for (uint32_t first = 0; first < streams; first += together) {
            const uint32_t n = std::min(together, streams - first);
            while (code_blocks(first, n, last)) {
            }
        }
        code_bits_ = 0;
        for (Lane& lane : lanes_) {
            code_bits_ += 8 * lane.bytes;
            std::copy(lane.codes.data() + lane.coded, lane.codes.data() + lane.count,
                      lane.codes.data());
            lane.count -= lane.coded;
            lane.coded = 0;
        }
    }

    bool code_blocks(uint32_t first, uint32_t n, bool last) {
        RansEncoderLane work[together];
        size_t counts[together] = {};
        size_t common = n == together ? tables_.block : 0;
        bool any = false;
        const size_t room = 2 * size_t{tables_.block} + header;
        words_.resize(n * room);
        for (uint32_t i = 0; i < n; ++i) {
            const Lane& lane = lanes_[first + i];
            const size_t waiting = lane.count - lane.coded;
            if (last || waiting >= tables_.block)
                counts[i] = std::min<size_t>(waiting, tables_.block);
            any = any || counts[i] > 0;
            common = std::min(common, counts[i]);
            work[i].words = words_.data() + (i + 1) * room;
            work[i].codes = lane.codes.data() + lane.coded;
        }
        for (uint32_t i = 0; i < n; ++i) tables_.encoder.encode<1>(&work[i], common, counts[i]);
        if (common > 0) tables_.encoder.encode<together>(work, 0, common);
        for (uint32_t i = 0; i < n; ++i)
            if (counts[i] > 0) take_block(first + i, counts[i], work[i], (i + 1) * room);
        return any;
    }

    void take_block(uint32_t s, size_t count, const RansEncoderLane& work, size_t end) {
        uint8_t* const start = work.words - header;
        for (uint32_t i = 0; i < header; ++i)
            start[i] = static_cast<uint8_t>(work.state[i / 4] >> 8 * (i % 4));
        output_[s].insert(output_[s].end(), start, words_.data() + end);
        Lane& lane = lanes_[s];
        lane.bytes += static_cast<uint64_t>(words_.data() + end - start);
        lane.coded += count;
    }

    static constexpr uint32_t together = 2;  ///< substreams: as many as the registers hold
    static constexpr uint32_t header = 8;    ///< bytes of a block in front of its words
    const ContextTables& tables_;
    BandShape shape_;
    ContextRows rows_;
    std::vector<Lane> lanes_;
    std::vector<uint16_t> contexts_;  ///< of a pixel
    std::vector<uint8_t> predictions_, numbers_;
    std::vector<uint8_t> words_;
    uint32_t rows_done_ = 0;
    uint64_t information_ = 0;
};

}  // namespace

std::unique_ptr<BandEncoder> make_context_encoder(const ContextTables& tables,
                                                  const BandShape& shape, uint32_t streams) {
    return std::make_unique<ContextEncoder>(tables, shape, streams);
}

}  // namespace karhunen
