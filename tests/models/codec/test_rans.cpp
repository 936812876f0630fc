// rANS: each operation against its formula; tokens; the integer logarithm.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include "models/codec/fixed_log2.h"
#include "models/codec/rans.h"

using namespace karhunen;

namespace {

/// Token t has the frequency f, the others share the rest.
TokenFrequencies table_with(uint32_t t, uint32_t f) {
    TokenFrequencies table{};
    uint32_t left = 2048 - f, others = 20;
    for (uint32_t i = 0; i < rans_tokens; ++i) {
        if (i == t) continue;
        table[i] = static_cast<uint16_t>(left / others);
        left -= table[i];
        --others;
    }
    table[t] = static_cast<uint16_t>(f);
    return table;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_value_has_one_token) {
    for (uint32_t value = 0; value < 256; ++value) {
        const Token token = token_of(static_cast<uint8_t>(value));
        BOOST_REQUIRE_EQUAL(token_from[token.number] + uint32_t{token.raw}, value);
        BOOST_REQUIRE_EQUAL(token.raw_bits, token_raw_bits[token.number]);
        BOOST_REQUIRE_LT(token.raw, 1u << token.raw_bits);
    }
}

BOOST_AUTO_TEST_CASE(operations_for_every_frequency) {
    const unsigned seed = 91;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (uint32_t f = 1; f <= 2028; ++f) {
        const uint32_t t = f % rans_tokens, k = token_raw_bits[t];
        const TokenFrequencies table = table_with(t, f);
        uint32_t from = 0;
        for (uint32_t i = 0; i < t; ++i) from += table[i];
        const RansEncoderTables encoder(std::span(&table, 1));
        const uint8_t one[] = {0};
        const RansDecoderTables decoder(std::span(&table, 1), one);
        const auto limit = uint64_t{f} << (21 - k);
        for (int round = 0; round < 24; ++round) {
            uint64_t x = 65536 + random() % (0xFFFFFFFFu - 65536);
            if (round < 12) {  // around the limit, multiples of f, the ends
                const uint64_t special[] = {limit,      limit + 1, limit - 1,    65536,
                                            0xFFFFFFFF, x - x % f, x - x % f - 1};
                x = std::clamp<uint64_t>(special[round % 7], 65536, 0xFFFFFFFF);
            }
            const uint32_t raw = std::min<uint32_t>(random() % (1u << k), 255u - token_from[t]);
            uint8_t bytes[4] = {};
            const auto code = static_cast<uint16_t>(token_from[t] + raw);
            RansEncoderLane lane{{static_cast<uint32_t>(x), 0}, bytes + 2, &code};
            encoder.encode<1>(&lane, 0, 1);
            const bool full = x >= limit;
            const uint64_t y = full ? x >> 16 : x;
            BOOST_REQUIRE_EQUAL(bytes + 2 - lane.words, full ? 2 : 0);
            if (full) BOOST_REQUIRE_EQUAL(bytes[0] + 256u * bytes[1], x % 65536);
            BOOST_REQUIRE_EQUAL(lane.state[0], (y / f << (11 + k)) + (raw << 11) + from + y % f);

            RansDecoderLane back{{lane.state[0], 0}, lane.words};
            uint16_t context = 0;
            uint8_t value = 0;
            decoder.decode<1>(&back, &context, &value, 1, 1);
            BOOST_REQUIRE_EQUAL(value, static_cast<uint8_t>(code));
            BOOST_REQUIRE_EQUAL(back.state[1], x);  // its turn is over
            BOOST_REQUIRE_EQUAL(back.words - lane.words, full ? 2 : 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(information_is_that_of_the_table) {
    for (uint32_t f = 1; f <= 2028; ++f) {
        const TokenFrequencies table = table_with(15, f);  // 5 raw bits
        const RansEncoderTables encoder(std::span(&table, 1));
        BOOST_REQUIRE_SMALL(encoder.information(70) / 1024.0 - (16 - std::log2(f)), 1.0 / 1000);
    }
}

BOOST_AUTO_TEST_CASE(integer_logarithm) {
    std::mt19937_64 random(92);
    for (uint64_t i = 0; i < 200000; ++i) {
        const uint64_t x = i < 100000 ? i + 1 : (random() >> random() % 63) | 1;
        BOOST_REQUIRE_SMALL(
            std::ldexp(static_cast<double>(fixed_log2(x)), -24) - std::log2(static_cast<double>(x)),
            std::ldexp(1.0, -21));
    }
    for (uint32_t e = 0; e < 64; ++e)
        BOOST_REQUIRE_EQUAL(fixed_log2(uint64_t{1} << e), uint64_t{e} << fixed_log2_bits);
}
