// Single coders without a band around them: what an RTL block has at its ports.
#include <karhunen/loadable.h>

#include "models/codec/ebpc.h"
#include "models/codec/word_input.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"
#include "models/golden/coders.h"
#include "models/golden/values.h"

namespace karhunen::golden {
namespace {

/// Values decoded at a time.
constexpr size_t portion = 64;

class HuffmanEncoding : public Encoding {
public:
    explicit HuffmanEncoding(const HuffmanCode& code) : code_(code) {}

    void check(std::span<const int32_t> symbols) const override {
        const int64_t high = code_.low() + static_cast<int64_t>(code_.symbols()) - 1;
        check_range(symbols, code_.low(), high, "symbols");
    }
    void put(std::span<const int32_t> symbols) override {
        const std::vector<int16_t> narrow(symbols.begin(), symbols.end());
        code_.encode(writer_, bytes_, narrow.data(), narrow.size(), 1);
    }
    void finish() override { HuffmanCode::flush(writer_, bytes_); }
    uint32_t streams() const override { return 1; }
    std::vector<uint8_t>& output(uint32_t) override { return bytes_; }

private:
    const HuffmanCode& code_;
    HuffmanCode::Writer writer_;
    std::vector<uint8_t> bytes_;
};

class SequenceEncoding : public Encoding {
public:
    SequenceEncoding(std::unique_ptr<SequenceEncoder> encoder, uint32_t streams)
        : encoder_(std::move(encoder)), streams_(streams) {}

    void check(std::span<const int32_t> words) const override {
        check_range(words, 0, 255, "words");
    }
    void put(std::span<const int32_t> words) override {
        const std::vector<uint8_t> narrow(words.begin(), words.end());
        encoder_->encode(narrow, bytes_);
    }
    void finish() override { encoder_->finish(bytes_); }
    uint32_t streams() const override { return streams_; }
    std::vector<uint8_t>& output(uint32_t stream) override { return bytes_[stream]; }

private:
    std::unique_ptr<SequenceEncoder> encoder_;
    uint32_t streams_;
    std::vector<uint8_t> bytes_[2];
};

/// Counts the values down; who derives decodes some of them.
class SerialDecoding : public Decoding {
public:
    explicit SerialDecoding(uint64_t count) : left_(count) {}
    void end() override { ended_ = true; }
    Progress next(std::vector<int32_t>& values) override {
        values.clear();
        if (left_ == 0) return Progress::complete;
        const size_t wanted = std::min<uint64_t>(left_, portion);
        left_ -= decode(wanted, values);
        if (!values.empty()) return Progress::some;
        if (ended_) throw CodecError(sequence_too_short);
        return Progress::lacking;
    }

protected:
    /// Up to `count`; returns how many.
    virtual size_t decode(size_t count, std::vector<int32_t>& values) = 0;

private:
    uint64_t left_;
    bool ended_ = false;
};

class HuffmanDecoding : public SerialDecoding {
public:
    HuffmanDecoding(const HuffmanCode& code, uint64_t count)
        : SerialDecoding(count), code_(code), symbols_(portion + HuffmanCode::slack) {}
    uint32_t streams() const override { return 1; }
    void feed(uint32_t, std::span<const uint8_t> bytes) override { words_.feed(bytes); }
    void finish() override { words_.finish(); }

protected:
    size_t decode(size_t count, std::vector<int32_t>& values) override {
        words_.begin();
        const size_t n = code_.decode(words_.reader, symbols_.data(), count);
        words_.end();
        values.assign(symbols_.begin(), symbols_.begin() + static_cast<ptrdiff_t>(n));
        return n;
    }

private:
    const HuffmanCode& code_;
    WordInput words_;
    std::vector<int16_t> symbols_;
};

class SequenceDecoding : public SerialDecoding {
public:
    SequenceDecoding(std::unique_ptr<SequenceDecoder> decoder, uint32_t streams, uint64_t count)
        : SerialDecoding(count), decoder_(std::move(decoder)), streams_(streams), words_(portion) {}
    uint32_t streams() const override { return streams_; }
    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        decoder_->feed(stream, bytes);
    }
    void finish() override { decoder_->finish(); }

protected:
    size_t decode(size_t count, std::vector<int32_t>& values) override {
        const size_t n = decoder_->decode(std::span(words_).first(count));
        values.assign(words_.begin(), words_.begin() + static_cast<ptrdiff_t>(n));
        return n;
    }

private:
    std::unique_ptr<SequenceDecoder> decoder_;
    uint32_t streams_;
    std::vector<uint8_t> words_;
};

[[noreturn]] void refuse() {
    throw Error(KARHUNEN_BAD_ARGUMENT,
                "only vlc, transform, zvc, zrle and ebpc have coders that work on their own");
}

}  // namespace

std::unique_ptr<Encoding> serial_encoding(const CodecData& codec) {
    if (codec.symbols) return std::make_unique<HuffmanEncoding>(codec.symbols->code());
    switch (codec.id) {
        case KRHN_CODEC_ZVC:
            return std::make_unique<SequenceEncoding>(make_zvc_encoder(), 1);
        case KRHN_CODEC_ZRLE:
            return std::make_unique<SequenceEncoding>(make_zrle_encoder(), 1);
        case KRHN_CODEC_EBPC:
            return std::make_unique<SequenceEncoding>(make_ebpc_encoder(), 2);
    }
    refuse();
}

std::unique_ptr<Decoding> serial_decoding(const CodecData& codec, uint64_t count) {
    if (codec.symbols) return std::make_unique<HuffmanDecoding>(codec.symbols->code(), count);
    switch (codec.id) {
        case KRHN_CODEC_ZVC:
            return std::make_unique<SequenceDecoding>(make_zvc_decoder(), 1, count);
        case KRHN_CODEC_ZRLE:
            return std::make_unique<SequenceDecoding>(make_zrle_decoder(), 1, count);
        case KRHN_CODEC_EBPC:
            return std::make_unique<SequenceDecoding>(make_ebpc_decoder(), 2, count);
    }
    refuse();
}

}  // namespace karhunen::golden
