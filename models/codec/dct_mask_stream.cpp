#include "models/codec/dct_mask_stream.h"

#include <cstring>

#include "models/codec/bit_stream.h"
#include "models/codec/dct.h"
#include "models/codec/symbol_codec.h"
#include "models/codec/word_input.h"

namespace karhunen {

LevelTable::LevelTable(const std::vector<uint8_t>& model, int16_t low)
    : zero_(-std::min<int16_t>(low, 0)), low_(low) {
    const HuffmanCode code(model, low);
    longest_ = code.longest();
    if (low > 0) entries_.push_back(0);
    windows_.resize(size_t{1} << window_bits);
    all_.resize(size_t{1} << HuffmanCode::max_length);
    for (uint32_t s = 0; s < code.symbols(); ++s) {
        const uint32_t length = code.model(s).length, bits = code.code(s);
        entries_.push_back(bits | length << 16 | uint32_t{code.model(s).information} << 24);
        const auto hit = static_cast<uint16_t>(s | length << 11);
        for (uint32_t i = bits; i < all_.size(); i += 1u << length) all_[i] = hit;
        if (length > window_bits) continue;
        for (uint32_t i = bits; i < windows_.size(); i += 1u << length) windows_[i] = hit;
    }
}

DctMaskCode::DctMaskCode(const DctMaskParameters& p)
    : parameters(p), first(p.first, dct_mask_levels(p).first_low) {
    if (p.dct) rest.emplace(p.rest, static_cast<int16_t>(-dct_mask_levels(p).rest_high));
}

namespace {

/// How the groups of a row lie: pixel by pixel, `groups` each.
struct Layout {
    Layout(const BandShape& shape, uint32_t length)
        : width(shape.width),
          channels(shape.channels),
          length(length),
          groups(static_cast<uint32_t>((uint64_t{shape.channels} + length - 1) / length)),
          padded(size_t{width} * groups * length) {}
    /// Bits of the mask.
    uint32_t values_of(uint32_t group) const { return std::min(length, channels - group * length); }
    bool is_full() const { return channels % length == 0; }

    uint32_t width, channels, length, groups;
    size_t padded;  ///< values of a row with those that complete groups
};

class DctMaskEncoder : public BandEncoder {
public:
    DctMaskEncoder(const DctMaskCode& code, const BandShape& shape, uint32_t streams)
        : BandEncoder(streams),
          code_(code),
          layout_(shape, code.parameters.length),
          rows_left_(shape.rows),
          writers_(streams),
          values_(layout_.padded),
          levels_(layout_.padded),
          bytes_(layout_.padded),
          masks_(layout_.padded / layout_.length) {}

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != size_t{layout_.width} * layout_.channels || rows_left_ == 0)
            throw CodecError("encoder: a row too many or of the wrong length");
        --rows_left_;
        gather(row);
        dct_mask_quantise(code_.parameters, values_.data(), values_.size(), levels_.data());
        code_bits_ = information_ = 0;
        for (uint32_t s = 0; s < writers_.size(); ++s) {
            if (layout_.length == 8)
                write<8>(s);
            else
                write<16>(s);
            code_bits_ += writers_[s].code_bits;
            information_ += writers_[s].information;
        }
    }
    void finish() override {
        if (rows_left_ != 0) throw CodecError("encoder: the band lacks rows");
        for (size_t s = 0; s < writers_.size(); ++s) HuffmanCode::flush(writers_[s], output_[s]);
    }
    double entropy_bits() const override { return static_cast<double>(information_) / 8; }
    uint64_t code_bits_of(uint32_t stream) const override { return writers_[stream].code_bits; }

private:
    /// Completes the groups and makes the masks.
    void gather(std::span<const int16_t> row) {
        const size_t channels = layout_.channels, stride = size_t{layout_.groups} * layout_.length;
        if (layout_.is_full()) {
            for (size_t i = 0; i < row.size(); ++i) values_[i] = row[i] & 255;
        } else {
            for (size_t x = 0; x < layout_.width; ++x)
                for (size_t c = 0; c < channels; ++c)
                    values_[x * stride + c] = row[x * channels + c] & 255;
        }
        for (size_t i = 0; i < values_.size(); ++i) bytes_[i] = static_cast<uint8_t>(values_[i]);
        const auto mask = [&](size_t at) {
            return gathered(nonzero_bytes(load_bytes(bytes_.data() + at)));
        };
        if (layout_.length == 8) {
            for (size_t g = 0; g < masks_.size(); ++g)
                masks_[g] = static_cast<uint16_t>(mask(8 * g));
        } else {
            for (size_t g = 0; g < masks_.size(); ++g)
                masks_[g] = static_cast<uint16_t>(mask(16 * g) | mask(16 * g + 8) << 8);
        }
    }

