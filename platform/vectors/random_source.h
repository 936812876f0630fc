// Numbers that are the same on every host for the same seed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace karhunen::vectors {

class RandomSource {
public:
    explicit RandomSource(uint32_t seed) : engine_(seed) {}

    /// low to high, both included.
    int64_t between(int64_t low, int64_t high) {
        const uint64_t number = uint64_t{engine_()} << 32 | engine_();
        return low + static_cast<int64_t>(number % (static_cast<uint64_t>(high - low) + 1));
    }
    uint32_t number(uint32_t low, uint32_t high) {
        return static_cast<uint32_t>(between(low, high));
    }
    bool chance(uint32_t percent) { return number(0, 99) < percent; }
    template <typename T>
    T one_of(std::initializer_list<T> choices) {
        return choices.begin()[number(0, static_cast<uint32_t>(choices.size()) - 1)];
    }

    /// Values from low to high as maps and weights have them, of a kind that is drawn, too: noise,
    /// small ones, few that are not zero, long runs, the ends of the range, a slow walk.
    template <typename T>
    std::vector<T> values(size_t count, int64_t low, int64_t high);

private:
    std::mt19937 engine_;
};

template <typename T>
std::vector<T> RandomSource::values(size_t count, int64_t low, int64_t high) {
    const uint32_t kind = number(0, 5);
    const auto any = [&] { return between(low, high); };
    const auto within = [&](int64_t v) { return v < low ? low : v > high ? high : v; };
    std::vector<T> result;
    int64_t walk = any();
    while (result.size() < count) {
        int64_t value = 0;
        uint32_t repeat = 1;
        if (kind == 0) value = any();
        if (kind == 1) value = within(between(-8, 8));
        if (kind == 2) value = chance(20) ? any() : within(0);
        if (kind == 3) value = chance(50) ? any() : within(0), repeat = number(1, 40);
        if (kind == 4) value = one_of({low, high, within(0), within(-1), within(1)});
        if (kind == 5) value = walk = within(walk + between(-3, 3));
        for (; repeat > 0 && result.size() < count; --repeat)
            result.push_back(static_cast<T>(value));
    }
    return result;
}

}  // namespace karhunen::vectors
