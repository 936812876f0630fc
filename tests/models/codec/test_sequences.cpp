// zvc, zrle and ebpc as codes of sequences: worked examples, and all against the naive coders.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <random>

#include "models/codec/ebpc.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"
#include "tests/models/codec/naive_coders.h"

using namespace karhunen;
using naive::Words;

namespace {

Words signed_words(std::initializer_list<int> values) {
    Words words;
    for (const int v : values) words.push_back(static_cast<uint8_t>(v));
    return words;
}

void check(const Words& words) {
    const Words zvc = zvc_encode(words);
    BOOST_REQUIRE(zvc == naive::packed_low_first(naive::zvc(words)));
    BOOST_REQUIRE(zvc_decode(zvc, words.size()) == words);
    BOOST_REQUIRE_LE(zvc.size(), zvc_worst_case_bytes(words.size()));

    const Words zrle = zrle_encode(words);
    BOOST_REQUIRE(zrle == naive::packed(naive::zrle(words)));
    BOOST_REQUIRE(zrle_decode(zrle, words.size()) == words);
    BOOST_REQUIRE_LE(zrle.size(), zrle_worst_case_bytes(words.size()));

    const EbpcStreams ebpc = ebpc_encode(words);
    BOOST_REQUIRE(ebpc.znz == naive::packed(naive::znz(words)));
    BOOST_REQUIRE(ebpc.bpc == naive::packed(naive::bpc(words)));
    BOOST_REQUIRE_EQUAL(ebpc.words, words.size());
    BOOST_REQUIRE(ebpc_decode(ebpc) == words);
    BOOST_REQUIRE_LE(std::max(ebpc.znz.size(), ebpc.bpc.size()),
                     ebpc_worst_case_bytes(words.size()));
}

/// Kinds of words as they occur in maps, and the least friendly ones.
enum class Kind { any, small, steps, smooth, extremes };
Words sequence(size_t count, Kind kind, unsigned percent_nonzero, std::mt19937& random) {
    Words words(count);
    unsigned level = 1;
    for (uint8_t& w : words) {
        if (random() % 100 >= percent_nonzero) continue;
        switch (kind) {
            case Kind::any:
                w = static_cast<uint8_t>(random());
                break;
            case Kind::small:
                w = static_cast<uint8_t>(random() % 7 - 3);
                break;
            case Kind::steps:
                w = static_cast<uint8_t>(1u << random() % 8);
                break;
            case Kind::smooth:
                level += random() % 5 - 2;
                w = static_cast<uint8_t>(level);
                break;
            case Kind::extremes:
                w = random() % 2 ? 0x80 : 0x7F;
        }
    }
    return words;
}
constexpr Kind kinds[] = {Kind::any, Kind::small, Kind::steps, Kind::smooth, Kind::extremes};

}  // namespace

BOOST_AUTO_TEST_CASE(ebpc_writes_the_worked_examples) {
    const auto bpc = [](std::initializer_list<int> words) {
        return ebpc_encode(signed_words(words)).bpc;
    };
    BOOST_TEST(bpc({5, 5, 5, 5, 5, 5, 5, 5}) == naive::packed("00000101001111"));
    BOOST_TEST(bpc({1, 2, 3, 4, 5, 6, 7, 8}) == naive::packed("000000010000000000001101"));
    BOOST_TEST(bpc({100, -100, 50, 3, 7, 7, 7, 1}) ==
               naive::packed("01100100000110101011000110001001111010010001000100010001110100000001"
                             "100100010000"));
    // Zeros are left out, and the last block is filled up with them: 4 0.. after 5 is no run.
    const EbpcStreams mixed = ebpc_encode(signed_words({0, 0, 5, 5, 5, 5, 0, 5, 5, 5, 5, 0}));
    BOOST_TEST(mixed.znz == naive::packed("00001"
                                          "1111"
                                          "00000"
                                          "1111"
                                          "00000"));
    BOOST_TEST(mixed.bpc == naive::packed("00000101001111"));
    BOOST_TEST(mixed.words == 12);
    // 9 and seven words to fill up. d_1 = -9 = 111110111, others 0: DBX is a one at place 0 in the
    // planes where neighbouring bits of d_1 differ, and DBP is zero in plane 3.
    BOOST_TEST(ebpc_encode(signed_words({9})).bpc ==
               naive::packed("00001001000110000010000000100011000001010"));
}

BOOST_AUTO_TEST_CASE(zrle_and_zvc_write_sequences_coded_by_hand) {
    BOOST_TEST(zrle_encode(signed_words({0, 0, 0, 3, -1, 0})) == naive::packed("00010"
                                                                               "100000011"
                                                                               "111111111"
                                                                               "00000"));
    // 17 zeros are 16 and one.
    BOOST_TEST(zrle_encode(Words(17)) == naive::packed("01111"
                                                       "00000"));
    BOOST_TEST(zvc_encode(signed_words({0, 7, 0, 0, 0, 0, 0, 0, 0, -2})) ==
               (Words{0x02, 0x02, 0, 0, 7, 0xFE}));
    BOOST_TEST(zvc_encode(Words(33, 1)).size() == 4 + 32 + 4 + 1);
}

BOOST_AUTO_TEST_CASE(nothing_is_no_bytes) {
    check({});
    BOOST_TEST(zvc_encode({}).empty());
    BOOST_TEST(zrle_encode({}).empty());
    BOOST_TEST(ebpc_encode({}).znz.empty());
    BOOST_TEST(ebpc_encode({}).bpc.empty());
}

BOOST_AUTO_TEST_CASE(every_value_alone_and_every_pair) {
    for (unsigned a = 0; a < 256; ++a) {
        check({static_cast<uint8_t>(a)});
        for (unsigned b = 0; b < 256; ++b)
            check({static_cast<uint8_t>(a), static_cast<uint8_t>(b)});
    }
}

