#include "models/codec/ebpc.h"

#include <algorithm>

#include "models/codec/bit_planes.h"
#include "models/codec/zero_runs.h"

namespace karhunen {
namespace {

void check_count(uint64_t words) {
    if (words > ebpc_max_words)
        throw CodecError("ebpc: " + std::to_string(words) + " words, but " +
                         std::to_string(ebpc_max_words) + " are the most");
}

/// Appends the words that are not zero.
void append_nonzero(std::span<const uint8_t> words, std::vector<uint8_t>& to) {
    const size_t before = to.size();
    to.resize(before + words.size() + 1);
    uint8_t* out = to.data() + before;
    for (const uint8_t w : words) {
        *out = w;
        out += w != 0;
    }
    to.resize(static_cast<size_t>(out - to.data()));
}

class EbpcEncoder : public SequenceEncoder {
public:
    void encode(std::span<const uint8_t> words, std::vector<uint8_t>* streams) override {
        words_ += words.size();
        check_count(words_);
        znz_.encode(words, streams[0]);
        append_nonzero(words, pending_);
        const size_t whole = pending_.size() / bpc_block * bpc_block;
        put(whole, streams[1]);
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(whole));
    }
    void finish(std::vector<uint8_t>* streams) override {
        znz_.finish(streams[0]);
        if (!pending_.empty()) {
            pending_.resize(bpc_block);
            put(bpc_block, streams[1]);
            pending_.clear();
        }
        bpc_.finish(streams[1]);
    }
    uint64_t code_bits() const override { return znz_.code_bits() + bpc_.total(); }
    uint64_t code_bits_of(uint32_t stream) const override {
        return stream == 0 ? znz_.code_bits() : bpc_.total();
    }
    uint64_t clocks() const override { return std::max(words_, block_clocks_); }

private:
    void put(size_t words, std::vector<uint8_t>& out) {
        const size_t before = out.size();
        out.resize(before + BitWriter::room(words / bpc_block * bpc_most_block_bits));
        uint8_t* to = out.data() + before;
        for (size_t i = 0; i < words; i += bpc_block)
            to = encode_bpc_block(bpc_, to, load_bytes(pending_.data() + i), block_clocks_);
        block_clocks_ += words / bpc_block * bpc_block_clocks;
        out.resize(static_cast<size_t>(to - out.data()));
    }

    ZeroRunWriter<0> znz_;
    BitWriter bpc_;
    std::vector<uint8_t> pending_;  ///< words other than zero, less than a block between calls
    uint64_t words_ = 0, block_clocks_ = 0;
};

/// In portions: first where the zeros are, then as many blocks as the other words need.
class EbpcDecoder : public SequenceDecoder {
public:
    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (stream == 0)
            znz_.feed(bytes);
        else
            bpc_.feed(bytes);
    }
    size_t decode(std::span<uint8_t> words) override {
        size_t done = 0;
        while (done < words.size()) {
            const size_t wanted = std::min(words.size() - done, portion);
            const size_t before = flags_.size();
            if (before < wanted) {
                flags_.resize(wanted);
                flags_.resize(before + znz_.decode(std::span(flags_).subspan(before)));
            }
            if (flags_.empty() || !read_blocks()) break;
            place(words.data() + done);
            done += flags_.size();
            flags_.clear();
        }
        words_ += done;
        return done;
    }
    uint64_t consumed(uint32_t stream) const override {
        return stream == 0 ? znz_.consumed() : bpc_.consumed();
    }
    void finish() override {
        if (!flags_.empty()) throw CodecError(sequence_too_short);
        znz_.finish();
        for (const uint8_t filling : nonzero_)
            if (filling != 0) throw CodecError("the last block goes on after the last word");
        bpc_.finish();
    }
    uint64_t clocks() const override { return std::max(words_, block_clocks_); }

private:
    static constexpr size_t portion = 4096;  // words

    /// All blocks that flags_ needs. False: bytes are lacking.
    bool read_blocks() {
        size_t needed = 0;
        for (const uint8_t flag : flags_) needed += flag;
        while (nonzero_.size() < needed) {
            const BpcBlock block = decode_bpc_block(bpc_);
            if (block.bits > bpc_.bits_left()) {
                bpc_.hold();
                return false;
            }
            if (!block.good) throw CodecError("the stream has a block that no encoder writes");
            bpc_.skip(block.bits);
            const size_t before = nonzero_.size();
            nonzero_.resize(before + bpc_block);
            std::memcpy(nonzero_.data() + before, &block.words, bpc_block);
            block_clocks_ += bpc_block_clocks + block.stalls;
        }
        return true;
    }
    void place(uint8_t* words) {
        nonzero_.push_back(0);  // what is read where a zero stands after the last word
        const uint8_t* from = nonzero_.data();
        uint32_t zeros = 0;
        for (const uint8_t flag : flags_) {
            const auto word = static_cast<uint8_t>(*from & -flag);
            zeros += static_cast<uint32_t>(word == 0);
            *words++ = word;
            from += flag;
        }
        nonzero_.pop_back();
        const auto used = from - nonzero_.data();
        if (zeros + static_cast<size_t>(used) != flags_.size())
            throw CodecError("the stream has a zero as another word");
        nonzero_.erase(nonzero_.begin(), nonzero_.begin() + used);
    }

    ZeroRunReader<0> znz_;
    BitReader bpc_;
    std::vector<uint8_t> flags_;    ///< 1: not zero; of words that are not yet given out
    std::vector<uint8_t> nonzero_;  ///< decoded, not yet given out
    uint64_t words_ = 0, block_clocks_ = 0;
};

}  // namespace

std::unique_ptr<SequenceEncoder> make_ebpc_encoder() {
    return std::make_unique<EbpcEncoder>();
}

std::unique_ptr<SequenceDecoder> make_ebpc_decoder() {
    return std::make_unique<EbpcDecoder>();
}

EbpcStreams ebpc_encode(std::span<const uint8_t> words) {
    check_count(words.size());
    EbpcEncoder encoder;
    std::vector<uint8_t> streams[2];
    encoder.encode(words, streams);
    encoder.finish(streams);
    return {std::move(streams[0]), std::move(streams[1]), words.size()};
}

std::vector<uint8_t> ebpc_decode(const EbpcStreams& streams) {
    check_count(streams.words);
    // A bit of ZNZ stands for 16 / 5 words at most.
    if (streams.words > streams.znz.size() * 26) throw CodecError(sequence_too_short);
    EbpcDecoder decoder;
    decoder.feed(0, streams.znz);
    decoder.feed(1, streams.bpc);
    return decode_sequence(decoder, streams.words);
}

uint64_t ebpc_worst_case_bytes(uint64_t words) {
    // Two words and zeros can already take the most bits.
    const uint64_t one_alone =
        words % bpc_block == 1 ? bpc_most_block_bits - bpc_most_bits_of_one : 0;
    return ((words + bpc_block - 1) / bpc_block * bpc_most_block_bits - one_alone + 7) / 8;
}

}  // namespace karhunen
