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

/// 0 for 0, otherwise 1..255 in the order of the distance from the prediction.
inline uint8_t fold(int16_t value, int16_t prediction) {
    const int16_t p = std::max<int16_t>(prediction, 1);
    const auto both_signs = std::min(static_cast<int16_t>(p - 1), static_cast<int16_t>(255 - p));
    const auto difference = static_cast<int16_t>(value - p);
    const auto distance = static_cast<int16_t>(difference < 0 ? -difference : difference);
    const auto zigzag = static_cast<int16_t>(2 * distance + (difference < 0 ? 0 : 1));
    const auto folded = static_cast<int16_t>(
        distance <= both_signs ? zigzag : static_cast<int16_t>(distance + both_signs + 1));
    return static_cast<uint8_t>(value == 0 ? 0 : folded);
}

/// What was folded; for numbers that fold() does not give, too, some value 1..255.
inline uint8_t unfold(int16_t number, int16_t prediction) {
    const int16_t p = std::max<int16_t>(prediction, 1);
    const auto below = static_cast<int16_t>(p - 1), above = static_cast<int16_t>(255 - p);
    const int16_t both_signs = std::min(below, above);
    const auto half = static_cast<int16_t>(number >> 1);
    const auto far = static_cast<int16_t>(number - 1 - both_signs);
    const auto near_value = static_cast<int16_t>(number & 1 ? p + half : p - half);
    const auto far_value = static_cast<int16_t>(below <= above ? p + far : p - far);
    const int16_t value = half <= both_signs ? near_value : far_value;
    const auto clamped = std::clamp<int16_t>(value, 1, 255);
    return static_cast<uint8_t>(number == 0 ? 0 : clamped);
}

/// A pixel's values to numbers and back; all padded.
void fold(const uint8_t* values, const uint8_t* predictions, uint32_t channels, uint8_t* numbers);
void unfold(const uint8_t* numbers, const uint8_t* predictions, uint32_t channels, uint8_t* values);

}  // namespace karhunen
