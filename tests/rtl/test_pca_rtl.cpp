// pca_unit.sv against models/arithmetic/transform.h, and with huffman_encoder.sv behind it against
// the codec.
#include <algorithm>
#include <bit>

#include <Vhuffman_encoder.h>
#include <Vpca_16x64.h>
#include <Vpca_5x15.h>
#include <Vpca_8x8.h>
#include <boost/test/unit_test.hpp>

#include "models/codec/transform_codec.h"
#include "platform/cosimulation/pca_ports.h"
#include "tests/models/codec/samples.h"
#include "tests/rtl/bench.h"
#include "tests/rtl/huffman_bench.h"

using namespace karhunen;
using namespace karhunen::rtl;
namespace tt = boost::test_tools;

namespace {

using Values = std::vector<int16_t>;

struct Run {
    std::vector<Values> bands;  ///< of symbols
    uint64_t clocks = 0;
};

/// Bands of whole vectors, one right behind the other.
template <typename Block>
Run transform(Bench<Block>& bench, const TransformParameters& p, const PcaShape& unit,
              const std::vector<Values>& bands, Stalls stalls) {
    Block& b = *bench;
    const uint32_t words = words_of(p.channels, unit);
    Values values;
    std::vector<bool> last;
    for (const Values& band : bands) {
        values.insert(values.end(), band.begin(), band.end());
        last.resize(values.size() / p.channels * words);
        last.back() = true;
    }
    const auto put = [&](size_t beat) {
        put_values(b, p.channels, unit, values.data(), beat);
        b.in_last = last[beat];
    };
    Sink sink{b.out_valid, b.out_ready, [&] { return uint64_t{b.out_symbol}; }, b.out_last};
    sink.wanted = bands.size();
    Run run;
    run.clocks = bench.run({b.in_valid, b.in_ready, last.size(), put}, {&sink}, stalls);
    for (const std::vector<uint64_t>& band : sink.streams) {
        run.bands.emplace_back();
        for (const uint64_t word : band)
            run.bands.back().push_back(static_cast<int16_t>(sign_extended(word, pca_symbol_bits)));
    }
    return run;
}

Values forward(const TransformParameters& p, const Values& values) {
    const size_t vectors = values.size() / p.channels;
    Values symbols(vectors * p.components);
    for (size_t v = 0; v < vectors; ++v)
        transform_forward_naive(p, &values[v * p.channels], &symbols[v * p.components]);
    return symbols;
}

template <typename Block>
void compare(Bench<Block>& bench, const TransformParameters& p, const PcaShape& unit,
             const std::vector<Values>& bands, Stalls stalls) {
    const Run run = transform(bench, p, unit, bands, stalls);
    size_t values = 0;
    for (size_t i = 0; i < bands.size(); ++i) {
        BOOST_TEST(run.bands[i] == forward(p, bands[i]), tt::per_element());
        values += bands[i].size();
    }
    if (!stalls.none()) return;
    // As many clocks a vector as words in its part of the matrix; the first vector comes in before,
    // the last symbol goes through operands, products, tree, sum and four stages of the quantiser.
    const uint32_t words = words_of(p.channels, unit);
    const uint64_t work = values / p.channels * words * p.components;
    BOOST_TEST(run.clocks >= work + words);
    BOOST_TEST(run.clocks <= work + words + 9 + std::bit_width(unit.multipliers - 1));
}

/// Steps such that symbols use their whole range, and now and then any step at all.
TransformParameters random_parameters(const PcaShape& unit, std::mt19937& random) {
    const uint32_t channels = random() % 3 ? unit.channels : 1 + random() % unit.channels;
    const auto low = static_cast<int32_t>(-(random() % 1024)),
               high = static_cast<int32_t>(1 + random() % 1022);
    TransformParameters p =
        samples::transform(channels, low, high, random, random() % 2 ? 0 : 1 + random() % channels);
    const int32_t most = (1 << (unit.input_bits - 1)) - 1;
    for (int16_t& m : p.mean) m = static_cast<int16_t>(static_cast<int32_t>(random()) % (most + 1));
    p.forward_shift = 24 + unit.input_bits + random() % 6;
    if (random() % 4 == 0) {
        p.forward_shift = random() % 63;
        for (int32_t& m : p.forward) m = static_cast<int32_t>(random() >> (1 + random() % 31));
    }
    return p;
}

/// Values of so many bits: noise, or the largest of both signs.
Values random_values(size_t n, uint32_t bits, bool extreme, std::mt19937& random) {
    const int32_t most = (1 << (bits - 1)) - 1;
    Values values(n);
    for (int16_t& v : values) {
        const auto drawn = static_cast<int32_t>(random());
        v = static_cast<int16_t>(extreme ? (drawn < 0 ? -most - 1 : most) : drawn % (most + 1));
    }
    return values;
}

template <typename Block>
void compare_at_random(const PcaShape& unit, int count) {
    const uint32_t seed = seed_of_test();
    std::mt19937 random(seed);
    Bench<Block> bench(seed);
    for (int i = 0; i < count; ++i) BOOST_TEST_CONTEXT("seed " << seed << ", parameters " << i) {
            const TransformParameters p = random_parameters(unit, random);
            load_pca_unit(bench, p, unit);
            std::vector<Values> bands(1 + random() % 3);
            for (Values& band : bands)
                band = random_values((1 + random() % 4) * p.channels, unit.input_bits, i % 4 == 0,
                                     random);
            compare(bench, p, unit, bands, {});
            compare(bench, p, unit, bands, Stalls::at_random(random));
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pca_rtl)

BOOST_AUTO_TEST_CASE(twelve_bits) {
    compare_at_random<Vpca_16x64>({16, 64, 12}, 25);
}

BOOST_AUTO_TEST_CASE(eight_bits_a_symbol_a_clock) {
    compare_at_random<Vpca_8x8>({8, 8, 8}, 60);
}

BOOST_AUTO_TEST_CASE(odd_tree) {
    compare_at_random<Vpca_5x15>({5, 15, 10}, 60);
}

// The largest sum with the largest scale and each shift: the products take all of their bits.
BOOST_AUTO_TEST_CASE(largest_sums_at_each_shift) {
    const PcaShape unit{16, 64, 12};
    std::mt19937 random(1);
    Bench<Vpca_16x64> bench(1);
    TransformParameters p = samples::transform(64, -1024, 1022, random, 2);
    std::ranges::fill(p.forward, 0x7FFFFFFF);
    for (uint32_t c = 0; c < 64; ++c) {
        p.mean[c] = c % 2 ? 2047 : -2048;
        p.matrix[c] = p.mean[c] < 0 ? 127 : -128;
        p.matrix[64 + c] = p.mean[c] < 0 ? -128 : 127;
    }
    Values values(64);
    for (uint32_t c = 0; c < 64; ++c) values[c] = p.mean[c] < 0 ? 2047 : -2048;
    for (p.forward_shift = 0; p.forward_shift <= 62; ++p.forward_shift) {
        load_pca_unit(bench, p, unit);
        compare(bench, p, unit, {values}, {});
    }
}

BOOST_AUTO_TEST_CASE(with_huffman_encoder_equals_the_codec) {
    const PcaShape unit{16, 64, 12};
    const uint32_t seed = seed_of_test();
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    std::mt19937 random(seed);
    Bench<Vpca_16x64> pca(seed);
    Bench<Vhuffman_encoder> huffman(seed);
    for (int i = 0; i < 3; ++i) {
        const TransformParameters p = samples::transform(64, -300, 700, random);
        const std::vector<uint8_t> model = samples::model(1001, random);
        const auto codec = make_transform_codec(p, model, Format::s12);
        const BandShape band{2, 3, 64};
        const Values values = random_values(band.values(), 12, false, random);

        load_pca_unit(pca, p, unit);
        load_encoder(huffman, HuffmanCode(model, -300), 11);
        const Run run = transform(pca, p, unit, {values}, {30, 30});
        const HuffmanRun coded = encode(huffman, run.bands, 11, {30, 30});
        BOOST_TEST(bytes_low_first(coded.streams[0], 16) == encode_band(*codec, band, 1, values)[0],
                   tt::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
