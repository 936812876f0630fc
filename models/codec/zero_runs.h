// The code of zeros that `zrle` and the ZNZ stream of `ebpc` share: `1` and `value_bits` (8 or 0)
// bits of a word other than zero, `0` and z - 1 in 4 bits for z = 1..16 zeros.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/codec/bit_stream.h"

namespace karhunen {

inline constexpr uint32_t longest_zero_run = 16;

/// Four words at a time: a table says what becomes of them, from which of them are zero and how
/// many zeros came before.
template <uint32_t value_bits>
class ZeroRunWriter {
public:
    void encode(std::span<const uint8_t> words, std::vector<uint8_t>& out) {
        const size_t before = out.size();
        // The most is a value each or, without values, a run of one zero each.
        out.resize(before + BitWriter::room(words.size() * std::max(1 + value_bits, 5u) + 5));
        uint8_t* to = out.data() + before;
        BitWriter writer = writer_;
        uint32_t zeros = zeros_;
        size_t i = 0;
        for (; i + 8 <= words.size(); i += 8) {
            const uint64_t x = load_bytes(words.data() + i);
            const uint32_t mask = gathered(nonzero_bytes(x));
            to = four(writer, to, x, table[zeros][mask & 15]);
            zeros = table[zeros][mask & 15].zeros;
            to = four(writer, to, x >> 32, table[zeros][mask >> 4]);
            zeros = table[zeros][mask >> 4].zeros;
        }
        for (; i < words.size(); ++i) to = one(writer, to, words[i], zeros);
        writer_ = writer;
        zeros_ = zeros;
        out.resize(static_cast<size_t>(to - out.data()));
    }
    void finish(std::vector<uint8_t>& out) {
        if (zeros_ > 0) {
            const size_t before = out.size();
            out.resize(before + BitWriter::room(5));
            const uint8_t* end = writer_.append(out.data() + before, run(zeros_), 5);
            out.resize(static_cast<size_t>(end - out.data()));
            zeros_ = 0;
        }
        writer_.finish(out);
    }
    uint64_t code_bits() const { return writer_.total(); }

private:
    struct Entry {
        uint64_t code = 0;               ///< without the values, from bit 63 on
        std::array<uint8_t, 4> place{};  ///< by how much each value is moved to the left
        uint8_t length = 0, zeros = 0;   ///< of the code; pending after it
    };
    using Table = std::array<std::array<Entry, 16>, longest_zero_run>;

    static constexpr uint64_t run(uint32_t zeros) { return uint64_t{zeros - 1} << 59; }

    static constexpr Table make_table() {
        Table table{};
        for (uint32_t before = 0; before < longest_zero_run; ++before)
            for (uint32_t mask = 0; mask < 16; ++mask) {
                Entry& e = table[before][mask];
                uint32_t zeros = before, length = 0;
                for (uint32_t i = 0; i < 4; ++i) {
                    const bool nonzero = mask >> i & 1;
                    if (!nonzero && ++zeros < longest_zero_run) continue;
                    if (zeros > 0) e.code |= run(zeros) >> length, length += 5, zeros = 0;
                    if (!nonzero) continue;
                    e.code |= (uint64_t{1} << 63) >> length;
                    length += 1 + value_bits;
                    e.place[i] = static_cast<uint8_t>(64 - length);
                }
                e.length = static_cast<uint8_t>(length);
                e.zeros = static_cast<uint8_t>(zeros);
            }
        return table;
    }
    static const Table table;

    static uint8_t* four(BitWriter& writer, uint8_t* to, uint64_t words, const Entry& e) {
        uint64_t code = e.code;
        if constexpr (value_bits > 0)
            for (uint32_t i = 0; i < 4; ++i) code |= (words >> 8 * i & 0xFF) << e.place[i];
        return writer.append(to, code, e.length);
    }
    static uint8_t* one(BitWriter& writer, uint8_t* to, uint8_t word, uint32_t& zeros) {
        if (word == 0 && ++zeros < longest_zero_run) return to;
        if (zeros > 0) to = writer.append(to, run(zeros), 5);
        zeros = 0;
        if (word == 0) return to;
        const uint64_t code = value_bits > 0 ? uint64_t{256} + word : 1;
        return writer.append(to, code << (63 - value_bits), 1 + value_bits);
    }

    BitWriter writer_;
    uint32_t zeros_ = 0;  ///< that are not yet written
};

template <uint32_t value_bits>
constexpr typename ZeroRunWriter<value_bits>::Table ZeroRunWriter<value_bits>::table =
    ZeroRunWriter<value_bits>::make_table();

/// A word other than zero is its value, or 1 where the stream has no values.
template <uint32_t value_bits>
class ZeroRunReader {
public:
    void feed(std::span<const uint8_t> bytes) { reader_.feed(bytes); }

