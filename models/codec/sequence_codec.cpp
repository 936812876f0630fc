#include "models/codec/sequence_codec.h"

#include <algorithm>

#include "models/codec/ebpc.h"
#include "models/codec/symbol_codec.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"

namespace karhunen {
namespace {

/// What tells the three apart.
struct Kind {
    const char* name;
    uint32_t streams_per_coder;
    std::unique_ptr<SequenceEncoder> (*encoder)();
    std::unique_ptr<SequenceDecoder> (*decoder)();
    uint64_t (*worst_case_bytes)(uint64_t words);
    uint64_t most_words;  ///< of a coder in a band
    /// Pipelines: what has to be there before the first bit or word, and `coder_latency`.
    uint64_t encode_latency, decode_latency;
};

uint64_t zvc_worst(uint64_t words) {
    return zvc_worst_case_bytes(words);
}
uint64_t zrle_worst(uint64_t words) {
    return zrle_worst_case_bytes(words);
}

// zvc's mask goes before the 32 words. ebpc collects 8 words, then has a plane per clock.
constexpr Kind zvc = {"zvc",
                      1,
                      make_zvc_encoder,
                      make_zvc_decoder,
                      zvc_worst,
                      uint64_t{1} << 48,
                      32 + coder_latency,
                      coder_latency};
constexpr Kind zrle = {"zrle",
                       1,
                       make_zrle_encoder,
                       make_zrle_decoder,
                       zrle_worst,
                       uint64_t{1} << 48,
                       coder_latency,
                       coder_latency};
constexpr Kind ebpc = {"ebpc",
                       2,
                       make_ebpc_encoder,
                       make_ebpc_decoder,
                       ebpc_worst_case_bytes,
                       ebpc_max_words,
                       8 + 10 + coder_latency,
                       10 + coder_latency};

/// Clocks of the slowest coder.
template <typename Coders>
uint64_t clocks_of(const Coders& coders) {
    uint64_t most = 0;
    for (const auto& coder : coders) most = std::max(most, coder->clocks());
    return most;
}

size_t row_words(const BandShape& shape, uint32_t coder, size_t coders) {
    return size_t{shape.width} * channels_of(coder, shape.channels, static_cast<uint32_t>(coders));
}

class SequenceBandEncoder : public BandEncoder {
public:
    SequenceBandEncoder(const Kind& kind, const BandShape& shape, uint32_t streams)
        : BandEncoder(streams), kind_(kind), shape_(shape) {
        for (uint32_t s = 0; s < streams; s += kind.streams_per_coder)
            coders_.push_back(kind.encoder());
        words_.resize(row_words(shape, 0, coders_.size()));
    }

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != size_t{shape_.width} * shape_.channels || rows_done_ == shape_.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        ++rows_done_;
        clocks_before_ = clocks_of(coders_);
        for (uint32_t g = 0; g < coders_.size(); ++g) {
            uint8_t* to = words_.data();
            for (size_t c = g; c < shape_.channels; c += coders_.size())
                for (size_t x = 0; x < shape_.width; ++x)
                    *to++ = static_cast<uint8_t>(row[x * shape_.channels + c]);
            coders_[g]->encode(std::span(words_).first(row_words(shape_, g, coders_.size())),
                               streams_of(g));
        }
        count();
    }
    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("encoder: the band lacks rows");
        for (uint32_t g = 0; g < coders_.size(); ++g) coders_[g]->finish(streams_of(g));
        count();
    }
    double entropy_bits() const override { return static_cast<double>(code_bits_); }
    uint64_t code_bits_of(uint32_t stream) const override {
        return coders_[stream / kind_.streams_per_coder]->code_bits_of(stream %
                                                                       kind_.streams_per_coder);
    }
    uint64_t row_clocks(uint64_t) const override { return clocks_of(coders_) - clocks_before_; }

private:
    std::vector<uint8_t>* streams_of(uint32_t coder) {
        return &output_[size_t{coder} * kind_.streams_per_coder];
    }
    void count() {
        code_bits_ = 0;
        for (const auto& coder : coders_) code_bits_ += coder->code_bits();
    }

    const Kind& kind_;
    BandShape shape_;
    std::vector<std::unique_ptr<SequenceEncoder>> coders_;
    std::vector<uint8_t> words_;
    uint32_t rows_done_ = 0;
    uint64_t clocks_before_ = 0;  ///< of the latest row
};

class SequenceBandDecoder : public BandDecoder {
public:
    SequenceBandDecoder(const Kind& kind, const BandShape& shape, uint32_t streams, bool is_signed)
        : kind_(kind), shape_(shape), is_signed_(is_signed) {
        for (uint32_t s = 0; s < streams; s += kind.streams_per_coder)
            coders_.push_back(kind.decoder());
        for (uint32_t g = 0; g < coders_.size(); ++g)
            words_.emplace_back(row_words(shape, g, coders_.size()));
        done_.resize(coders_.size());
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (ended_ && !bytes.empty()) throw CodecError("decoder: bytes after the end");
        coder_of(stream).feed(stream % kind_.streams_per_coder, bytes);
    }
    void end() override { ended_ = true; }

