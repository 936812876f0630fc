#include "models/codec/bit_planes.h"

#include <array>
#include <bit>

namespace karhunen {
namespace {

constexpr uint32_t planes = 9;  // of 9-bit differences
constexpr uint32_t all_ones = 0x7F;
constexpr uint64_t high = 0x8080808080808080;

struct Code {
    uint8_t bits = 0, length = 0;
};

/// Code of a DBX that is not zero.
constexpr Code plane_code(uint32_t dbx, bool dbp_is_zero) {
    const auto place = static_cast<uint8_t>(std::countl_zero(dbx << 25));  // 0: leftmost of 7
    if (dbx == all_ones) return {0b00000, 5};
    if (dbp_is_zero) return {0b00001, 5};
    const uint32_t first = 0x40u >> place;
    if (dbx == (first | first >> 1) && place < 6)
        return {static_cast<uint8_t>(0b00010 << 3 | place), 8};
    if (dbx == first) return {static_cast<uint8_t>(0b00011 << 3 | place), 8};
    return {static_cast<uint8_t>(0x80 | dbx), 8};
}

constexpr Code run_code(uint32_t run) {
    return run == 1 ? Code{0b01, 2} : Code{static_cast<uint8_t>(0b001 << 3 | (run - 2)), 6};
}

/// By DBX and, in bit 7, whether DBP is zero. With bit 8 the DBX is zero, and bits 3:0 are the
/// length of the run of zero DBX that ends here; 0: it goes on.
constexpr std::array<Code, 512> codes = [] {
    std::array<Code, 512> table{};
    for (uint32_t i = 0; i < 256; ++i)
        if ((i & all_ones) != 0) table[i] = plane_code(i & all_ones, i >> 7);
    for (uint32_t run = 1; run <= planes; ++run)
        table[256 + run] = table[256 + 128 + run] = run_code(run);
    return table;
}();

/// By which of the planes are zero: byte k is the length of the run that ends at plane k = 0..7.
constexpr std::array<uint64_t, 512> runs = [] {
    std::array<uint64_t, 512> table{};
    for (uint32_t zeros = 0; zeros < 512; ++zeros)
        for (uint32_t k = 0, run = 0; k + 1 < planes; ++k) {
            run = zeros >> k & 1 ? run + 1 : 0;
            if (run > 0 && !(zeros >> (k + 1) & 1)) table[zeros] |= uint64_t{run} << 8 * k;
        }
    return table;
}();

/// Bit j of byte i to bit i of byte j (Warren, Hacker's Delight, 7-3).
constexpr uint64_t transposed(uint64_t x) {
    uint64_t t = (x ^ (x >> 7)) & 0x00AA00AA00AA00AA;
    x ^= t ^ (t << 7);
    t = (x ^ (x >> 14)) & 0x0000CCCC0000CCCC;
    x ^= t ^ (t << 14);
    t = (x ^ (x >> 28)) & 0x00000000F0F0F0F0;
    return x ^ t ^ (t << 28);
}

/// Byte by byte, modulo 256.
constexpr uint64_t sum(uint64_t a, uint64_t b) {
    return ((a & ~high) + (b & ~high)) ^ ((a ^ b) & high);
}

/// DBP: byte k is plane k = 0..7, d_1 in bit 6 to d_7 in bit 0.
struct Planes {
    explicit Planes(uint64_t words) {
        // As unsigned words, which are in the same order, x_i - x_(i-1) is negative if it borrows.
        const uint64_t x = words ^ high, y = (words << 8) ^ high;
        const uint64_t d = ((x | high) - (y & ~high)) ^ ((x ^ ~y) & high);
        const uint64_t borrow = ((~x & y) | (~(x ^ y) & d)) & high & ~uint64_t{0xFF};
        low = transposed(__builtin_bswap64(d & ~uint64_t{0xFF}));
        sign = gathered(__builtin_bswap64(borrow));
    }
    uint64_t low;
    uint32_t sign;  ///< plane 8
};

/// A code seen from its first 8 bits.
struct Meaning {
    uint8_t length = 8;
    uint8_t planes = 1;
    uint8_t dbx = 0;
    uint8_t keep = all_ones;      ///< 0: DBP is zero
    uint8_t run = 0;              ///< 1: a run of zero DBX
    uint8_t expects_dbp = 0;      ///< 1: DBP is not zero, or there were another code
    uint8_t expects_another = 0;  ///< 1: the DBP before is neither zero nor all ones, likewise
    uint8_t bad = 0;              ///< 1: there is no such code, or a shorter one
};

constexpr Meaning meaning_of(uint32_t window) {
    Meaning m;
    const uint32_t place = window & 7;
    const auto literal = [&](uint32_t dbx) {
        m.dbx = static_cast<uint8_t>(dbx);
        m.expects_dbp = 1;
        const Code code = dbx ? plane_code(dbx, false) : run_code(1);
        m.bad = code.bits != window || code.length != 8;
    };
    if (window >> 7) {
        literal(window & all_ones);
    } else if (window >> 6 == 0b01) {
        m.length = 2, m.run = 1;
    } else if (window >> 5 == 0b001) {
        m.length = 6, m.run = 1;
        m.planes = static_cast<uint8_t>((window >> 2 & 7) + 2);
    } else if (window >> 3 == 0b00000) {
        m.length = 5, m.dbx = all_ones;
    } else if (window >> 3 == 0b00001) {
        m.length = 5, m.keep = 0, m.expects_another = 1;
    } else {
        literal(window >> 3 == 0b00010 ? 0x60u >> place : 0x40u >> place);
    }
    return m;
}

constexpr std::array<Meaning, 256> meanings = [] {
    std::array<Meaning, 256> table{};
    for (uint32_t i = 0; i < 256; ++i) table[i] = meaning_of(i);
    return table;
}();

}  // namespace

uint8_t* encode_bpc_block(BitWriter& writer, uint8_t* to, uint64_t words, uint64_t& stalls) {
    const Planes dbp(words);
    const uint64_t dbx = dbp.low ^ (dbp.low << 8);
    const auto last_dbx = dbp.sign ^ static_cast<uint32_t>(dbp.low >> 56);
    const uint32_t zeros =
        (gathered(nonzero_bytes(dbx)) ^ 0xFF) | static_cast<uint32_t>(last_dbx == 0) << 8;
    stalls += static_cast<uint32_t>(std::popcount(zeros & ~(zeros >> 1) & 0xFF));
    // Bytes: DBX or the length of a run, and bit 7 as in `codes`.
    const uint64_t keys = dbx | runs[zeros] | (nonzero_bytes(dbp.low) ^ high);

    uint64_t bits = words & 0xFF;
    uint32_t length = 8;
    const auto add = [&](uint32_t key) {
        const Code code = codes[key];
        bits = bits << code.length | code.bits;
        length += code.length;
    };
    for (uint32_t k = 0; k < 4; ++k) add((keys >> 8 * k & 0xFF) | (zeros >> k & 1) << 8);
    to = writer.append(to, bits << (64 - length), length);
    bits = length = 0;
    for (uint32_t k = 4; k < 8; ++k) add((keys >> 8 * k & 0xFF) | (zeros >> k & 1) << 8);
    if (last_dbx != 0) {
        add(last_dbx | static_cast<uint32_t>(dbp.sign == 0) << 7);
    } else {
        add(256 + static_cast<uint32_t>(std::countl_one(zeros << 23)));
    }
    return writer.append(to, bits << (64 - length), length);
}

BpcBlock decode_bpc_block(const BitReader& reader) {
    uint64_t window = reader.peek();
    const uint64_t base = window >> 56;
    window <<= 8;
    uint32_t bits = 8, before = 0, bad = 0, run_before = 0, stalls = 0;
    // Each code writes its DBP to all planes from its own on; later ones overwrite.
    std::array<uint8_t, 24> dbp;
    uint32_t k = 0;
    for (uint32_t symbols = 0; k < planes; ++symbols) {
        if (symbols == 6) window = reader.peek(bits);  // 8 + 6 * 8 of 57 bits are used
        const Meaning& m = meanings[window >> 56];
        const uint32_t now = (before ^ m.dbx) & m.keep;
        bad |= m.bad | (m.run & run_before) | (m.expects_dbp & static_cast<uint32_t>(now == 0)) |
               (m.expects_another & static_cast<uint32_t>(before == 0 || before == all_ones));
        const uint64_t spread = now * 0x0101010101010101u;
        std::memcpy(dbp.data() + k, &spread, 8);
        dbp[k + 8] = static_cast<uint8_t>(now);
        stalls += run_before & (m.run ^ 1u);
        k += m.planes;
        window <<= m.length;
        bits += m.length;
        before = now;
        run_before = m.run;
    }
    const uint64_t low = load_bytes(dbp.data());
    uint64_t words = __builtin_bswap64(transposed(low)) | base;
    words = sum(words, words << 8);
    words = sum(words, words << 16);
    words = sum(words, words << 32);
    bad |= static_cast<uint32_t>(k != planes) | (Planes(words).sign ^ dbp[8]);
    return {words, bits, stalls, bad == 0};
}

}  // namespace karhunen
