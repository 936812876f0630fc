#include "models/codec/zvc.h"

#include <array>

#include "models/codec/bit_stream.h"

namespace karhunen {
namespace {

constexpr size_t block = 32;  // words
constexpr size_t mask_bytes = 4;

class ZvcEncoder : public SequenceEncoder {
public:
    void encode(std::span<const uint8_t> words, std::vector<uint8_t>* streams) override {
        std::vector<uint8_t>& out = streams[0];
        words_ += words.size();
        const size_t before = out.size();
        out.resize(before + zvc_worst_case_bytes(pending_words_ + words.size()) + slack);
        uint8_t* to = out.data() + before;
        if (pending_words_ > 0) {
            const size_t now = std::min(words.size(), block - pending_words_);
            std::copy_n(words.begin(), now, pending_.begin() + pending_words_);
            pending_words_ += now;
            words = words.subspan(now);
            if (pending_words_ == block) {
                to = put(to, pending_.data());
                pending_words_ = 0;
            }
        }
        for (; words.size() >= block; words = words.subspan(block)) to = put(to, words.data());
        std::copy(words.begin(), words.end(), pending_.begin() + pending_words_);
        pending_words_ += words.size();
        count(out, before, to);
    }
    void finish(std::vector<uint8_t>* streams) override {
        if (pending_words_ == 0) return;
        std::vector<uint8_t>& out = streams[0];
        std::fill(pending_.begin() + pending_words_, pending_.end(), uint8_t{0});
        const size_t before = out.size();
        out.resize(before + zvc_worst_case_bytes(block) + slack);
        count(out, before, put(out.data() + before, pending_.data()));
        pending_words_ = 0;
    }
    uint64_t code_bits() const override { return bytes_ * 8; }
    uint64_t clocks() const override { return words_; }

private:
    static constexpr size_t slack = 8;  // that put() may overwrite

    static uint8_t* put(uint8_t* to, const uint8_t* words) {
        uint8_t* const mask = to;
        to += mask_bytes;
        for (size_t i = 0; i < mask_bytes; ++i) {
            const uint64_t x = load_bytes(words + 8 * i);
            const uint64_t nonzero = nonzero_bytes(x);
            mask[i] = static_cast<uint8_t>(gathered(nonzero));
            for (size_t b = 0; b < 8; ++b) {
                *to = static_cast<uint8_t>(x >> 8 * b);
                to += nonzero >> (8 * b + 7) & 1;
            }
        }
        return to;
    }
    void count(std::vector<uint8_t>& out, size_t before, const uint8_t* end) {
        out.resize(static_cast<size_t>(end - out.data()));
        bytes_ += out.size() - before;
    }

    std::array<uint8_t, block> pending_{};
    size_t pending_words_ = 0;
    uint64_t words_ = 0, bytes_ = 0;
};

class ZvcDecoder : public SequenceDecoder {
public:
    void feed(uint32_t, std::span<const uint8_t> bytes) override { reader_.feed(bytes); }

    size_t decode(std::span<uint8_t> words) override {
        size_t done = 0;
        while (done < words.size()) {
            if (left_ == 0 && words.size() - done >= block &&
                reader_.bits_left() >= 8 * (mask_bytes + block)) {
                whole_block(words.data() + done);
                done += block;
            } else if (left_ > 0 || begin_block()) {
                if (!one(words[done])) break;
                ++done;
            } else {
                break;
            }
        }
        words_ += done;
        return done;
    }
    uint64_t consumed(uint32_t) const override { return reader_.consumed(); }
    void finish() override {
        if (mask_ != 0) throw CodecError("the stream has more words than its band");
        reader_.finish();
    }
    uint64_t clocks() const override { return words_; }

private:
    [[noreturn]] static void zero_found() {
        throw CodecError("the stream marks a zero as another value");
    }

    void whole_block(uint8_t* words) {
        const uint8_t* const mask = reader_.bytes();
        const uint8_t* from = mask + mask_bytes;
        uint32_t wrong = 0;
        for (size_t i = 0; i < mask_bytes; ++i) {
            const uint32_t nonzero = mask[i];
            for (size_t b = 0; b < 8; ++b) {
                const uint32_t bit = nonzero >> b & 1;
                words[8 * i + b] = static_cast<uint8_t>(*from & -bit);
                from += bit;
            }
            wrong |= gathered(nonzero_bytes(load_bytes(words + 8 * i))) ^ nonzero;
        }
        if (wrong) zero_found();
        reader_.skip(8 * static_cast<uint64_t>(from - mask));
    }
    bool begin_block() {
        if (reader_.bits_left() < 8 * mask_bytes) return false;
        std::memcpy(&mask_, reader_.bytes(), mask_bytes);
        reader_.skip(8 * mask_bytes);
        left_ = block;
        return true;
    }
    bool one(uint8_t& word) {
        word = 0;
        if (mask_ & 1) {
            if (reader_.bits_left() == 0) return false;
            word = *reader_.bytes();
            if (word == 0) zero_found();
            reader_.skip(8);
        }
        mask_ >>= 1;
        --left_;
        return true;
    }

    BitReader reader_;
    uint32_t mask_ = 0;  ///< of the words of a block that are left
    size_t left_ = 0;
    uint64_t words_ = 0;
};

}  // namespace

std::unique_ptr<SequenceEncoder> make_zvc_encoder() {
    return std::make_unique<ZvcEncoder>();
}

std::unique_ptr<SequenceDecoder> make_zvc_decoder() {
    return std::make_unique<ZvcDecoder>();
}

std::vector<uint8_t> zvc_encode(std::span<const uint8_t> words) {
    ZvcEncoder encoder;
    return encode_sequence(encoder, words);
}

std::vector<uint8_t> zvc_decode(std::span<const uint8_t> stream, uint64_t words) {
    if (words > stream.size() / mask_bytes * block) throw CodecError(sequence_too_short);
    ZvcDecoder decoder;
    decoder.feed(0, stream);
    return decode_sequence(decoder, words);
}

}  // namespace karhunen
