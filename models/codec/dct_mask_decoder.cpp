#include <algorithm>
#include <cstring>

#include "models/codec/bit_stream.h"
#include "models/codec/dct_mask_stream.h"
#include "models/codec/symbol_codec.h"
#include "models/codec/word_input.h"

namespace karhunen {
namespace {

/// Where a lane stands in its row.
struct Lane {
    WordInput in;
    size_t left = 0;     ///< groups of the row
    size_t pixel = 0;    ///< first group of the pixel
    uint32_t group = 0;  ///< of the pixel
    int32_t mask = -1;   ///< of a group that is begun
    uint32_t value = 0;  ///< next one of it
};

class DctMaskDecoder : public BandDecoder {
public:
    DctMaskDecoder(const DctMaskCode& code, const BandShape& shape, uint32_t streams)
        : code_(code),
          layout_(shape, code.parameters.length),
          rows_left_(shape.rows),
          lanes_(streams),
          levels_(layout_.padded),
          values_(layout_.padded),
          masks_(layout_.padded / layout_.length) {
        begin_row();
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (stream >= lanes_.size()) throw CodecError("decoder: no such substream");
        if (ended_ && !bytes.empty()) throw CodecError("decoder: bytes after the end");
        lanes_[stream].in.feed(bytes);
    }
    void end() override { ended_ = true; }

    bool decode_row(std::span<int16_t> row) override {
        if (row.size() != size_t{layout_.width} * layout_.channels || rows_left_ == 0)
            throw CodecError("decoder: a row too many or of the wrong length");
        if (!read()) {
            if (ended_) throw CodecError("the stream ends before its band is complete");
            return false;
        }
        dct_mask_dequantise(code_.parameters, levels_.data(), levels_.size(), values_.data());
        if (code_.parameters.dct) apply_masks();
        scatter(row);
        --rows_left_;
        begin_row();
        return true;
    }
    uint64_t consumed(uint32_t stream) const override {
        const Lane& lane = lanes_[stream];
        return lane.in.consumed(rows_left_ == 0 || (rows_left_ == 1 && lane.left == 0));
    }
    void finish() override {
        if (rows_left_ != 0) throw CodecError("decoder: rows of the band were not taken");
        for (const Lane& lane : lanes_) lane.in.finish();
    }

private:
    uint32_t streams() const { return static_cast<uint32_t>(lanes_.size()); }
    void begin_row() {
        if (rows_left_ == 0) return;
        for (uint32_t s = 0; s < streams(); ++s) {
            lanes_[s].left = size_t{layout_.width} * channels_of(s, layout_.groups, streams());
            lanes_[s].pixel = 0;
            lanes_[s].group = s;
        }
    }
    /// Behind a whole group.
    void advance(Lane& lane, uint32_t s) {
        --lane.left;
        lane.group += streams();
        if (lane.group < layout_.groups) return;
        lane.group = s;
        lane.pixel += layout_.groups;
    }

    /// False: a lane lacks bytes.
    bool read() {
        for (Lane& lane : lanes_) lane.in.begin();
        if (layout_.length == 8)
            code_.parameters.dct ? read_fast<true, 8>() : read_fast<false, 8>();
        else
            code_.parameters.dct ? read_fast<true, 16>() : read_fast<false, 16>();
        bool complete = true;
        for (uint32_t s = 0; s < streams(); ++s) {
            Lane& lane = lanes_[s];
            while (lane.left > 0 && read_slowly(lane)) advance(lane, s);
            lane.in.end();
            complete = complete && lane.left == 0;
        }
        return complete;
    }
    template <bool dct, uint32_t length>
    void read_fast();
    template <bool dct, uint32_t length>
    void read_group(Lane& lane);
    bool read_slowly(Lane& lane);
    void apply_masks();
    void scatter(std::span<int16_t> row) const;

