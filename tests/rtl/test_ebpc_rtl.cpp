// ebpc_encoder.sv against the codec and, at other sizes, a naive encoder.
#include <Vebpc_12x16.h>
#include <Vebpc_8x4.h>
#include <Vebpc_8x8.h>
#include <boost/test/unit_test.hpp>

#include "models/codec/ebpc.h"
#include "tests/rtl/bench.h"
#include "tests/rtl/naive_ebpc.h"

using namespace karhunen;
using namespace karhunen::rtl;
namespace tt = boost::test_tools;

namespace {

using Words = std::vector<uint32_t>;

struct Coded {
    std::vector<uint8_t> znz, bpc;
    uint64_t clocks = 0;
};

template <typename Block>
Coded encode(Bench<Block>& bench, const Words& words, uint32_t stream_bits, Stalls stalls) {
    Block& b = *bench;
    const Source source{b.in_valid, b.in_ready, words.size(), [&](size_t i) {
                            b.in_word = words[i];
                            b.in_last = i + 1 == words.size();
                        }};
    Sink znz{b.znz_valid, b.znz_ready, [&] { return uint64_t{b.znz_word}; }, b.znz_last};
    Sink bpc{b.bpc_valid, b.bpc_ready, [&] { return uint64_t{b.bpc_word}; }, b.bpc_last,
             &b.bpc_keep};
    const uint64_t clocks = bench.run(source, {&znz, &bpc}, stalls);
    return {bytes_high_first(znz.words, stream_bits), bytes_high_first(bpc.words, stream_bits),
            clocks};
}

/// Sequences like maps, slopes and noise, with few or many zeros.
Words random_words(uint32_t bits, std::mt19937& random) {
    Words words(1 + random() % 400);
    const uint32_t kind = random() % 4, zeros = random() % 101, mask = (1u << bits) - 1;
    uint32_t value = random() & mask;
    for (uint32_t& w : words) {
        if (kind == 0) value = random() & mask;
        if (kind == 1) value = (value + random() % 7 - 3) & mask;
        if (kind == 2) value = (value + (random() % 8 == 0)) & mask;
        if (kind == 3) value = random() % 2 ? mask >> 1 : (mask >> 1) + 1;
        w = random() % 100 < zeros ? 0 : value;
    }
    return words;
}

template <typename Block>
void compare(Bench<Block>& bench, const Words& words, const EbpcShape& shape, uint32_t stream_bits,
             Stalls stalls) {
    const NaiveEbpc naive = naive_ebpc(words, shape);
    const Coded coded = encode(bench, words, stream_bits, stalls);
    BOOST_TEST(coded.znz == filled_up(packed(naive.znz), stream_bits), tt::per_element());
    BOOST_TEST(coded.bpc == filled_up(packed(naive.bpc), stream_bits), tt::per_element());
    if (stalls.in_percent + stalls.out_percent > 0) return;
    // Words, or blocks if these take longer; the first block to be gathered, the last to be coded.
    const uint64_t least = std::max<uint64_t>(words.size(), naive.block_clocks);
    BOOST_TEST(coded.clocks >= least);
    BOOST_TEST(coded.clocks <= words.size() + naive.block_clocks + shape.block_words + 4);
}

template <typename Block>
void compare_at_random(const EbpcShape& shape, uint32_t stream_bits) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Block> bench(seed);
    for (int i = 0; i < 150; ++i) {
        const Words words = random_words(shape.word_bits, random);
        const Stalls stalls = i % 3 == 0 ? Stalls{} : Stalls::at_random(random);
        BOOST_TEST_CONTEXT("seed " << seed << ", sequence " << i)
        compare(bench, words, shape, stream_bits, stalls);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ebpc_rtl)

BOOST_AUTO_TEST_CASE(naive_encoder_equals_the_codec) {
    const uint32_t seed = seed_of_test();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 100; ++i) {
        const Words words = random_words(8, random);
        const EbpcStreams codec = ebpc_encode(std::vector<uint8_t>(words.begin(), words.end()));
        const NaiveEbpc naive = naive_ebpc(words, {});
        BOOST_TEST(packed(naive.znz) == codec.znz, tt::per_element());
        BOOST_TEST(packed(naive.bpc) == codec.bpc, tt::per_element());
    }
}

BOOST_AUTO_TEST_CASE(equals_the_codec) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Vebpc_8x8> bench(seed);
    for (int i = 0; i < 150; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", sequence " << i) {
            const Words words = random_words(8, random);
            const EbpcStreams codec = ebpc_encode(std::vector<uint8_t>(words.begin(), words.end()));
            const Coded coded = encode(bench, words, 8, Stalls::at_random(random));
            BOOST_TEST(coded.znz == codec.znz, tt::per_element());
            BOOST_TEST(coded.bpc == codec.bpc, tt::per_element());
        }
}

// The ends of streams: no other words at all, whole blocks, whole blocks and zeros, one word more;
// runs of 16 and 17; the worst differences; all patterns of planes from a slope.
BOOST_AUTO_TEST_CASE(corners) {
    Bench<Vebpc_8x8> bench(1);
    std::vector<Words> corners = {{0}, {1}, {128}, Words(16, 0), Words(17, 0), Words(33, 0)};
    for (const size_t n : {7, 8, 9, 16, 17})
        for (const size_t zeros : {0, 1, 15, 16, 17}) {
            Words words(n, 5);
            words.resize(n + zeros);
            corners.push_back(words);
        }
    corners.push_back({1, 2, 3, 4, 5, 6, 7, 8});
    corners.push_back({100, 156, 50, 3, 7, 7, 7, 1});
    corners.push_back({127, 128, 127, 128, 127, 128, 127, 128});
    corners.push_back({0, 0, 3, 0, 0, 0, 0, 255, 0});
    for (const Words& words : corners)
        for (const Stalls stalls : {Stalls{0, 0}, Stalls{0, 80}, Stalls{80, 0}})
            compare(bench, words, {}, 8, stalls);
}

// Long sequences without stalls: clocks are those of models/codec/ebpc.h.
BOOST_AUTO_TEST_CASE(clocks_of_the_model) {
    const uint32_t seed = seed_of_test();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random(seed);
    Bench<Vebpc_8x8> bench(1);
    for (const uint32_t mask : {0u, 1u, 255u}) {
        std::vector<uint8_t> words(8 * 500);
        for (uint8_t& w : words) w = static_cast<uint8_t>((random() & mask) | (mask ? 2 : 0));
        const auto codec = make_ebpc_encoder();
        std::vector<uint8_t> streams[2];
        codec->encode(words, streams);
        codec->finish(streams);
        const uint64_t clocks = encode(bench, Words(words.begin(), words.end()), 8, {}).clocks;
        BOOST_TEST(clocks >= codec->clocks());
        BOOST_TEST(clocks <= codec->clocks() + 24);  // gather the first block, code the last
    }
}

BOOST_AUTO_TEST_CASE(wide_words_in_long_blocks) {
    compare_at_random<Vebpc_12x16>({12, 16, 5}, 16);
}

BOOST_AUTO_TEST_CASE(short_blocks) {
    compare_at_random<Vebpc_8x4>({8, 4, 3}, 8);
}

BOOST_AUTO_TEST_SUITE_END()
