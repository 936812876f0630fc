// The fast transform against the naive one, and the naive one against a worked example.
#include <random>

#include <boost/test/unit_test.hpp>

#include "models/arithmetic/requantise.h"
#include "models/arithmetic/transform.h"

using namespace karhunen;

namespace {

TransformParameters random_parameters(uint32_t channels, uint32_t components,
                                      std::mt19937& random) {
    TransformParameters p;
    p.channels = channels;
    p.components = components;
    p.matrix.resize(size_t{components} * channels);
    for (auto& v : p.matrix) v = static_cast<int8_t>(random());
    for (uint32_t c = 0; c < channels; ++c) {
        p.mean.push_back(static_cast<int16_t>(random() % 4096) - 2048);
        p.offset.push_back(static_cast<int32_t>(random()) / 4);
    }
    for (uint32_t k = 0; k < components; ++k) {
        p.forward.push_back(static_cast<int32_t>(random() & 0x7FFFFFFF));
        p.inverse.push_back(static_cast<int32_t>(random() & 0x7FFFFFFF));
    }
    p.low = -1023, p.high = 1023;
    p.forward_shift = 31 + random() % 14;
    p.inverse_shift = 26 + random() % 10;
    p.out_multiplier = static_cast<int32_t>(random() & 0x7FFFFFFF);
    p.out_shift = 40 + random() % 20;
    return p;
}

/// Values x and symbols q, both directions, fast == naive. Returns how many results differ from
/// their neighbours: a test whose results all saturate would prove nothing.
size_t check(const TransformParameters& p, const std::vector<int16_t>& x,
             const std::vector<int16_t>& q) {
    const Transform transform(p);
    const auto vectors = static_cast<uint32_t>(x.size() / p.channels);
    std::vector<int16_t> fast(q.size()), naive(q.size());
    size_t changes = 0;
    const auto compare = [&] {
        BOOST_TEST((fast == naive));
        for (size_t i = 1; i < naive.size(); ++i) changes += naive[i] != naive[i - 1];
    };
    transform.forward(x.data(), vectors, fast.data());
    for (uint32_t i = 0; i < vectors; ++i)
        transform_forward_naive(p, &x[size_t{i} * p.channels], &naive[size_t{i} * p.components]);
    compare();
    fast.resize(x.size());
    naive.resize(x.size());
    transform.inverse(q.data(), vectors, fast.data());
    for (uint32_t i = 0; i < vectors; ++i)
        transform_inverse_naive(p, &q[size_t{i} * p.components], &naive[size_t{i} * p.channels]);
    compare();
    return changes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transform)

BOOST_AUTO_TEST_CASE(worked_example) {
    TransformParameters p;
    p.channels = p.components = 2;
    p.matrix = {3, 4, -4, 3};  // rows of length 5
    p.mean = {10, -10};
    p.forward = {1, 2};
    p.forward_shift = 3;
    p.low = -5, p.high = 5;
    p.inverse = {2, 1};
    p.inverse_shift = 0;
    p.offset = {100, -100};
    p.out_multiplier = 3;
    p.out_shift = 1;
    const int16_t x[] = {14, -7};  // centred: 4, 3; y = 24, -7
    int16_t q[2], back[2];
    transform_forward_naive(p, x, q);
    BOOST_TEST(q[0] == 3);   // 24 / 8
    BOOST_TEST(q[1] == -2);  // -14 / 8 = -1.75
    // z = 6, -2; v = 3*6 + 4*2 + 100, 4*6 - 3*2 - 100 = 126, -82; times 1.5
    transform_inverse_naive(p, q, back);
    BOOST_TEST(back[0] == 189);
    BOOST_TEST(back[1] == 0);
    check(p, {14, -7, 2047, -2048}, {3, -2, 5, -5});
}

// The example with its first component alone: the second stays at the mean.
/// The same as worked_example: without ReLU, and of symbols that were made elsewhere.
BOOST_AUTO_TEST_CASE(worked_example_of_the_folded_transform) {
    TransformParameters p;
    p.channels = p.components = 2;
    p.folded = true;
    p.rectified = false;
    p.matrix = {3, 4, -4, 3};
    p.low = -5, p.high = 5;
    p.inverse = {2, 1};
    p.offset = {100, -100};
    p.out_multiplier = 3;
    p.out_shift = 1;
    const int16_t x[] = {3, -700};
    int16_t q[2], back[2];
    transform_forward_naive(p, x, q);
    BOOST_TEST((q[0] == 3 && q[1] == -5));  // clamped
    transform_inverse_naive(p, q, back);    // z = 6, -5; v = 138, -91
    BOOST_TEST((back[0] == 207 && back[1] == -136));
}

BOOST_AUTO_TEST_CASE(worked_example_of_fewer_components) {
    TransformParameters p;
    p.channels = 2;
    p.components = 1;
    p.matrix = {3, 4};
    p.mean = {10, -10};
    p.forward = {1};
    p.forward_shift = 3;
    p.low = -5, p.high = 5;
    p.inverse = {2};
    p.offset = {100, -100};
    p.out_multiplier = 3;
    p.out_shift = 1;
    const int16_t x[] = {14, -7};
    int16_t q[] = {0, 77}, back[2];
    transform_forward_naive(p, x, q);
    BOOST_TEST(q[0] == 3);
    BOOST_TEST(q[1] == 77);  // not written
    // z = 6; v = 3*6 + 100, 4*6 - 100 = 118, -76; times 1.5
    transform_inverse_naive(p, q, back);
    BOOST_TEST(back[0] == 177);
    BOOST_TEST(back[1] == 0);
    check(p, {14, -7, 2047, -2048}, {3, -5});
}

BOOST_AUTO_TEST_CASE(random_parameters_and_values) {
    std::mt19937 random(1);
    size_t changes = 0;
    for (const uint32_t channels : {1u, 2u, 3u, 16u, 31u, 64u, 65u, 128u, 200u})
        for (const uint32_t vectors : {1u, 7u, 24u, 25u, 60u}) {
            const uint32_t components =
                vectors % 2 == 0 ? channels : 1 + static_cast<uint32_t>(random() % channels);
            auto p = random_parameters(channels, components, random);
            p.rectified = vectors != 7 && vectors != 60;
            if (vectors == 60) p.folded = true, p.forward.clear(), p.mean.clear();
            std::vector<int16_t> x(size_t{vectors} * channels), q(size_t{vectors} * components);
            for (auto& v : x) v = static_cast<int16_t>(random() % 4096) - 2048;
            for (auto& v : q) v = static_cast<int16_t>(random() % 2047) - 1023;
            changes += check(p, x, q);
        }
    BOOST_TEST(changes > 50000);
}

// The largest sums that 512 channels can have: 512 * 128 * 4095 forward, 512 * 128 * 16383 back.
BOOST_AUTO_TEST_CASE(extremes) {
    for (const int matrix : {127, -128})
        for (const int sign : {1, -1}) {
            TransformParameters p;
            p.channels = p.components = 512;
            p.matrix.assign(512 * 512, static_cast<int8_t>(matrix));
            for (size_t i = 0; i < p.matrix.size(); i += 3)
                p.matrix[i] = static_cast<int8_t>(matrix > 0 ? matrix - 1 : matrix + 1);
            p.mean.assign(512, static_cast<int16_t>(sign > 0 ? -2048 : 2047));
            p.forward.assign(512, INT32_MAX);
            p.inverse.assign(512, INT32_MAX);
            p.offset.assign(512, sign * ((1 << 30) - 1));
            p.low = -1023, p.high = 1023;
            p.forward_shift = 51;  // 2^28 * 2^31 / 2^51 is within the symbols
            p.inverse_shift = 27;  // saturates at 16383
            p.out_multiplier = INT32_MAX;
            p.out_shift = 54;  // 2^31 * 2^31 / 2^54 is within u8
            const std::vector<int16_t> x(512 * 3, static_cast<int16_t>(sign > 0 ? 2047 : -2048));
            const std::vector<int16_t> q(512 * 3, static_cast<int16_t>(sign * 1023));
            check(p, x, q);
            std::vector<int16_t> symbols(x.size());
            Transform(p).forward(x.data(), 3, symbols.data());
            int64_t y = 0;
            for (size_t c = 0; c < 512; ++c) y += int64_t{p.matrix[c]} * sign * 4095;
            BOOST_TEST(symbols[0] == scale_and_round(y * INT32_MAX, 51));
            BOOST_TEST(std::abs(symbols[0]) > 200);
        }
}

BOOST_AUTO_TEST_SUITE_END()
