// Bytes of a stream of 16-bit words that arrive in pieces, around a HuffmanCode::Reader.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "models/codec/codec.h"
#include "models/codec/huffman.h"

namespace karhunen {

class WordInput {
public:
    HuffmanCode::Reader reader;  ///< between begin() and end()

    void feed(std::span<const uint8_t> bytes) {
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(position_));
        position_ = 0;
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        fed_ += bytes.size();
    }
    void begin() {
        reader.next = bytes_.data() + position_;
        reader.end = bytes_.data() + bytes_.size();
    }
    void end() { position_ = static_cast<size_t>(reader.next - bytes_.data()); }

    /// Whole bytes that have been read; with the last code of the band (`all`) the rest of its
    /// word.
    uint64_t consumed(bool all) const {
        const uint64_t left = bytes_.size() - position_ + reader.ahead_bits / 8;
        return fed_ - (all ? left - std::min(left, padding_bytes()) : left);
    }
    /// Throws CodecError unless all that is left is the padding of the last word, zeros.
    void finish() const {
        const uint64_t bits = reader.ahead_bits + 8 * (bytes_.size() - position_);
        if (bits >= 16 || fed_ % 2 != 0)
            throw CodecError("the stream goes on after its band is complete");
        uint64_t padding = reader.ahead;
        for (size_t i = position_, at = reader.ahead_bits; i < bytes_.size(); ++i, at += 8)
            padding |= uint64_t{bytes_[i]} << at;
        if (padding & ((uint64_t{1} << bits) - 1))
            throw CodecError("the padding of the stream is not zero");
    }

private:
    /// Bytes that hold nothing but padding up to the 16-bit word.
    uint64_t padding_bytes() const {
        const uint64_t bits_used = 8 * (fed_ - (bytes_.size() - position_)) - reader.ahead_bits;
        return (bits_used + 15) / 16 * 2 - (bits_used + 7) / 8;
    }

    std::vector<uint8_t> bytes_;  ///< fed; those before `position_` are used or in the reader
    size_t position_ = 0;
    uint64_t fed_ = 0;
};

}  // namespace karhunen
