// Streams of bits that are packed from the most significant bit of each byte on, and bytes looked
// at eight at a time.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "models/codec/codec.h"

namespace karhunen {

// Loads and stores are of little-endian machines; others would swap where these do not.
static_assert(std::endian::native == std::endian::little);

inline uint64_t load_bytes(const uint8_t* from) {
    uint64_t bytes;
    std::memcpy(&bytes, from, 8);
    return bytes;
}

/// Bit 8i + 7 for each byte i that is not zero.
constexpr uint64_t nonzero_bytes(uint64_t x) {
    constexpr uint64_t low = 0x7F7F7F7F7F7F7F7F;
    return (((x & low) + low) | x) & ~low;
}

/// Bit i is bit 8i + 7 of `high_bits`, which has no others.
constexpr uint32_t gathered(uint64_t high_bits) {
    return static_cast<uint32_t>((high_bits >> 7) * 0x0102040810204080 >> 56);
}

/// Appends codes of up to 56 bits.
class BitWriter {
public:
    /// Room in bytes for so many bits behind what was appended before.
    static size_t room(uint64_t bits) { return bits / 8 + 16; }

    /// `code` begins at bit 63, the bits behind it are zero. Writes 8 bytes; returns where to go
    /// on.
    uint8_t* append(uint8_t* to, uint64_t code, uint32_t length) {
        pending_ |= code >> pending_bits_;
        const uint64_t bytes = __builtin_bswap64(pending_);
        std::memcpy(to, &bytes, 8);
        pending_bits_ += length;
        to += pending_bits_ / 8;
        pending_ <<= pending_bits_ & ~7u;
        pending_bits_ &= 7;
        total_ += length;
        return to;
    }
    /// Fills the last byte with zeros.
    void finish(std::vector<uint8_t>& out) {
        if (pending_bits_ > 0) out.push_back(static_cast<uint8_t>(pending_ >> 56));
        pending_ = pending_bits_ = 0;
    }
    uint64_t total() const { return total_; }

private:
    uint64_t pending_ = 0;  ///< bits of the byte that is not complete, from bit 63 on
    uint32_t pending_bits_ = 0;
    uint64_t total_ = 0;
};

/// Bytes that arrive in pieces, read by the bit. Reading beyond them gives zeros; who does so asks
/// bits_left() before it uses what it read.
class BitReader {
public:
    void feed(std::span<const uint8_t> bytes) {
        const auto used = static_cast<ptrdiff_t>(bit_ / 8);
        bytes_.resize(size_);
        bytes_.erase(bytes_.begin(), bytes_.begin() + used);
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        size_ = bytes_.size();
        bytes_.resize(size_ + padding);
        dropped_ += static_cast<uint64_t>(used);
        bit_ %= 8;
    }
    /// At least the next 57 bits, from bit 63 on; `ahead` up to 64 bits behind where the reader is.
    uint64_t peek(uint32_t ahead = 0) const {
        const uint64_t at = bit_ + ahead;
        return __builtin_bswap64(load_bytes(bytes_.data() + at / 8)) << at % 8;
    }
    void skip(uint64_t bits) { bit_ += bits; }
    uint64_t bits_left() const { return size_ * 8 - bit_; }
    const uint8_t* bytes() const { return bytes_.data() + bit_ / 8; }

    /// All that was fed has gone into a register that waits for the rest.
    void hold() { held_ = dropped_ + size_; }
    /// Bytes that are read, the last one perhaps in part.
    uint64_t consumed() const { return std::max(held_, dropped_ + (bit_ + 7) / 8); }
    /// Throws CodecError unless all that is left are fewer than 8 zeros.
    void finish() const {
        if (bits_left() >= 8) throw CodecError("the stream goes on after its last word");
        if (bits_left() > 0 && peek() != 0)
            throw CodecError("the padding of the stream is not zero");
    }

private:
    static constexpr size_t padding = 24;
    std::vector<uint8_t> bytes_ = std::vector<uint8_t>(padding);  ///< and `padding` zeros
    size_t size_ = 0;
    uint64_t bit_ = 0;
    uint64_t dropped_ = 0, held_ = 0;
};

}  // namespace karhunen