BOOST_AUTO_TEST_CASE(constant_sequences_of_every_length_to_200) {
    for (size_t length = 1; length <= 200; ++length)
        for (const uint8_t value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) check(Words(length, value));
}

BOOST_AUTO_TEST_CASE(random_sequences_of_every_length_kind_and_density) {
    const unsigned seed = 2024;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    for (size_t length = 1; length <= 200; ++length)
        for (const Kind kind : kinds)
            for (const unsigned percent : {0u, 1u, 10u, 50u, 90u, 99u, 100u})
                check(sequence(length, kind, percent, random));
    for (const Kind kind : kinds)
        for (unsigned percent = 0; percent <= 100; percent += 4)
            check(sequence(5000 + random() % 9000, kind, percent, random));
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_give_the_same) {
    const unsigned seed = 77;
    std::mt19937 random(seed);
    BOOST_TEST_MESSAGE("seed " << seed);
    struct Coder {
        std::unique_ptr<SequenceEncoder> (*encoder)();
        std::unique_ptr<SequenceDecoder> (*decoder)();
    };
    for (const Coder& coder :
         {Coder{make_zvc_encoder, make_zvc_decoder}, Coder{make_zrle_encoder, make_zrle_decoder},
          Coder{make_ebpc_encoder, make_ebpc_decoder}})
        for (int round = 0; round < 200; ++round) {
            const Words words =
                sequence(random() % 3000, kinds[random() % 5], random() % 101, random);
            const unsigned most = 1 + random() % 200;
            Words whole[2], parts[2];
            const auto one = coder.encoder();
            one->encode(words, whole);
            one->finish(whole);
            const auto encoder = coder.encoder();
            for (size_t i = 0; i < words.size();) {
                const size_t now = std::min<size_t>(1 + random() % most, words.size() - i);
                encoder->encode(std::span(words).subspan(i, now), parts);
                i += now;
            }
            encoder->finish(parts);
            for (int s = 0; s < 2; ++s) BOOST_REQUIRE(parts[s] == whole[s]);
            BOOST_REQUIRE_EQUAL(encoder->code_bits(), one->code_bits());
            BOOST_REQUIRE_EQUAL(encoder->clocks(), one->clocks());
            BOOST_REQUIRE_LE(whole[0].size() + whole[1].size(), (one->code_bits() + 15) / 8);

            // Words are asked for in rows, bytes come in pieces to whoever may need them.
            const auto decoder = coder.decoder();
            Words back(words.size());
            size_t done = 0, fed[2] = {}, row = 0;
            while (done < words.size()) {
                if (row == 0) row = std::min<size_t>(1 + random() % 300, words.size() - done);
                const size_t got = decoder->decode(std::span(back).subspan(done, row));
                done += got;
                row -= got;
                if (row == 0) continue;
                const size_t s = whole[1].size() > fed[1] && random() % 2 ? 1 : 0;
                const size_t now = std::min<size_t>(1 + random() % most, whole[s].size() - fed[s]);
                decoder->feed(static_cast<uint32_t>(s), std::span(whole[s]).subspan(fed[s], now));
                const uint64_t before = decoder->consumed(static_cast<uint32_t>(s));
                BOOST_REQUIRE_LE(before, fed[s] + now);
                fed[s] += now;
            }
            for (uint32_t s = 0; s < 2; ++s) decoder->feed(s, std::span(whole[s]).subspan(fed[s]));
            decoder->finish();
            BOOST_REQUIRE(back == words);
            BOOST_REQUIRE_EQUAL(decoder->clocks(), one->clocks());
        }
}

BOOST_AUTO_TEST_CASE(ebpc_takes_the_clocks_of_the_rtl) {
    std::mt19937 random(5);
    for (const Kind kind : kinds)
        for (const unsigned percent : {0u, 30u, 60u, 100u}) {
            const Words words = sequence(1000, kind, percent, random);
            uint64_t stalls = 0;
            naive::bpc(words, &stalls);
            const auto nonzero = static_cast<uint64_t>(
                std::count_if(words.begin(), words.end(), [](uint8_t w) { return w != 0; }));
            const auto encoder = make_ebpc_encoder();
            Words streams[2];
            encoder->encode(words, streams);
            encoder->finish(streams);
            BOOST_TEST(encoder->clocks() ==
                       std::max<uint64_t>(1000, (nonzero + 7) / 8 * 10 + stalls));
        }
}

BOOST_AUTO_TEST_CASE(ebpc_counts_words_in_24_bits) {
    Words most(ebpc_max_words);
    BOOST_TEST((ebpc_decode(ebpc_encode(most)) == most));
    most.push_back(0);
    BOOST_CHECK_THROW(ebpc_encode(most), CodecError);
    BOOST_CHECK_THROW(ebpc_decode({Words(1 << 23), {}, ebpc_max_words + 1}), CodecError);
}

BOOST_AUTO_TEST_CASE(worst_cases_are_reached) {
    std::mt19937 random(6);
    for (const size_t words : {1u, 31u, 32u, 33u, 64u, 200u}) {
        BOOST_TEST(zvc_encode(Words(words, 9)).size() == zvc_worst_case_bytes(words));
        BOOST_TEST(zrle_encode(Words(words, 9)).size() == zrle_worst_case_bytes(words));
    }
    for (size_t words = 1; words <= 24; ++words) {
        size_t longest = 0;
        for (int i = 0; i < 200000 && longest < ebpc_worst_case_bytes(words); ++i)
            longest = std::max(longest,
                               ebpc_encode(sequence(words, kinds[i % 5], 100, random)).bpc.size());
        BOOST_TEST(longest == ebpc_worst_case_bytes(words), words << " words");
    }
}