    const DctMaskCode& code_;
    DctMaskLayout layout_;
    uint32_t rows_left_;
    std::vector<Lane> lanes_;
    std::vector<int16_t> levels_, values_;  ///< of the row, groups completed
    std::vector<uint16_t> masks_;
    bool ended_ = false;
};

/// Most bytes that a group takes and that reading it looks at, rounded up.
constexpr ptrdiff_t group_bytes = 48;

/// As long as there are bytes enough for a group. Lanes take turns: what one waits for, its next
/// code, another does not.
template <bool dct, uint32_t length>
void DctMaskDecoder::read_fast() {
    const auto ready = [](const Lane& lane) -> size_t {
        if (lane.mask >= 0) return 0;  // in the midst of a group
        const auto groups =
            static_cast<size_t>(lane.in.reader.end - lane.in.reader.next) / group_bytes;
        return std::min(lane.left, groups);
    };
    const uint32_t used = std::min(streams(), layout_.groups);
    const auto all_ready = [&] {
        size_t fewest = SIZE_MAX;
        for (uint32_t s = 0; s < used; ++s) fewest = std::min(fewest, ready(lanes_[s]));
        return used == 0 ? 0 : fewest;
    };
    while (size_t rounds = all_ready())
        for (; rounds > 0; --rounds)
            for (uint32_t s = 0; s < used; ++s) {
                read_group<dct, length>(lanes_[s]);
                advance(lanes_[s], s);
            }
    for (uint32_t s = 0; s < used; ++s)
        while (ready(lanes_[s]) > 0) {
            read_group<dct, length>(lanes_[s]);
            advance(lanes_[s], s);
        }
}

template <bool dct, uint32_t length>
void DctMaskDecoder::read_group(Lane& lane) {
    HuffmanCode::Reader r = lane.in.reader;
    const auto refill = [&] {  // 56 bits or more
        r.ahead |= load_bytes(r.next) << r.ahead_bits;
        r.next += (63 - r.ahead_bits) >> 3;
        r.ahead_bits |= 56;
    };
    const auto skip = [&](uint32_t bits) {
        r.ahead >>= bits;
        r.ahead_bits -= bits;
    };
    const size_t at = lane.pixel + lane.group;
    int16_t* const q = levels_.data() + at * length;
    const uint32_t mask_bits = layout_.values_of(lane.group);
    refill();
    const auto mask = static_cast<uint32_t>(r.ahead & ((1u << mask_bits) - 1));
    skip(mask_bits);
    masks_[at] = static_cast<uint16_t>(mask);
    if (mask == 0) {
        std::memset(q, 0, length * sizeof *q);
        lane.in.reader = r;
        return;
    }
    if constexpr (length == 16) refill();
    for (uint32_t i = 0; i < length; ++i) {
        if (i > 0 && i % 3 == 0) refill();
        const LevelTable& table = dct && i > 0 ? *code_.rest : code_.first;
        uint32_t hit = table.windows()[r.ahead & ((1u << LevelTable::window_bits) - 1)];
        if (hit == 0) hit = table.all()[r.ahead & ((1u << HuffmanCode::max_length) - 1)];
        const uint32_t there = dct ? ~0u : -(mask >> i & 1);
        q[i] = static_cast<int16_t>((table.low() + static_cast<int>(hit & 2047)) & there);
        skip(hit >> 11 & there);
    }
    lane.in.reader = r;
}

/// One code after the other; false: where the lane stands, it lacks bits.
bool DctMaskDecoder::read_slowly(Lane& lane) {
    HuffmanCode::Reader& r = lane.in.reader;
    const auto have = [&](uint32_t bits) {
        for (; r.ahead_bits < 56 && r.next < r.end; r.ahead_bits += 8)
            r.ahead |= uint64_t{*r.next++} << r.ahead_bits;
        return bits <= r.ahead_bits;
    };
    const auto skip = [&](uint32_t bits) {
        r.ahead >>= bits;
        r.ahead_bits -= bits;
    };
    const size_t at = lane.pixel + lane.group;
    if (lane.mask < 0) {
        const uint32_t bits = layout_.values_of(lane.group);
        if (!have(bits)) return false;
        lane.mask = static_cast<int32_t>(r.ahead & ((1u << bits) - 1));
        skip(bits);
        masks_[at] = static_cast<uint16_t>(lane.mask);
    }
    const bool dct = code_.parameters.dct;
    for (; lane.value < layout_.length; ++lane.value) {
        int16_t level = 0;
        if (dct ? lane.mask != 0 : (lane.mask >> lane.value & 1) != 0) {
            const LevelTable& table = dct && lane.value > 0 ? *code_.rest : code_.first;
            have(0);
            const uint16_t hit = table.all()[r.ahead & ((1u << HuffmanCode::max_length) - 1)];
            if (!have(hit >> 11)) return false;
            level = static_cast<int16_t>(table.low() + (hit & 2047));
            skip(hit >> 11);
        }
        levels_[at * layout_.length + lane.value] = level;
    }
    lane.mask = -1;
    lane.value = 0;
    return true;
}

void DctMaskDecoder::apply_masks() {
    for (size_t g = 0; g < masks_.size(); ++g) {
        int16_t* const x = values_.data() + g * layout_.length;
        for (uint32_t i = 0; i < layout_.length; ++i)
            x[i] = static_cast<int16_t>(x[i] & -(masks_[g] >> i & 1));
    }
}

void DctMaskDecoder::scatter(std::span<int16_t> row) const {
    if (layout_.is_full()) {
        std::copy(values_.begin(), values_.end(), row.begin());
        return;
    }
    const size_t channels = layout_.channels, stride = size_t{layout_.groups} * layout_.length;
    for (size_t x = 0; x < layout_.width; ++x)
        std::copy_n(values_.begin() + static_cast<ptrdiff_t>(x * stride), channels,
                    row.begin() + static_cast<ptrdiff_t>(x * channels));
}

}  // namespace

std::unique_ptr<BandDecoder> make_dct_mask_decoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams) {
    return std::make_unique<DctMaskDecoder>(code, shape, streams);
}

}  // namespace karhunen
