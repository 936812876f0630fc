#include "models/codec/raw.h"

#include <algorithm>

#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

/// Calls use(value) for each value of substream `s` in a row; a value is `words` of int16_t.
template <typename Value, typename Use>
void for_each_value(const BandShape& shape, uint32_t words, uint32_t s, uint32_t streams,
                    Value* row, Use&& use) {
    for (size_t x = 0; x < shape.width; ++x)
        for (uint32_t c = s; c < shape.channels; c += streams)
            use(row + (x * shape.channels + c) * words);
}

size_t row_words(const BandShape& shape, Format format) {
    return size_t{shape.width} * shape.channels * words_of(format);
}

/// Bytes of substream `s` for one row.
size_t stream_bytes(const BandShape& shape, uint32_t s, uint32_t streams, Format format) {
    return size_t{shape.width} * channels_of(s, shape.channels, streams) * bytes_of(format);
}

class RawEncoder : public BandEncoder {
public:
    RawEncoder(const BandShape& shape, uint32_t streams, Format format)
        : BandEncoder(streams), shape_(shape), format_(format) {}

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != row_words(shape_, format_) || rows_done_ == shape_.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        ++rows_done_;
        for (uint32_t s = 0; s < output_.size(); ++s) write(s, row.data());
        code_bits_ += uint64_t{shape_.width} * shape_.channels * bytes_of(format_) * 8;
    }
    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("encoder: the band lacks rows");
    }
    double entropy_bits() const override { return static_cast<double>(code_bits_); }

private:
    void write(uint32_t s, const int16_t* row) {
        const auto streams = static_cast<uint32_t>(output_.size());
        const uint32_t bytes = bytes_of(format_);
        std::vector<uint8_t>& out = output_[s];
        const size_t before = out.size();
        out.resize(before + stream_bytes(shape_, s, streams, format_));
        uint8_t* to = out.data() + before;
        if (bytes == 1)
            for_each_value(shape_, 1, s, streams, row,
                           [&](const int16_t* v) { *to++ = static_cast<uint8_t>(*v); });
        else
            for_each_value(shape_, bytes / 2, s, streams, row, [&](const int16_t* v) {
                for (uint32_t b = 0; b < bytes; ++b)
                    *to++ = static_cast<uint8_t>(v[b / 2] >> b % 2 * 8);
            });
    }

    BandShape shape_;
    Format format_;
    uint32_t rows_done_ = 0;
};

class RawDecoder : public BandDecoder {
public:
    RawDecoder(const BandShape& shape, uint32_t streams, Format format)
        : shape_(shape), format_(format), inputs_(streams) {
        for (uint32_t s = 0; s < streams; ++s)
            inputs_[s].row_bytes = stream_bytes(shape, s, streams, format);
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (stream >= inputs_.size()) throw CodecError("decoder: no such substream");
        if (ended_ && !bytes.empty()) throw CodecError("decoder: bytes after the end");
        Input& in = inputs_[stream];
        in.bytes.erase(in.bytes.begin(), in.bytes.begin() + static_cast<ptrdiff_t>(in.position));
        in.position = 0;
        in.bytes.insert(in.bytes.end(), bytes.begin(), bytes.end());
        in.fed += bytes.size();
    }
    void end() override { ended_ = true; }

    bool decode_row(std::span<int16_t> row) override {
        if (row.size() != row_words(shape_, format_) || rows_done_ == shape_.rows)
            throw CodecError("decoder: a row too many or of the wrong length");
        for (const Input& in : inputs_)
            if (in.bytes.size() - in.position < in.row_bytes) {
                if (ended_) throw CodecError("the stream ends before its band is complete");
                lacks_bytes_ = true;
                return false;
            }
        for (uint32_t s = 0; s < inputs_.size(); ++s) read(s, row);
        ++rows_done_;
        lacks_bytes_ = false;
        return true;
    }

    uint64_t consumed(uint32_t stream) const override {
        // Bytes of an incomplete row lie in the row register already.
        const Input& in = inputs_[stream];
        const size_t left = in.bytes.size() - in.position;
        return in.fed - left + (lacks_bytes_ ? std::min(left, in.row_bytes) : 0);
    }

    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("decoder: rows of the band were not taken");
        for (const Input& in : inputs_)
            if (in.position != in.bytes.size())
                throw CodecError("the stream goes on after its band is complete");
    }

private:
    struct Input {
        std::vector<uint8_t> bytes;
        size_t position = 0, row_bytes = 0;
        uint64_t fed = 0;
    };

    void read(uint32_t s, std::span<int16_t> row) {
        Input& in = inputs_[s];
        const uint8_t* from = in.bytes.data() + in.position;
        const auto streams = static_cast<uint32_t>(inputs_.size());
        const auto each = [&](auto&& use) {
            for_each_value(shape_, words_of(format_), s, streams, row.data(), use);
        };
        switch (format_) {
            case Format::u8:
                each([&](int16_t* v) { *v = *from++; });
                break;
            case Format::s8:
                each([&](int16_t* v) { *v = static_cast<int8_t>(*from++); });
                break;
            case Format::s12:
                each([&](int16_t* v) { *v = s12(from), from += 2; });
                break;
            case Format::s32:
                each([&](int16_t* v) {
                    v[0] = static_cast<int16_t>(from[0] | from[1] << 8);
                    v[1] = static_cast<int16_t>(from[2] | from[3] << 8);
                    from += 4;
                });
        }
        in.position += in.row_bytes;
    }

    static int16_t s12(const uint8_t* bytes) {
        const auto value = static_cast<int16_t>(bytes[0] | bytes[1] << 8);
        if (value < min_of(Format::s12) || value > max_of(Format::s12))
            throw CodecError("a 12-bit value is out of range");
        return value;
    }

    BandShape shape_;
    Format format_;
    std::vector<Input> inputs_;
    uint32_t rows_done_ = 0;
    bool lacks_bytes_ = false;  ///< for the row that was asked for last
    bool ended_ = false;
};

class RawCodec : public Codec {
public:
    explicit RawCodec(Format format) : format_(format) {}

    std::unique_ptr<BandEncoder> encoder(const BandShape& shape, uint32_t streams) const override {
        check_band(shape, streams);
        return std::make_unique<RawEncoder>(shape, streams, format_);
    }
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override {
        check_band(shape, streams);
        return std::make_unique<RawDecoder>(shape, streams, format_);
    }
    Format stored_format() const override { return format_; }
    Format decoded_format() const override { return format_; }
    uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const override {
        check_band(shape, streams);
        return coder_clocks(shape, streams) * bytes_of(format_);
    }
    CodecTiming encode_timing(const BandShape& row, uint32_t,
                              const CodecHardware& hardware) const override {
        const uint64_t width = std::max(hardware.raw_values_per_clock, 1u);
        return {(row.values() + width - 1) / width, 1};
    }
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware& hardware) const override {
        return encode_timing(row, streams, hardware);
    }
    double entropy_bits(std::span<const int16_t> row) const override {
        return static_cast<double>(row.size() / words_of(format_)) * bytes_of(format_) * 8;
    }

private:
    Format format_;
};

}  // namespace

std::unique_ptr<Codec> make_raw_codec(Format format) {
    return std::make_unique<RawCodec>(format);
}

}  // namespace karhunen
