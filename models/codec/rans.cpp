#include "models/codec/rans.h"

#include <bit>
#include <cstring>

#include "models/codec/fixed_log2.h"

namespace karhunen {

static_assert(std::endian::native == std::endian::little);

Token token_of(uint8_t value) {
    uint8_t token = rans_tokens - 1;
    while (token_from[token] > value) --token;
    return {token, token_raw_bits[token], static_cast<uint8_t>(value - token_from[token])};
}

RansDecoderTables::RansDecoderTables(std::span<const TokenFrequencies> tables,
                                     std::span<const uint8_t> table_of_context) {
    for (const TokenFrequencies& table : tables)
        for (uint32_t t = 0; t < rans_tokens; ++t)
            for (uint32_t i = 0; i < table[t]; ++i)
                slots_.push_back(uint32_t{table[t]} << 21 | i << 10 | t << 5 | token_raw_bits[t]);
    for (const uint8_t table : table_of_context)
        first_.push_back(uint32_t{table} << rans_precision);
}

template <int lanes>
void RansDecoderTables::decode(RansDecoderLane* lane, const uint16_t* contexts,
                               uint8_t* __restrict values, size_t stride, size_t count) const {
    const uint32_t* const slots = slots_.data();
    const uint32_t* const first = first_.data();
    uint32_t now[lanes], then[lanes];
    const uint8_t* words[lanes];
    for (int l = 0; l < lanes; ++l) {
        now[l] = lane[l].state[0];
        then[l] = lane[l].state[1];
        words[l] = lane[l].words;
    }
    const auto step = [&](uint32_t& state, const uint8_t*& from, size_t at) {
        const uint32_t x = state;
        const uint32_t entry = slots[first[contexts[at]] + (x & 2047)];
        const uint32_t high = x >> 11, rest = high >> (entry & 31);
        const uint32_t raw = high - (rest << (entry & 31));
        values[at] = static_cast<uint8_t>(token_from[entry >> 5 & 31] + raw);
        const uint32_t y = (entry >> 21) * rest + (entry >> 10 & 2047);
        uint16_t word;
        std::memcpy(&word, from, 2);
        const auto missing = static_cast<uint32_t>(std::countl_zero(y)) & 16;
        state = y << missing | (word & ~(~uint32_t{0} << missing));
        from += missing / 8;
    };
    size_t at = 0, left = count;
    for (; left >= 2; left -= 2, at += 2 * stride) {
        for (int l = 0; l < lanes; ++l) step(now[l], words[l], at + static_cast<size_t>(l));
        for (int l = 0; l < lanes; ++l)
            step(then[l], words[l], at + stride + static_cast<size_t>(l));
    }
    if (left > 0)
        for (int l = 0; l < lanes; ++l) step(now[l], words[l], at + static_cast<size_t>(l));
    for (int l = 0; l < lanes; ++l) {
        lane[l].state[0] = left > 0 ? then[l] : now[l];
        lane[l].state[1] = left > 0 ? now[l] : then[l];
        lane[l].words = words[l];
    }
}

template void RansDecoderTables::decode<1>(RansDecoderLane*, const uint16_t*, uint8_t*, size_t,
                                           size_t) const;
template void RansDecoderTables::decode<4>(RansDecoderLane*, const uint16_t*, uint8_t*, size_t,
                                           size_t) const;

RansEncoderTables::RansEncoderTables(std::span<const TokenFrequencies> tables) {
    for (const TokenFrequencies& table : tables)
        for (uint32_t value = 0; value < 256; ++value) {
            const Token token = token_of(static_cast<uint8_t>(value));
            const uint32_t f = table[token.number], k = token.raw_bits;
            uint32_t from = 0;
            for (uint32_t t = 0; t < token.number; ++t) from += table[t];
            entries_.push_back({((uint64_t{1} << 43) + f - 1) / f, f << (21 - k),
                                static_cast<uint16_t>((uint32_t{1} << (11 + k)) - f),
                                static_cast<uint16_t>(from | uint32_t{token.raw} << 11)});
            information_.push_back(static_cast<uint16_t>(
                ((11 + k) << 10) - (fixed_log2(f) >> (fixed_log2_bits - 10))));
        }
}

template <int lanes>
void RansEncoderTables::encode(RansEncoderLane* lane, size_t begin, size_t end) const {
    const Entry* const entries = entries_.data();
    uint32_t even[lanes], odd[lanes];
    uint8_t* words[lanes];
    const uint16_t* codes[lanes];
    for (int l = 0; l < lanes; ++l) {
        even[l] = lane[l].state[0];
        odd[l] = lane[l].state[1];
        words[l] = lane[l].words;
        codes[l] = lane[l].codes;
    }
    const auto step = [&](uint32_t& state, uint8_t*& to, uint16_t code) {
        const Entry& e = entries[code];
        const uint32_t full = state >= e.limit;
        const auto word = static_cast<uint16_t>(state);
        std::memcpy(to - 2, &word, 2);
        to -= 2 * full;
        const uint32_t x = state >> 16 * full;
        state = x + e.addend + static_cast<uint32_t>(x * e.reciprocal >> 43) * e.factor;
    };
    size_t j = end;
    if (j > begin && j % 2 != 0) {
        --j;
        for (int l = 0; l < lanes; ++l) step(even[l], words[l], codes[l][j]);
    }
    for (; j >= begin + 2; j -= 2) {
        for (int l = 0; l < lanes; ++l) step(odd[l], words[l], codes[l][j - 1]);
        for (int l = 0; l < lanes; ++l) step(even[l], words[l], codes[l][j - 2]);
    }
    if (j > begin)
        for (int l = 0; l < lanes; ++l) step(odd[l], words[l], codes[l][j - 1]);
    for (int l = 0; l < lanes; ++l) {
        lane[l].state[0] = even[l];
        lane[l].state[1] = odd[l];
        lane[l].words = words[l];
    }
}

template void RansEncoderTables::encode<1>(RansEncoderLane*, size_t, size_t) const;
template void RansEncoderTables::encode<2>(RansEncoderLane*, size_t, size_t) const;

}  // namespace karhunen
