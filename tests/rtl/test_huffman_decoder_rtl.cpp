// huffman_decoder.sv against models/codec/huffman.h.
#include <Vhuffman_decoder.h>
#include <Vhuffman_decoder_6_9_32.h>
#include <boost/test/unit_test.hpp>

#include "tests/rtl/bench.h"
#include "tests/rtl/huffman_bench.h"

using namespace karhunen;
using namespace karhunen::rtl;
namespace tt = boost::test_tools;

namespace {

struct Widths {
    uint32_t symbol, longest_code, word;
};

using Streams = std::vector<std::vector<int16_t>>;

/// Words of the streams, one right behind the other.
std::vector<uint64_t> words_of(const HuffmanCode& code, const Streams& streams, uint32_t bits) {
    std::vector<uint64_t> words;
    for (const std::vector<int16_t>& symbols : streams) {
        HuffmanCode::Writer writer;
        std::vector<uint8_t> bytes;
        code.encode(writer, bytes, symbols.data(), symbols.size(), 1);
        HuffmanCode::flush(writer, bytes);
        bytes = filled_up(bytes, bits);
        for (size_t i = 0; i < bytes.size(); i += bits / 8) {
            words.push_back(0);
            for (uint32_t b = 0; b < bits; b += 8) words.back() |= uint64_t{bytes[i + b / 8]} << b;
        }
    }
    return words;
}

/// Streams of as many symbols each.
template <typename Block>
void compare(Bench<Block>& bench, const HuffmanCode& code, const Streams& streams, Widths widths,
             Stalls stalls) {
    Block& b = *bench;
    const std::vector<uint64_t> words = words_of(code, streams, widths.word);
    b.last_symbol = static_cast<uint32_t>(streams[0].size() - 1);
    const Source source{b.in_valid, b.in_ready, words.size(),
                        [&](size_t i) { b.in_word = words[i]; }};
    Sink sink{b.out_valid, b.out_ready, [&] { return uint64_t{b.out_symbol}; }, b.out_last};
    sink.wanted = streams.size();
    const uint64_t clocks = bench.run(source, {&sink}, stalls);
    for (size_t i = 0; i < streams.size(); ++i) {
        std::vector<uint64_t> expected;
        for (const int16_t s : streams[i]) expected.push_back(place_in_table(s, widths.symbol));
        BOOST_TEST(sink.streams[i] == expected, tt::per_element());
    }
    // A symbol a clock, or a word a clock if streams have fewer symbols than words; the first word
    // comes in, look-up, output.
    if (stalls.none())
        BOOST_TEST(clocks <= std::max(streams.size() * streams[0].size(), words.size()) + 4);
}

template <typename Block>
void compare_at_random(Widths widths) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Block> bench(seed);
    for (int i = 0; i < 60; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", code " << i) {
            const uint32_t most = std::min(1u << widths.symbol, HuffmanCode::max_symbols);
            const uint32_t alphabet = i == 0 ? most : i == 1 ? 2 : 2 + random() % (most - 1);
            const auto low = static_cast<int16_t>(-static_cast<int>(random() % alphabet));
            const HuffmanCode code = random_code(alphabet, widths.longest_code, low, random);
            load_decoder(bench, code, widths.symbol, widths.longest_code);
            const uint32_t used = i % 2 ? alphabet : 1 + random() % alphabet;
            Streams streams(1 + random() % 4,
                            std::vector<int16_t>(1 + random() % (i % 3 ? 200 : 8)));
            for (std::vector<int16_t>& symbols : streams)
                for (int16_t& s : symbols) s = static_cast<int16_t>(low + random() % used);
            compare(bench, code, streams, widths, {});
            compare(bench, code, streams, widths, Stalls::at_random(random));
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(huffman_decoder_rtl)

BOOST_AUTO_TEST_CASE(equals_the_codec) {
    compare_at_random<Vhuffman_decoder>({11, 15, 16});
}

BOOST_AUTO_TEST_CASE(short_symbols_in_wide_words) {
    compare_at_random<Vhuffman_decoder_6_9_32>({6, 9, 32});
}

// All ends of a stream, each length at each place of a word.
BOOST_AUTO_TEST_CASE(each_length_at_each_place) {
    const HuffmanCode code = all_lengths();
    Bench<Vhuffman_decoder> bench(1);
    load_decoder(bench, code, 11, 15);
    for (int16_t first = 0; first < 16; ++first)
        for (int16_t second = 0; second < 16; ++second)
            for (const Stalls stalls : {Stalls{}, Stalls{0, 80}, Stalls{80, 0, true}})
                compare(bench, code, {{first, second, 0}, {second, 0, first}}, {11, 15, 16},
                        stalls);
    for (int16_t symbol = 0; symbol < 16; ++symbol)
        for (size_t n = 1; n <= 17; ++n)
            compare(bench, code, {std::vector<int16_t>(n, symbol)}, {11, 15, 16}, {});
}

BOOST_AUTO_TEST_SUITE_END()
