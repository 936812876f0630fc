#include "models/codec/dct.h"

#include <algorithm>
#include <array>
#include <vector>

#include "models/arithmetic/lanes.h"

namespace karhunen {
namespace {

/// round(2^15 * sqrt(2/L) * cos(pi * j / 2L)), j = 0..L.
constexpr std::array<int32_t, 9> cosines8 = {16384, 16069, 15137, 13623, 11585,
                                             9102,  6270,  3196,  0};
constexpr std::array<int32_t, 17> cosines16 = {11585, 11529, 11363, 11086, 10703, 10217,
                                               9633,  8956,  8192,  7350,  6436,  5461,
                                               4433,  3363,  2260,  1136,  0};

constexpr int32_t factor(uint32_t length, uint32_t k, uint32_t i) {
    if (k == 0) return length == 8 ? 11585 : 8192;
    const uint32_t angle = (2 * i + 1) * k % (4 * length);  // in units of pi / 2L
    const uint32_t folded = angle <= 2 * length ? angle : 4 * length - angle;
    const uint32_t index = folded <= length ? folded : 2 * length - folded;
    const int32_t cosine = length == 8 ? cosines8[index] : cosines16[index];
    return folded <= length ? cosine : -cosine;
}

/// Factors of two neighbouring inputs, as add_pair_products() takes them: [output][pair].
template <uint32_t length>
using Pairs = std::array<std::array<int32_t, length / 2>, length>;

template <uint32_t length>
constexpr Pairs<length> pairs_of(bool inverse) {
    Pairs<length> pairs{};
    for (uint32_t out = 0; out < length; ++out)
        for (uint32_t j = 0; j < length / 2; ++j) {
            const uint32_t in = 2 * j;
            const int32_t low = inverse ? factor(length, in, out) : factor(length, out, in);
            const int32_t high =
                inverse ? factor(length, in + 1, out) : factor(length, out, in + 1);
            pairs[out][j] = static_cast<int32_t>((static_cast<uint32_t>(low) & 0xFFFF) |
                                                 static_cast<uint32_t>(high) << 16);
        }
    return pairs;
}

/// One group per lane. `in` and `out` hold lanes_per_vector groups.
template <uint32_t length, uint32_t shift>
void block(const Pairs<length>& pairs, const int16_t* in, int16_t* out) {
    constexpr uint32_t half = length / 2;
    int32_t given[lanes_per_vector][half], inputs[half][lanes_per_vector];
    std::memcpy(given, in, sizeof given);
    for (uint32_t j = 0; j < half; ++j)
        for (int g = 0; g < lanes_per_vector; ++g) inputs[j][g] = given[g][j];
    uint32_t outputs[half][lanes_per_vector];
    for (uint32_t j = 0; j < half; ++j) {
        Lanes low = broadcast(1 << (shift - 1)), high = low;
        for (uint32_t i = 0; i < half; ++i) {
            const Lanes x = load(inputs[i]);
            low = add_pair_products(low, x, broadcast(pairs[2 * j][i]));
            high = add_pair_products(high, x, broadcast(pairs[2 * j + 1][i]));
        }
        int32_t sums[2][lanes_per_vector];
        store(sums[0], low);
        store(sums[1], high);
        for (int g = 0; g < lanes_per_vector; ++g)
            outputs[j][g] = (static_cast<uint32_t>(sums[0][g] >> shift) & 0xFFFF) |
                            static_cast<uint32_t>(sums[1][g] >> shift) << 16;
    }
    uint32_t made[lanes_per_vector][half];
    for (int g = 0; g < lanes_per_vector; ++g)
        for (uint32_t j = 0; j < half; ++j) made[g][j] = outputs[j][g];
    std::memcpy(out, made, sizeof made);
}

template <uint32_t length, uint32_t shift>
void transform(const Pairs<length>& pairs, const int16_t* in, size_t groups, int16_t* out) {
    constexpr size_t step = size_t{length} * lanes_per_vector;
    for (; groups >= lanes_per_vector; groups -= lanes_per_vector, in += step, out += step)
        block<length, shift>(pairs, in, out);
    if (groups == 0) return;
    std::array<int16_t, step> rest{};
    std::copy_n(in, groups * length, rest.begin());
    block<length, shift>(pairs, rest.data(), rest.data());
    std::copy_n(rest.begin(), groups * length, out);
}

constexpr uint32_t forward_shift = 15 - dct_fraction_bits, inverse_shift = 15 + dct_fraction_bits;
constexpr auto forward8 = pairs_of<8>(false), inverse8 = pairs_of<8>(true);
constexpr auto forward16 = pairs_of<16>(false), inverse16 = pairs_of<16>(true);

}  // namespace

int32_t dct_factor(uint32_t length, uint32_t k, uint32_t i) {
    return factor(length, k, i);
}

void dct_forward(uint32_t length, const int16_t* x, size_t groups, int16_t* y) {
    if (length == 8)
        transform<8, forward_shift>(forward8, x, groups, y);
    else
        transform<16, forward_shift>(forward16, x, groups, y);
}

void dct_inverse(uint32_t length, const int16_t* y, size_t groups, int16_t* x) {
    if (length == 8)
        transform<8, inverse_shift>(inverse8, y, groups, x);
    else
        transform<16, inverse_shift>(inverse16, y, groups, x);
}

}  // namespace karhunen
