// What `context` knows of a value before it is coded: predicted mean and context, from neighbours
// of the same channel; and the number that stands for the value given its prediction. The formulas
// are in context.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "models/codec/context.h"

namespace karhunen {

/// The quantised values of a pixel's neighbours, all channels each.
struct Neighbours {
    const uint8_t *w, *n, *ne, *nw;
};

/// Two rows of quantised values, the upper one complete.
class ContextRows {
public:
    ContextRows(uint32_t width, uint32_t channels);
    uint8_t* pixel(uint32_t x) { return row_.data() + (size_t{x} + 1) * channels_; }
    Neighbours neighbours(uint32_t x);
    /// The lower row is complete and becomes the upper one.
    void next_row();

private:
    uint32_t width_, channels_;
    bool top_ = true;
    std::vector<uint8_t> above_, row_;  ///< one more pixel on each side, and room behind
    std::vector<uint8_t> zeros_;
};

/// Works on `batch` channels at once: pixels that are read or written here need that much room.
class ContextModel {
public:
    static constexpr uint32_t batch = 32;
    static constexpr size_t padded(size_t channels) {
        return (channels + batch - 1) / batch * batch;
    }

    explicit ContextModel(const ContextParameters& p);
    uint32_t channels() const { return channels_; }
    /// Contexts (0..1023) and predictions of all channels of a pixel: padded(channels) each.
    void predict(const Neighbours& pixel, uint16_t* contexts, uint8_t* predictions) const;

private:
    uint32_t channels_;
    std::vector<int16_t> weights_[4], bias_, reciprocal_, class_;  ///< padded
};

/// 0 for 0, otherwise 1..255 in the order of the distance from the prediction. Bytes throughout,
/// modulo 256, so that the compiler makes vectors of them.
inline uint8_t fold(uint8_t value, uint8_t prediction) {
    const uint8_t p = prediction == 0 ? 1 : prediction;
    const auto below = static_cast<uint8_t>(p - 1), above = static_cast<uint8_t>(255 - p);
    const uint8_t both_signs = below < above ? below : above;
    const auto up = static_cast<uint8_t>(value - p), down = static_cast<uint8_t>(p - value);
    const uint8_t distance = value < p ? down : up;
    const uint8_t sign = value < p ? 0 : 1;
    const auto zigzag = static_cast<uint8_t>(distance + distance + sign);
    const auto far = static_cast<uint8_t>(distance + both_signs + 1);
    const uint8_t number = distance > both_signs ? far : zigzag;
    return value == 0 ? 0 : number;
}

/// What was folded; for numbers that fold() does not give, too, some value.
inline uint8_t unfold(uint8_t number, uint8_t prediction) {
    const uint8_t p = prediction == 0 ? 1 : prediction;
    const auto below = static_cast<uint8_t>(p - 1), above = static_cast<uint8_t>(255 - p);
    const uint8_t both_signs = below < above ? below : above;
    const auto half = static_cast<uint8_t>(number >> 1);
    const auto far = static_cast<uint8_t>(number - 1 - both_signs);
    const uint8_t distance = half > both_signs ? far : half;
    const uint8_t near_sign = number & 1, far_sign = below > above ? 0 : 1;
    const uint8_t sign = half > both_signs ? far_sign : near_sign;
    const auto up = static_cast<uint8_t>(p + distance), down = static_cast<uint8_t>(p - distance);
    const uint8_t value = sign == 0 ? down : up;
    return number == 0 ? 0 : value;
}

/// A pixel's values to numbers and back; all padded.
void fold(const uint8_t* values, const uint8_t* predictions, size_t channels, uint8_t* numbers);
void unfold(const uint8_t* numbers, const uint8_t* predictions, size_t channels, uint8_t* values);

}  // namespace karhunen
