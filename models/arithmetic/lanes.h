// The widest integer vectors that the compiler may use, behind four functions. Internal linkage:
// units built for different processors must not share these.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace karhunen {
namespace {

#if defined(__AVX512BW__)

using Lanes = __m512i;
inline Lanes load(const void* p) {
    return _mm512_loadu_si512(p);
}
inline void store(void* p, Lanes v) {
    _mm512_storeu_si512(p, v);
}
inline Lanes broadcast(int32_t pair) {
    return _mm512_set1_epi32(pair);
}
inline Lanes add_pair_products(Lanes sum, Lanes a, Lanes b) {
#if defined(__AVX512VNNI__)
    return _mm512_dpwssd_epi32(sum, a, b);
#else
    return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
#endif
}
constexpr int accumulators = 24, panel_blocks = 4;

#elif defined(__AVX2__)

using Lanes = __m256i;
inline Lanes load(const void* p) {
    return _mm256_loadu_si256(static_cast<const Lanes*>(p));
}
inline void store(void* p, Lanes v) {
    _mm256_storeu_si256(static_cast<Lanes*>(p), v);
}
inline Lanes broadcast(int32_t pair) {
    return _mm256_set1_epi32(pair);
}
inline Lanes add_pair_products(Lanes sum, Lanes a, Lanes b) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}
constexpr int accumulators = 12, panel_blocks = 1;

#elif defined(__SSE2__)

using Lanes = __m128i;
inline Lanes load(const void* p) {
    return _mm_loadu_si128(static_cast<const Lanes*>(p));
}
inline void store(void* p, Lanes v) {
    _mm_storeu_si128(static_cast<Lanes*>(p), v);
}
inline Lanes broadcast(int32_t pair) {
    return _mm_set1_epi32(pair);
}
inline Lanes add_pair_products(Lanes sum, Lanes a, Lanes b) {
    return _mm_add_epi32(sum, _mm_madd_epi16(a, b));
}
constexpr int accumulators = 12, panel_blocks = 1;

#else

struct Lanes {
    int32_t lane[4];
};
inline Lanes load(const void* p) {
    Lanes v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
inline void store(void* p, Lanes v) {
    std::memcpy(p, &v, sizeof v);
}
inline Lanes broadcast(int32_t pair) {
    return {{pair, pair, pair, pair}};
}
inline Lanes add_pair_products(Lanes sum, Lanes a, Lanes b) {
    int16_t x[8], y[8];
    std::memcpy(x, &a, sizeof x);
    std::memcpy(y, &b, sizeof y);
    for (int i = 0; i < 4; ++i) {
        const int32_t products = x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
        sum.lane[i] = static_cast<int32_t>(static_cast<uint32_t>(sum.lane[i]) + products);
    }
    return sum;
}
constexpr int accumulators = 12, panel_blocks = 1;

#endif

constexpr int lanes_per_vector = sizeof(Lanes) / sizeof(int32_t);

}  // namespace
}  // namespace karhunen
