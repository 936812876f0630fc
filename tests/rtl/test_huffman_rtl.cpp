// huffman_encoder.sv against models/codec/huffman.h.
#include <Vhuffman_encoder.h>
#include <Vhuffman_encoder_6_9_32.h>
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

std::vector<uint8_t> expected(const HuffmanCode& code, const std::vector<int16_t>& symbols,
                              uint32_t word_bits) {
    HuffmanCode::Writer writer;
    std::vector<uint8_t> bytes;
    code.encode(writer, bytes, symbols.data(), symbols.size(), 1);
    HuffmanCode::flush(writer, bytes);
    return filled_up(bytes, word_bits);
}

using Streams = std::vector<std::vector<int16_t>>;

template <typename Block>
void compare(Bench<Block>& bench, const HuffmanCode& code, const Streams& streams, Widths widths,
             Stalls stalls) {
    const HuffmanRun run = encode(bench, streams, widths.symbol, stalls);
    size_t symbols = 0;
    for (size_t i = 0; i < streams.size(); ++i) {
        symbols += streams[i].size();
        BOOST_TEST(
            bytes_low_first(run.streams[i], widths.word) == expected(code, streams[i], widths.word),
            tt::per_element());
    }
    // A symbol a clock; look-up, packer, output, and for each stream perhaps a word more.
    if (stalls.none()) BOOST_TEST(run.clocks <= symbols + streams.size() + 3);
}

template <typename Block>
void compare_at_random(Widths widths) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Block> bench(seed);
    for (int i = 0; i < 60; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", code " << i) {
            const uint32_t most = std::min(1u << widths.symbol, HuffmanCode::max_symbols);
            const uint32_t alphabet = i == 0 ? most : i == 1 ? 2 : 2 + random() % (most - 1);
            const HuffmanCode code = random_code(alphabet, widths.longest_code, 0, random);
            load_encoder(bench, code, widths.symbol);
            const uint32_t used = i % 2 ? alphabet : 1 + random() % alphabet;
            Streams streams(1 + random() % 4);
            for (std::vector<int16_t>& symbols : streams) {
                symbols.resize(1 + random() % (i % 3 ? 200 : 8));
                for (int16_t& s : symbols) s = static_cast<int16_t>(random() % used);
            }
            compare(bench, code, streams, widths, {});
            compare(bench, code, streams, widths, Stalls::at_random(random));
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(huffman_rtl)

BOOST_AUTO_TEST_CASE(equals_the_codec) {
    compare_at_random<Vhuffman_encoder>({11, 15, 16});
}

BOOST_AUTO_TEST_CASE(short_symbols_in_wide_words) {
    compare_at_random<Vhuffman_encoder_6_9_32>({6, 9, 32});
}

// All ends of a stream, each length at each place of a word.
BOOST_AUTO_TEST_CASE(each_length_at_each_place) {
    const HuffmanCode code = all_lengths();
    Bench<Vhuffman_encoder> bench(1);
    load_encoder(bench, code, 11);
    for (int16_t first = 0; first < 16; ++first)
        for (int16_t second = 0; second < 16; ++second)
            for (const Stalls stalls : {Stalls{}, Stalls{0, 80}})
                compare(bench, code, {{first, second}, {second, 0, first}}, {11, 15, 16}, stalls);
    for (int16_t symbol = 0; symbol < 16; ++symbol)
        for (size_t n = 1; n <= 17; ++n)
            compare(bench, code, {std::vector<int16_t>(n, symbol)}, {11, 15, 16}, {});
}

BOOST_AUTO_TEST_SUITE_END()