    template <uint32_t length>
    void write(uint32_t s);

    const DctMaskCode& code_;
    Layout layout_;
    uint32_t rows_left_;
    std::vector<HuffmanCode::Writer> writers_;
    std::vector<int16_t> values_, levels_;  ///< of the row, groups completed
    std::vector<uint8_t> bytes_;
    std::vector<uint16_t> masks_;
    uint64_t information_ = 0;
};

/// Appends to bytes that have room for it. Fewer than 8 bits are pending between calls.
class Appender {
public:
    Appender(HuffmanCode::Writer& writer, uint8_t* to)
        : writer_(writer), begin_(to), to_(to), pending_(writer.pending) {
        pending_bits_ = writer.pending_bits;
        put(0, 0);
    }
    /// Up to 56 bits.
    void put(uint64_t code, uint32_t length) {
        pending_ |= code << pending_bits_;
        std::memcpy(to_, &pending_, 8);
        pending_bits_ += length;
        to_ += pending_bits_ / 8;
        pending_ >>= pending_bits_ & ~7u;
        pending_bits_ &= 7;
    }
    /// The mask and three entries of tables, or two where the mask has 16 bits.
    void put(uint32_t mask, uint32_t mask_bits, uint32_t a, uint32_t b, uint32_t c) {
        const uint32_t sums = (a >> 16) + (b >> 16) + (c >> 16);
        uint64_t codes = c & 0xFFFF;
        codes = codes << (b >> 16 & 0xFF) | (b & 0xFFFF);
        codes = codes << (a >> 16 & 0xFF) | (a & 0xFFFF);
        put(codes << mask_bits | mask, mask_bits + (sums & 0xFF));
        code_bits_ += mask_bits + (sums & 0xFF);
        information_ += 8 * mask_bits + (sums >> 8);
    }
    /// Leaves whole 16-bit words; returns how many bytes.
    size_t finish() {
        if ((to_ - begin_) % 2 != 0) {
            pending_ = pending_ << 8 | *--to_;
            pending_bits_ += 8;
        }
        writer_.pending = pending_;
        writer_.pending_bits = pending_bits_;
        writer_.code_bits += code_bits_;
        writer_.information += information_;
        return static_cast<size_t>(to_ - begin_);
    }

private:
    HuffmanCode::Writer& writer_;
    uint8_t *begin_, *to_;
    uint64_t pending_;
    uint32_t pending_bits_;
    uint64_t code_bits_ = 0, information_ = 0;
};

template <uint32_t length>
void DctMaskEncoder::write(uint32_t s) {
    const uint32_t groups = layout_.groups, streams = static_cast<uint32_t>(writers_.size());
    const size_t mine = size_t{layout_.width} * channels_of(s, groups, streams);
    if (mine == 0) return;
    const uint32_t* const first = code_.first.of_level();
    const uint32_t* const rest = code_.rest ? code_.rest->of_level() : first;
    std::vector<uint8_t>& out = output_[s];
    const size_t before = out.size();
    out.resize(before + mine * length * (1 + HuffmanCode::max_length) / 8 + 16);
    Appender to(writers_[s], out.data() + before);
    for (size_t x = 0; x < layout_.width; ++x)
        for (uint32_t g = s; g < groups; g += streams) {
            const size_t at = x * groups + g;
            const uint32_t mask = masks_[at], mask_bits = layout_.values_of(g);
            const int16_t* const q = levels_.data() + at * length;
            if (mask == 0) {
                to.put(0, mask_bits, 0, 0, 0);
                continue;
            }
            if constexpr (length == 8) {
                to.put(mask, mask_bits, first[q[0]], rest[q[1]], rest[q[2]]);
                to.put(0, 0, rest[q[3]], rest[q[4]], rest[q[5]]);
                to.put(0, 0, rest[q[6]], rest[q[7]], 0);
            } else {
                to.put(mask, mask_bits, first[q[0]], 0, 0);
                for (uint32_t i = 1; i < length; i += 3)
                    to.put(0, 0, rest[q[i]], rest[q[i + 1]], rest[q[i + 2]]);
            }
        }
    out.resize(before + to.finish());
}

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
    Layout layout_;
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

std::unique_ptr<BandEncoder> make_dct_mask_encoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams) {
    return std::make_unique<DctMaskEncoder>(code, shape, streams);
}

std::unique_ptr<BandDecoder> make_dct_mask_decoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams) {
    return std::make_unique<DctMaskDecoder>(code, shape, streams);
}

}  // namespace karhunen