    bool decode_row(std::span<int16_t> row) override {
        if (row.size() != size_t{shape_.width} * shape_.channels || rows_done_ == shape_.rows)
            throw CodecError("decoder: a row too many or of the wrong length");
        bool complete = true;
        for (size_t g = 0; g < coders_.size(); ++g) {
            done_[g] += coders_[g]->decode(std::span(words_[g]).subspan(done_[g]));
            complete = complete && done_[g] == words_[g].size();
        }
        if (!complete) {
            if (ended_) throw CodecError("the stream ends before its band is complete");
            return false;
        }
        for (uint32_t g = 0; g < coders_.size(); ++g) scatter(g, row);
        ++rows_done_;
        clocks_before_ = clocks_;
        clocks_ = clocks_of(coders_);
        return true;
    }
    uint64_t consumed(uint32_t stream) const override {
        return coder_of(stream).consumed(stream % kind_.streams_per_coder);
    }
    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("decoder: rows of the band were not taken");
        for (const auto& coder : coders_) coder->finish();
    }
    uint64_t row_clocks(uint64_t) const override { return clocks_ - clocks_before_; }

private:
    SequenceDecoder& coder_of(uint32_t stream) const {
        const uint32_t coder = stream / kind_.streams_per_coder;
        if (coder >= coders_.size()) throw CodecError("decoder: no such substream");
        return *coders_[coder];
    }
    void scatter(uint32_t g, std::span<int16_t> row) {
        const uint8_t* from = words_[g].data();
        for (size_t c = g; c < shape_.channels; c += coders_.size())
            for (size_t x = 0; x < shape_.width; ++x, ++from)
                row[x * shape_.channels + c] =
                    is_signed_ ? static_cast<int8_t>(*from) : static_cast<int16_t>(*from);
        done_[g] = 0;
    }

    const Kind& kind_;
    BandShape shape_;
    bool is_signed_;
    std::vector<std::unique_ptr<SequenceDecoder>> coders_;
    std::vector<std::vector<uint8_t>> words_;  ///< of the row in work, of each coder
    std::vector<size_t> done_;                 ///< of these
    uint32_t rows_done_ = 0;
    uint64_t clocks_ = 0, clocks_before_ = 0;  ///< up to the latest row, and the one before
    bool ended_ = false;
};

class SequenceCodec : public Codec {
public:
    SequenceCodec(const Kind& kind, Format format) : kind_(kind), format_(format) {
        if (format != Format::u8 && format != Format::s8)
            throw CodecError(std::string(kind.name) + " codes maps of 8 bits");
    }

    std::unique_ptr<BandEncoder> encoder(const BandShape& shape, uint32_t streams) const override {
        check(shape, streams);
        return std::make_unique<SequenceBandEncoder>(kind_, shape, streams);
    }
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override {
        check(shape, streams);
        return std::make_unique<SequenceBandDecoder>(kind_, shape, streams, format_ == Format::s8);
    }
    Format stored_format() const override { return format_; }
    Format decoded_format() const override { return format_; }
    uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const override {
        return kind_.worst_case_bytes(check(shape, streams));
    }
    CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {check(row, streams), kind_.encode_latency};
    }
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {check(row, streams), kind_.decode_latency};
    }
    double entropy_bits(std::span<const int16_t> row) const override {
        std::vector<uint8_t> words(row.begin(), row.end());
        std::vector<uint8_t> streams[2];
        const auto coder = kind_.encoder();
        coder->encode(words, streams);
        coder->finish(streams);
        return static_cast<double>(coder->code_bits());
    }
    std::vector<int16_t> symbols(std::span<const int16_t> row) const override {
        std::vector<int16_t> result(row.begin(), row.end());
        for (int16_t& v : result) v = static_cast<int16_t>(v - min_of(format_));
        return result;
    }

private:
    /// Most words that a coder gets. Throws CodecError for what cannot be coded.
    uint64_t check(const BandShape& shape, uint32_t streams) const {
        check_band(shape, streams);
        if (streams % kind_.streams_per_coder != 0)
            throw CodecError(std::string(kind_.name) + " has two substreams per coder, not " +
                             std::to_string(streams) + " in all");
        const uint64_t words = coder_clocks(shape, streams / kind_.streams_per_coder);
        if (words > kind_.most_words)
            throw CodecError(std::string(kind_.name) + ": a coder has " + std::to_string(words) +
                             " words in a band, but " + std::to_string(kind_.most_words) +
                             " are the most");
        return words;
    }

    const Kind& kind_;
    Format format_;
};

}  // namespace

std::unique_ptr<Codec> make_zvc_codec(Format format) {
    return std::make_unique<SequenceCodec>(zvc, format);
}

std::unique_ptr<Codec> make_zrle_codec(Format format) {
    return std::make_unique<SequenceCodec>(zrle, format);
}

std::unique_ptr<Codec> make_ebpc_codec(Format format) {
    return std::make_unique<SequenceCodec>(ebpc, format);
}

}  // namespace karhunen
