// Random numbers, noise and angles from integer hashing, + - * / and sqrt alone, so that every host
// draws the same bits.
#pragma once

#include <array>
#include <cstdint>

namespace karhunen::drawing {

/// Numbers of a stream, counted (SplitMix64's output function over a counter). Draw one number per
/// statement or in braces: compilers evaluate arguments of functions in orders of their own.
class Random {
public:
    Random(uint64_t seed, uint64_t index);

    uint64_t bits();
    double operator()();  ///< 0 <= x < 1
    double between(double low, double high) { return low + (high - low) * (*this)(); }
    int integer(int low, int high);  ///< both inclusive
    bool chance(double share) { return (*this)() < share; }
    uint32_t key() { return static_cast<uint32_t>(bits()); }

private:
    uint64_t key_, count_ = 0;
};

/// Whole number not above x; |x| < 2^31.
inline int floor_of(double x) {
    const int i = static_cast<int>(x);
    return i - (x < i);
}

inline double clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}
inline double mix(double a, double b, double share) {
    return a + (b - a) * share;
}
/// 0 up to `low`, 1 from `high`, smooth in between.
inline double smooth_step(double low, double high, double x) {
    const double t = clamp((x - low) / (high - low), 0, 1);
    return t * t * (3 - 2 * t);
}

uint32_t hash(uint32_t key, int x, int y);
/// hash() as 0 <= x < 1.
double hash_unit(uint32_t key, int x, int y);

/// Value noise on the whole numbers, -1 to 1, smooth.
double noise(uint32_t key, double x, double y);
/// Sum of `octaves` noises of halved size and weight, about -1 to 1.
double fractal(uint32_t key, double x, double y, int octaves);

/// sin(2 pi t), error below 1e-4.
double sine(double turns);
inline double cosine(double turns) {
    return sine(turns + 0.25);
}
/// Angle of (x, y) in turns, -0.5 to 0.5, error below 1e-3; 0 at the origin.
double angle(double x, double y);
double length(double x, double y);

}  // namespace karhunen::drawing
