#include "sw/images/random.h"

#include <cmath>

namespace karhunen::drawing {

namespace {

uint64_t scrambled(uint64_t z) {  // SplitMix64 (Steele, Lea and Flood, 2014)
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

}  // namespace

Random::Random(uint64_t seed, uint64_t index)
    : key_(scrambled(scrambled(seed + 0x9E3779B97F4A7C15ull) + index)) {}

uint64_t Random::bits() {
    return scrambled(key_ + ++count_ * 0x9E3779B97F4A7C15ull);
}

double Random::operator()() {
    return static_cast<double>(bits() >> 11) / (1ull << 53);
}

int Random::integer(int low, int high) {
    return low + static_cast<int>(bits() % static_cast<uint64_t>(high - low + 1));
}

uint32_t hash(uint32_t key, int x, int y) {
    uint32_t h =
        key + static_cast<uint32_t>(x) * 0x9E3779B1u + static_cast<uint32_t>(y) * 0x85EBCA77u;
    h = (h ^ (h >> 16)) * 0x7FEB352Du;  // "lowbias32" (Wellons, 2018)
    h = (h ^ (h >> 15)) * 0x846CA68Bu;
    return h ^ (h >> 16);
}

double hash_unit(uint32_t key, int x, int y) {
    return hash(key, x, y) / 4294967296.0;
}

double noise(uint32_t key, double x, double y) {
    const int i = floor_of(x), j = floor_of(y);
    const double u = x - i, v = y - j;
    const double s = u * u * (3 - 2 * u), t = v * v * (3 - 2 * v);
    const double top = mix(hash_unit(key, i, j), hash_unit(key, i + 1, j), s);
    const double bottom = mix(hash_unit(key, i, j + 1), hash_unit(key, i + 1, j + 1), s);
    return 2 * mix(top, bottom, t) - 1;
}

double fractal(uint32_t key, double x, double y, int octaves) {
    double sum = 0, weight = 1, all = 0;
    for (int o = 0; o < octaves; ++o) {
        sum += weight * noise(key + static_cast<uint32_t>(o), x, y);
        all += weight;
        weight *= 0.5;
        // Turned by atan(3/4), so that the lattices do not line up.
        const double turned = 1.6 * x - 1.2 * y;
        y = 1.2 * x + 1.6 * y;
        x = turned;
    }
    return all > 0 ? 1.4 * sum / all : 0;
}

double sine(double turns) {
    double t = turns - floor_of(turns + 0.5);  // -0.5 to 0.5
    if (t > 0.25) t = 0.5 - t;
    if (t < -0.25) t = -0.5 - t;
    const double x = 6.283185307179586 * t, s = x * x;
    return x * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72))));
}

double angle(double x, double y) {
    const double a = x < 0 ? -x : x, b = y < 0 ? -y : y;
    const double high = a > b ? a : b;
    if (high == 0) return 0;
    const double z = (a > b ? b : a) / high;
    // atan(z) / (2 pi), 0 <= z <= 1: pi/4 z + 0.273 z (1 - z), Rajan et al., 2006.
    double t = z * (0.125 + 0.04345 * (1 - z));
    if (b > a) t = 0.25 - t;
    if (x < 0) t = 0.5 - t;
    return y < 0 ? -t : t;
}

double length(double x, double y) {
    return std::sqrt(x * x + y * y);
}

}  // namespace karhunen::drawing
