#include <cstring>

#include "models/codec/bit_stream.h"
#include "models/codec/dct_mask_stream.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

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
    DctMaskLayout layout_;
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

}  // namespace

std::unique_ptr<BandEncoder> make_dct_mask_encoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams) {
    return std::make_unique<DctMaskEncoder>(code, shape, streams);
}

}  // namespace karhunen
