// Bands value by value: rows are collected for the codec, and given out again.
#include "models/golden/coders.h"
#include "models/golden/values.h"

namespace karhunen::golden {
namespace {

class BandEncoding : public Encoding {
public:
    BandEncoding(const CodecData& codec, const Band& band)
        : format_(codec.codec->stored_format()),
          row_values_(size_t{band.shape.width} * band.shape.channels),
          left_(band.values()),
          streams_(band.streams),
          encoder_(codec.codec->encoder(band.shape, band.streams)) {}

    void check(std::span<const int32_t> values) const override {
        if (values.size() > left_)
            throw Error(KARHUNEN_BAD_ARGUMENT,
                        "count: " + std::to_string(left_) + " values of the band are left");
        check_range(values, min_of(format_), max_of(format_), "values");
    }
    void check_complete() const override {
        if (left_ > 0)
            throw Error(KARHUNEN_BAD_ORDER, std::to_string(left_) + " values of the band lack");
    }
    void put(std::span<const int32_t> values) override {
        left_ -= values.size();
        while (!values.empty()) {
            const size_t now = std::min(values.size(), row_values_ - row_.size());
            row_.insert(row_.end(), values.begin(), values.begin() + static_cast<ptrdiff_t>(now));
            values = values.subspan(now);
            if (row_.size() < row_values_) continue;
            encoder_->encode_row(narrowed(row_, format_, "values"));
            row_.clear();
        }
    }
    void finish() override { encoder_->finish(); }
    uint32_t streams() const override { return streams_; }
    std::vector<uint8_t>& output(uint32_t stream) override { return encoder_->output(stream); }

private:
    Format format_;
    size_t row_values_;
    uint64_t left_;
    uint32_t streams_;
    std::vector<int32_t> row_;
    std::unique_ptr<BandEncoder> encoder_;
};

class BandDecoding : public Decoding {
public:
    BandDecoding(const CodecData& codec, const Band& band)
        : format_(codec.codec->decoded_format()),
          row_(size_t{band.shape.width} * band.shape.channels * words_of(format_)),
          rows_left_(band.shape.rows),
          streams_(band.streams),
          decoder_(codec.codec->decoder(band.shape, band.streams)) {}

    uint32_t streams() const override { return streams_; }
    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        decoder_->feed(stream, bytes);
    }
    void end() override { decoder_->end(); }
    Progress next(std::vector<int32_t>& values) override {
        values.clear();
        if (rows_left_ == 0) return Progress::complete;
        if (!decoder_->decode_row(row_)) return Progress::lacking;
        --rows_left_;
        values.resize(row_.size() / words_of(format_));
        widen(row_, format_, values.data());
        return Progress::some;
    }
    void finish() override { decoder_->finish(); }

private:
    Format format_;
    std::vector<int16_t> row_;
    uint32_t rows_left_, streams_;
    std::unique_ptr<BandDecoder> decoder_;
};

}  // namespace

std::unique_ptr<Encoding> encoding_of_band(const CodecData& codec, const Band& band) {
    return std::make_unique<BandEncoding>(codec, band);
}

std::unique_ptr<Decoding> decoding_of_band(const CodecData& codec, const Band& band) {
    return std::make_unique<BandDecoding>(codec, band);
}

}  // namespace karhunen::golden