    /// Up to words.size() words, fewer when bytes are lacking; returns how many.
    size_t decode(std::span<uint8_t> words) {
        uint8_t* out = words.data();
        uint8_t* const end = out + words.size();
        uint32_t bad = 0;
        fill(out, end);
        // 6 values of 9 bits or 4 steps of at most 14 are in 57 bits; a step writes up to 17 words.
        while (end - out > longest_zero_run && reader_.bits_left() >= 64) {
            uint64_t window = reader_.peek();
            bad |= short_run_ & static_cast<uint32_t>(~window >> 63);
            short_run_ = 0;
            if (value_bits == 8 && (window & six_values) == six_values) {  // where zeros are rare
                for (uint32_t i = 0; i < 6; ++i) {
                    out[i] = static_cast<uint8_t>(window >> (55 - 9 * i));
                    bad |= static_cast<uint32_t>(out[i] == 0);
                }
                out += 6;
                reader_.skip(54);
                continue;
            }
            if (value_bits == 0 && window >> 48 == 0xFFFF) {
                std::memset(out, 1, 16);
                out += 16;
                reader_.skip(16);
                continue;
            }
            uint32_t used = 0;
            for (int i = 0; i < 4 && end - out > longest_zero_run; ++i) {
                const Step s(window);
                bad |= s.bad;
                std::memset(out, 0, longest_zero_run);
                out[s.zeros] = s.value;
                out += s.words;
                window <<= s.length;
                used += s.length;
            }
            reader_.skip(used);
        }
        while (out < end) {
            const Symbol s(reader_.peek());
            if (s.length > reader_.bits_left()) break;
            bad |= s.bad(short_run_);
            short_run_ = s.short_run();
            reader_.skip(s.length);
            if (s.nonzero)
                *out++ = s.value;
            else
                zeros_ = s.words, fill(out, end);
        }
        if (bad) throw CodecError("the stream has a code that no encoder writes");
        return static_cast<size_t>(out - words.data());
    }
    uint64_t consumed() const { return reader_.consumed(); }
    void finish() const {
        if (zeros_ > 0) throw CodecError("the stream has more words than its band");
        reader_.finish();
    }

private:
    /// Without branches, which would be guessed wrong all the time.
    struct Symbol {
        explicit Symbol(uint64_t window)
            : nonzero(static_cast<uint32_t>(window >> 63)),
              length(5 - nonzero * (4 - value_bits)),
              words(1 + (static_cast<uint32_t>(window >> 59 & 15) & (nonzero - 1))),
              value(value_bits > 0 ? static_cast<uint8_t>(window >> 55 & (0 - nonzero))
                                   : static_cast<uint8_t>(nonzero)) {}
        uint32_t short_run() const { return (nonzero ^ 1) & static_cast<uint32_t>(words < 16); }
        /// An encoder joins runs, and writes no zero as a value.
        uint32_t bad(uint32_t after_short_run) const {
            return (after_short_run & (nonzero ^ 1)) |
                   (nonzero & static_cast<uint32_t>(value == 0));
        }
        uint32_t nonzero, length, words;
        uint8_t value;
    };
    /// 16 zeros, or fewer (or none) and the value that has to follow them: of a code that wrong
    /// guesses of branches would slow down, the longest part that can be told without any.
    struct Step {
        explicit Step(uint64_t window) {
            const auto top = static_cast<uint32_t>(window >> 59);
            const uint32_t run = (top >> 4) ^ 1, prefix = 5 * run;
            const auto full = static_cast<uint32_t>(top == longest_zero_run - 1);
            const uint64_t code = window << prefix;
            zeros = (top + 1) & (0 - run);
            length = prefix + (1 + value_bits) * (1 - full);
            words = zeros + 1 - full;
            value = value_bits > 0 ? static_cast<uint8_t>(code >> 55) : 1;
            bad = (1 - full) &
                  static_cast<uint32_t>((code >> 63 == 0) | static_cast<int>(value == 0));
        }
        uint32_t zeros, length, words;
        uint8_t value;  ///< after 16 zeros, nothing
        uint32_t bad;
    };
    void fill(uint8_t*& out, uint8_t* end) {
        const auto now = std::min<size_t>(zeros_, static_cast<size_t>(end - out));
        if (now == 0) return;  // there may be no room at all, not even an address
        std::memset(out, 0, now);
        out += now;
        zeros_ -= static_cast<uint32_t>(now);
    }

    static constexpr uint64_t six_values = 0x8040201008040000;  ///< their first bits, 9 apart

    BitReader reader_;
    uint32_t zeros_ = 0;      ///< of a run that are not yet given out
    uint32_t short_run_ = 0;  ///< the last symbol was a run of fewer than 16
};

}  // namespace karhunen
