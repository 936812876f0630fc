#include "models/codec/zrle.h"

#include "models/codec/zero_runs.h"

namespace karhunen {
namespace {

class ZrleEncoder : public SequenceEncoder {
public:
    void encode(std::span<const uint8_t> words, std::vector<uint8_t>* streams) override {
        writer_.encode(words, streams[0]);
        words_ += words.size();
    }
    void finish(std::vector<uint8_t>* streams) override { writer_.finish(streams[0]); }
    uint64_t code_bits() const override { return writer_.code_bits(); }
    uint64_t clocks() const override { return words_; }

private:
    ZeroRunWriter<8> writer_;
    uint64_t words_ = 0;
};

class ZrleDecoder : public SequenceDecoder {
public:
    void feed(uint32_t, std::span<const uint8_t> bytes) override { reader_.feed(bytes); }
    size_t decode(std::span<uint8_t> words) override {
        const size_t done = reader_.decode(words);
        words_ += done;
        return done;
    }
    uint64_t consumed(uint32_t) const override { return reader_.consumed(); }
    void finish() override { reader_.finish(); }
    uint64_t clocks() const override { return words_; }

private:
    ZeroRunReader<8> reader_;
    uint64_t words_ = 0;
};

}  // namespace

std::unique_ptr<SequenceEncoder> make_zrle_encoder() {
    return std::make_unique<ZrleEncoder>();
}

std::unique_ptr<SequenceDecoder> make_zrle_decoder() {
    return std::make_unique<ZrleDecoder>();
}

std::vector<uint8_t> zrle_encode(std::span<const uint8_t> words) {
    ZrleEncoder encoder;
    return encode_sequence(encoder, words);
}

std::vector<uint8_t> zrle_decode(std::span<const uint8_t> stream, uint64_t words) {
    // A bit of a stream stands for 16 / 5 words at most.
    if (words > stream.size() * 26) throw CodecError(sequence_too_short);
    ZrleDecoder decoder;
    decoder.feed(0, stream);
    return decode_sequence(decoder, words);
}

}  // namespace karhunen
