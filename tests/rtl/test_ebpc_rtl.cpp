// ebpc_encoder.sv against the codec and, at other sizes, a naive encoder.
#include <Vebpc_12x16.h>
#include <Vebpc_8x4.h>
#include <Vebpc_encoder.h>
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
    struct Streams {
        std::vector<uint8_t> znz, bpc;
    };
    std::vector<Streams> sequences;
    uint64_t clocks = 0;
};

/// Sequences one right behind the other.
template <typename Block>
Coded encode(Bench<Block>& bench, const std::vector<Words>& sequences, uint32_t stream_bits,
             Stalls stalls) {
    Block& b = *bench;
    Words words;
    std::vector<bool> last;
    for (const Words& sequence : sequences) {
        words.insert(words.end(), sequence.begin(), sequence.end());
        last.resize(words.size());
        last.back() = true;
    }
    const Source source{b.in_valid, b.in_ready, words.size(), [&](size_t i) {
                            b.in_word = words[i];
                            b.in_last = last[i];
                        }};
    Sink znz{b.znz_valid, b.znz_ready, [&] { return uint64_t{b.znz_word}; }, b.znz_last};
    Sink bpc{b.bpc_valid, b.bpc_ready, [&] { return uint64_t{b.bpc_word}; }, b.bpc_last,
             &b.bpc_keep};
    znz.wanted = bpc.wanted = sequences.size();
    Coded coded;
    coded.clocks = bench.run(source, {&znz, &bpc}, stalls);
    for (size_t i = 0; i < sequences.size(); ++i)
        coded.sequences.push_back({bytes_high_first(znz.streams[i], stream_bits),
                                   bytes_high_first(bpc.streams[i], stream_bits)});
    return coded;
}

std::vector<uint8_t> bytes_of(const Words& words) {
    return {words.begin(), words.end()};
}

/// Sequences like maps, slopes and noise, with few or many zeros.
Words random_words(uint32_t bits, std::mt19937& random) {
    Words words(1 + random() % (random() % 2 ? 200 : 20));
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
void compare(Bench<Block>& bench, const std::vector<Words>& sequences, const EbpcShape& shape,
             uint32_t stream_bits, Stalls stalls) {
    const Coded coded = encode(bench, sequences, stream_bits, stalls);
    uint64_t words = 0, block_clocks = 0;
    for (size_t i = 0; i < sequences.size(); ++i) {
        const NaiveEbpc naive = naive_ebpc(sequences[i], shape);
        const Coded::Streams& streams = coded.sequences[i];
        BOOST_TEST(streams.znz == filled_up(packed(naive.znz), stream_bits), tt::per_element());
        BOOST_TEST(streams.bpc == filled_up(packed(naive.bpc), stream_bits), tt::per_element());
        words += sequences[i].size();
        block_clocks += naive.block_clocks;
    }
    if (!stalls.none()) return;
    // Words, or blocks if these take longer; filling up blocks, ends, the first and the last block.
    BOOST_TEST(coded.clocks >= std::max(words, block_clocks));
    BOOST_TEST(coded.clocks <=
               words + block_clocks + (shape.block_words + 2) * sequences.size() + 4);
}

template <typename Block>
void compare_at_random(const EbpcShape& shape, uint32_t stream_bits) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Block> bench(seed);
    for (int i = 0; i < 80; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", sequences " << i) {
            std::vector<Words> sequences(1 + random() % 4);
            for (Words& words : sequences) words = random_words(shape.word_bits, random);
            compare(bench, sequences, shape, stream_bits,
                    i % 3 == 0 ? Stalls{} : Stalls::at_random(random));
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
        const EbpcStreams codec = ebpc_encode(bytes_of(words));
        const NaiveEbpc naive = naive_ebpc(words, {});
        BOOST_TEST(packed(naive.znz) == codec.znz, tt::per_element());
        BOOST_TEST(packed(naive.bpc) == codec.bpc, tt::per_element());
    }
}

BOOST_AUTO_TEST_CASE(equals_the_codec) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Vebpc_encoder> bench(seed);
    for (int i = 0; i < 100; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", sequences " << i) {
            std::vector<Words> sequences(1 + random() % 4);
            for (Words& words : sequences) words = random_words(8, random);
            const Coded coded = encode(bench, sequences, 8, Stalls::at_random(random));
            for (size_t j = 0; j < sequences.size(); ++j) {
                const EbpcStreams codec = ebpc_encode(bytes_of(sequences[j]));
                BOOST_TEST(coded.sequences[j].znz == codec.znz, tt::per_element());
                BOOST_TEST(coded.sequences[j].bpc == codec.bpc, tt::per_element());
            }
        }
}

// The ends of streams: no other words at all, whole blocks, whole blocks and zeros, one word more;
// runs of 16 and 17; the worst differences; all patterns of planes from a slope.
BOOST_AUTO_TEST_CASE(corners) {
    Bench<Vebpc_encoder> bench(1);
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
    for (const Stalls stalls : {Stalls{0, 0}, Stalls{0, 80}, Stalls{80, 0}}) {
        compare(bench, corners, {}, 8, stalls);
        for (const Words& words : corners) compare(bench, {words}, {}, 8, stalls);
    }
}

// Long sequences without stalls: clocks are those of models/codec/ebpc.h.
BOOST_AUTO_TEST_CASE(clocks_of_the_model) {
    const uint32_t seed = seed_of_test();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random(seed);
    Bench<Vebpc_encoder> bench(1);
    for (const uint32_t mask : {0u, 1u, 255u}) {
        std::vector<uint8_t> words(8 * 500);
        for (uint8_t& w : words) w = static_cast<uint8_t>((random() & mask) | (mask ? 2 : 0));
        const auto codec = make_ebpc_encoder();
        std::vector<uint8_t> streams[2];
        codec->encode(words, streams);
        codec->finish(streams);
        const uint64_t clocks = encode(bench, {Words(words.begin(), words.end())}, 8, {}).clocks;
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
