// Canonical Huffman code of at most 15 bits and its tables.
//
// Codes are numbered as in DEFLATE (RFC 1951, 3.2.2): shorter codes first, codes of one length in
// the order of their symbols. A code goes into the stream from its most significant bit on, each
// bit to the lowest free bit of the stream; so the encoder's table holds reversed codes, and a
// stream is a little-endian integer that is read from its low end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

/// What a table byte of a blob says about a symbol: bits 3:0 are its code length (1 to 15), bits
/// 7:4 how much its information -log2 p under the calibrated statistics exceeds the length, in 16
/// steps (huffman.cpp). The coders need the length alone; the rest gives the entropy rate.
struct SymbolModel {
    uint8_t length = 0;
    uint8_t information = 0;  ///< in 1/8 bits
};

/// Model bytes from how often each symbol was seen. Every symbol gets a code: one is added to each
/// count. The information is rounded so that its average over the counts is kept.
std::vector<uint8_t> model_bytes(std::span<const uint64_t> counts);

class HuffmanCode {
public:
    static constexpr unsigned max_length = 15;
    static constexpr uint32_t max_symbols = 2047;

    /// One model byte per symbol; symbol i is written and read as the value low + i. Throws
    /// CodecError unless there are 2..2047 symbols and the code is complete (Kraft sum 1).
    HuffmanCode(std::span<const uint8_t> model, int16_t low);

    /// Where an encoder stands in its stream.
    struct Writer {
        uint64_t pending = 0;       ///< bits that are not yet in `bytes`
        uint32_t pending_bits = 0;  ///< fewer than 64
        uint64_t code_bits = 0;     ///< of all symbols so far
        uint64_t information = 0;   ///< of all symbols so far, in 1/8 bits
    };
    /// Appends `count` values, `stride` apart, each within the alphabet; whole 16-bit words go to
    /// `bytes`, the rest stays in the writer.
    void encode(Writer& writer, std::vector<uint8_t>& bytes, const int16_t* values, size_t count,
                size_t stride) const;
    /// Pads what is left to a 16-bit word.
    static void flush(Writer& writer, std::vector<uint8_t>& bytes);

    /// Where a decoder stands in its stream. Bits of `ahead` above `ahead_bits` are the stream's
    /// next bits or zero.
    struct Reader {
        uint64_t ahead = 0;
        uint32_t ahead_bits = 0;
        const uint8_t* next = nullptr;  ///< first byte that is not in `ahead`
        const uint8_t* end = nullptr;
    };
    /// Reads up to `count` values, fewer when the bytes do not suffice; returns how many.
    /// `values` needs room for `slack` more, which are overwritten.
    static constexpr size_t slack = 4;
    size_t decode(Reader& reader, int16_t* values, size_t count) const;

    bool operator==(const HuffmanCode& other) const {
        return low_ == other.low_ && encode_table_ == other.encode_table_;
    }
    uint32_t symbols() const { return static_cast<uint32_t>(encode_table_.size()); }
    unsigned longest() const { return longest_; }
    int16_t low() const { return low_; }
    /// Reversed code of a symbol and its model.
    uint16_t code(uint32_t symbol) const { return static_cast<uint16_t>(encode_table_[symbol]); }
    SymbolModel model(uint32_t symbol) const {
        return {static_cast<uint8_t>(encode_table_[symbol] >> 16),
                static_cast<uint8_t>(encode_table_[symbol] >> 24)};
    }

private:
    void build_decode_tables();

    static constexpr unsigned window_bits = 11;
    std::vector<uint32_t> encode_table_;  ///< code | length << 16 | information << 24
    /// By the next 11 bits: up to three values in the low 48 bits, bits used << 48, values << 56.
    /// No value: the code is longer.
    std::vector<uint64_t> several_;
    std::vector<uint16_t> single_;  ///< by the next 15 bits: symbol | length << 11
    unsigned longest_ = 0;
    int16_t low_;
};

}  // namespace karhunen
