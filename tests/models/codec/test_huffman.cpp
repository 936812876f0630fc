// The code against brute force, a textbook Huffman tree, RFC 1951's example and bits by hand.
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

#include <boost/test/unit_test.hpp>

#include "models/codec/codec.h"
#include "models/codec/huffman.h"
#include "models/codec/huffman_lengths.h"
#include "tests/models/codec/samples.h"

using namespace karhunen;

namespace {

uint64_t cost(const std::vector<uint64_t>& weights, const std::vector<uint8_t>& lengths) {
    uint64_t sum = 0;
    for (size_t i = 0; i < weights.size(); ++i) sum += weights[i] * lengths[i];
    return sum;
}

double kraft(const std::vector<uint8_t>& lengths) {
    double sum = 0;
    for (const uint8_t l : lengths) sum += std::ldexp(1, -l);
    return sum;
}

/// Least cost over all lengths 1..limit that a prefix code can have.
uint64_t brute_force(const std::vector<uint64_t>& weights, unsigned limit) {
    std::vector<uint8_t> lengths(weights.size());
    uint64_t best = UINT64_MAX;
    const std::function<void(size_t)> choose = [&](size_t i) {
        if (i == lengths.size()) {
            if (kraft(lengths) <= 1) best = std::min(best, cost(weights, lengths));
            return;
        }
        for (unsigned l = 1; l <= limit; ++l) lengths[i] = static_cast<uint8_t>(l), choose(i + 1);
    };
    choose(0);
    return best;
}

/// Cost of Huffman's tree without a limit: the sum of all inner nodes.
uint64_t tree_cost(const std::vector<uint64_t>& weights) {
    std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<>> nodes(weights.begin(),
                                                                               weights.end());
    uint64_t sum = 0;
    while (nodes.size() > 1) {
        const uint64_t a = nodes.top();
        nodes.pop();
        const uint64_t b = nodes.top();
        nodes.pop();
        nodes.push(a + b);
        sum += a + b;
    }
    return sum;
}

std::vector<uint8_t> bytes_of_lengths(std::initializer_list<int> lengths) {
    std::vector<uint8_t> model;
    for (const int l : lengths) model.push_back(static_cast<uint8_t>(l | 0x60));
    return model;
}

}  // namespace

BOOST_AUTO_TEST_CASE(lengths_are_optimal_for_every_small_alphabet) {
    std::mt19937 random(1);
    for (int round = 0; round < 60; ++round) {
        const size_t n = 2 + random() % 5;
        const unsigned limit = 3 + random() % 2;
        std::vector<uint64_t> weights(n);
        for (auto& w : weights) w = uint64_t{1} << random() % 10;
        const auto lengths = huffman_lengths(weights, limit);
        BOOST_CHECK_EQUAL(cost(weights, lengths), brute_force(weights, limit));
        BOOST_CHECK_EQUAL(kraft(lengths), 1.0);
    }
}

BOOST_AUTO_TEST_CASE(lengths_are_those_of_the_tree_while_the_limit_does_not_bind) {
    std::mt19937 random(2);
    for (const size_t n : {2u, 3u, 17u, 256u, 331u, 2047u}) {
        std::vector<uint64_t> weights(n);
        for (auto& w : weights) w = 1000 + random() % 1000;
        const auto lengths = huffman_lengths(weights, 15);
        BOOST_CHECK_EQUAL(cost(weights, lengths), tree_cost(weights));
        BOOST_CHECK_EQUAL(kraft(lengths), 1.0);
    }
}

BOOST_AUTO_TEST_CASE(the_limit_holds_where_the_tree_would_be_deeper) {
    std::vector<uint64_t> fibonacci = {1, 1};  // the deepest tree: 39 levels
    while (fibonacci.size() < 40) fibonacci.push_back(fibonacci.end()[-1] + fibonacci.end()[-2]);
    const auto lengths = huffman_lengths(fibonacci, 15);
    BOOST_CHECK_EQUAL(*std::max_element(lengths.begin(), lengths.end()), 15);
    BOOST_CHECK_EQUAL(kraft(lengths), 1.0);
    BOOST_CHECK_GT(cost(fibonacci, lengths), tree_cost(fibonacci));
    // Two levels suffice for four symbols; a limit of two leaves nothing else.
    const std::vector<uint64_t> skewed = {1, 10, 100, 1000};
    BOOST_CHECK(huffman_lengths(skewed, 2) == (std::vector<uint8_t>{2, 2, 2, 2}));
}

BOOST_AUTO_TEST_CASE(codes_are_numbered_as_in_rfc_1951) {
    const HuffmanCode code(bytes_of_lengths({3, 3, 3, 3, 3, 2, 4, 4}), 0);
    // 010 011 100 101 110 00 1110 1111, reversed
    const std::vector<uint16_t> reversed = {0b010, 0b110, 0b001,  0b101,
                                            0b011, 0b00,  0b0111, 0b1111};
    for (uint32_t s = 0; s < 8; ++s) BOOST_CHECK_EQUAL(code.code(s), reversed[s]);
}

