// Range coding with asymmetric numeral systems (rANS; Duda 2013) of numbers 0..255: a token from a
// static table of 21 frequencies with sum 2^11, and raw bits, both in one operation on a 32-bit
// state that moves at most one 16-bit word.
//
// Two states a block; value j of the block uses state j mod 2. f, from = frequency of the token and
// sum of those before it, k = number of raw bits.
//   decode: slot = x mod 2^11, the token has from <= slot < from + f; raw = (x >> 11) mod 2^k;
//           x = f * (x >> (11 + k)) + slot - from; if x < 2^16: x = x << 16 | next word.
//   encode: values from last to first, states at first 2^16; if x >= f << (21 - k): put x mod 2^16,
//           x >>= 16; x = (x / f) << (11 + k) | raw << 11, plus from + x mod f.
// A block is state 0 and state 1, 32 bits each, then the words in the order of decoding; all
// little-endian. After the last value both states are 2^16 again, which tells damaged streams.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

inline constexpr uint32_t rans_tokens = 21;
inline constexpr uint32_t rans_precision = 11;
inline constexpr uint32_t rans_initial_state = 1 << 16;
using TokenFrequencies = std::array<uint16_t, rans_tokens>;

struct Token {
    uint8_t number, raw_bits, raw;
};
Token token_of(uint8_t value);
/// The least value of each token, and its number of raw bits.
inline constexpr std::array<uint8_t, rans_tokens> token_from = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 17, 25, 33, 49, 65, 97, 129, 161, 193, 225};
inline constexpr std::array<uint8_t, rans_tokens> token_raw_bits = {0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2,
                                                                    3, 3, 4, 4, 5, 5, 5, 5, 5, 5};

/// One substream in work: two states, and where the next word is (decoder) or the latest one
/// (encoder, which goes backwards).
struct RansDecoderLane {
    uint32_t state[2] = {rans_initial_state, rans_initial_state};  ///< of the next value first
    const uint8_t* words = nullptr;
};
struct RansEncoderLane {
    uint32_t state[2] = {rans_initial_state, rans_initial_state};  ///< of even values first
    uint8_t* words = nullptr;
    const uint16_t* codes = nullptr;  ///< of the block: table * 256 + value
};

/// Tables, each with sum 2^11 and no frequency 0, and which of them each context takes.
class RansDecoderTables {
public:
    RansDecoderTables(std::span<const TokenFrequencies> tables,
                      std::span<const uint8_t> table_of_context);

    /// Value i of `count` of each of `lanes` lanes: contexts[i * stride + lane] to values[the
    /// same]. Reads up to 2 * count + 2 bytes from `words` on, whatever it uses of them.
    template <int lanes>
    void decode(RansDecoderLane* lane, const uint16_t* contexts, uint8_t* values, size_t stride,
                size_t count) const;

private:
    /// Bits 31:21 frequency, 20:10 slot - from, 9:5 token, 4:0 number of raw bits.
    std::vector<uint32_t> slots_;  ///< [table][slot]
    std::vector<uint32_t> first_;  ///< slot, by context
};

class RansEncoderTables {
public:
    explicit RansEncoderTables(std::span<const TokenFrequencies> tables);

    /// Values begin..end-1 of a block, from the last to the first. Writes up to 2 * (end - begin)
    /// bytes in front of `words`.
    template <int lanes>
    void encode(RansEncoderLane* lane, size_t begin, size_t end) const;

    /// Ideal length of a code, in 1/1024 bit.
    uint16_t information(uint16_t code) const { return information_[code]; }

private:
    /// x' = x + addend + (x / frequency) * factor, the quotient by a multiplication: exact for all
    /// x < limit <= 2^32, as reciprocal = ceil(2^43 / frequency) and frequency < 2^11.
    struct Entry {
        uint64_t reciprocal;
        uint32_t limit;
        uint16_t factor, addend;
    };
    std::vector<Entry> entries_;  ///< by code
    std::vector<uint16_t> information_;
};

}  // namespace karhunen