BOOST_AUTO_TEST_CASE(bits_are_packed_from_the_low_end_of_16_bit_words) {
    // The same code; symbols are called -2..5. In the order of the stream:
    //   3     -2      4       5       -1     3
    //   0 0 | 0 1 0 | 1 1 1 0 | 1 1 1 1 | 0 1 1 | 0 0
    // first byte: bits 3, 5, 6, 7 = 0xE8; second: bits 1..4, 6, 7 = 0xDE; then a word of padding.
    const HuffmanCode code(bytes_of_lengths({3, 3, 3, 3, 3, 2, 4, 4}), -2);
    const std::vector<int16_t> values = {3, -2, 4, 5, -1, 3};
    HuffmanCode::Writer writer;
    std::vector<uint8_t> bytes;
    code.encode(writer, bytes, values.data(), values.size(), 1);
    BOOST_CHECK(bytes == (std::vector<uint8_t>{0xE8, 0xDE}));
    BOOST_CHECK_EQUAL(writer.code_bits, 18);
    HuffmanCode::flush(writer, bytes);
    BOOST_CHECK(bytes == (std::vector<uint8_t>{0xE8, 0xDE, 0x00, 0x00}));

    std::vector<int16_t> back(values.size() + HuffmanCode::slack);
    HuffmanCode::Reader reader{0, 0, bytes.data(), bytes.data() + bytes.size()};
    BOOST_CHECK_EQUAL(code.decode(reader, back.data(), values.size()), values.size());
    back.resize(values.size());
    BOOST_CHECK(back == values);
}

BOOST_AUTO_TEST_CASE(coding_agrees_with_strings_of_bits) {
    std::mt19937 random(3);
    for (const uint32_t symbols : {2u, 3u, 40u, 331u, 2047u}) {
        const auto model = samples::model(symbols, random);
        const auto codes = samples::canonical_codes(model);
        const HuffmanCode code(model, -1);
        for (const size_t count : {0u, 1u, 3u, 4u, 5u, 15u, 16u, 100u, 4099u}) {
            std::vector<uint32_t> sequence(count);
            std::vector<int16_t> values(count);
            uint64_t bits = 0;
            for (size_t i = 0; i < count; ++i) {
                sequence[i] = random() % symbols;
                values[i] = static_cast<int16_t>(static_cast<int>(sequence[i]) - 1);
                bits += codes[sequence[i]].size();
            }
            HuffmanCode::Writer writer;
            std::vector<uint8_t> bytes;
            const size_t first = random() % (count + 1);  // in two parts
            code.encode(writer, bytes, values.data(), first, 1);
            code.encode(writer, bytes, values.data() + first, count - first, 1);
            HuffmanCode::flush(writer, bytes);
            BOOST_CHECK(bytes == samples::packed(codes, sequence, 1, 1)[0]);
            BOOST_CHECK_EQUAL(writer.code_bits, bits);

            std::vector<int16_t> back(count + HuffmanCode::slack);
            HuffmanCode::Reader reader{0, 0, bytes.data(), bytes.data() + bytes.size()};
            BOOST_CHECK_EQUAL(code.decode(reader, back.data(), count), count);
            back.resize(count);
            BOOST_CHECK(back == values);
        }
    }
}

BOOST_AUTO_TEST_CASE(tables_that_are_no_complete_code_are_refused) {
    const auto refused = [](const std::vector<uint8_t>& model) {
        BOOST_CHECK_THROW(HuffmanCode(model, 0), CodecError);
    };
    refused({});
    refused(bytes_of_lengths({1}));
    refused(bytes_of_lengths({1, 2}));        // not complete
    refused(bytes_of_lengths({1, 1, 1}));     // too many
    refused(bytes_of_lengths({1, 0}));        // a symbol without a code
    refused(std::vector<uint8_t>(2048, 11));  // too many symbols
    BOOST_CHECK_NO_THROW(HuffmanCode(bytes_of_lengths({1, 1}), 0));
}

BOOST_AUTO_TEST_CASE(every_symbol_has_a_code_and_the_information_sums_to_the_entropy) {
    // Sixteen steps cannot be exact in a handful of symbols; in a table of the usual size they are.
    std::vector<uint64_t> peaked(331);
    for (int i = 0; i < 331; ++i)
        peaked[i] =
            static_cast<uint64_t>(i == 165 ? 2e6 : 2e5 * std::exp(-0.2 * std::abs(i - 165)));
    const std::vector<std::vector<uint64_t>> cases = {
        peaked,
        {0, 0, 0, 0, 0},
        {1000000, 0, 0, 5},
        {630000, 100000, 90000, 50000, 20000, 5000, 300, 10, 0, 0},
        {5, 80, 700, 9000, 20000, 9100, 650, 70, 4},
    };
    for (const auto& counts : cases) {
        const HuffmanCode code(model_bytes(counts), 0);
        double total = 0, exact = 0, modelled = 0;
        for (const uint64_t n : counts) total += static_cast<double>(n + 1);
        for (uint32_t s = 0; s < counts.size(); ++s) {
            BOOST_CHECK_GE(code.model(s).length, 1);
            const auto n = static_cast<double>(counts[s] + 1);
            exact -= n * std::log2(n / total);
            modelled += n * code.model(s).information / 8;
        }
        BOOST_CHECK_SMALL((modelled - exact) / total, counts.size() > 100 ? 0.001 : 0.03);
    }
}
