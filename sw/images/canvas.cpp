#include "sw/images/canvas.h"

#include <algorithm>
#include <cmath>

namespace karhunen::drawing {

Canvas::Canvas(uint32_t size)
    : size_(size), colours_(std::size_t{size} * size), points_(colours_.size()) {}

Canvas::Frame Canvas::frame_of(const Place& place) const {
    constexpr double reach = 1.6;  // of a turned square around a shape
    const auto pixel_of = [&](double at) {
        return static_cast<uint32_t>(clamp(at * size_, 0, size_));
    };
    return {pixel_of(place.u - reach * place.scale), pixel_of(place.v - reach * place.scale),
            pixel_of(place.u + reach * place.scale + 1.0 / size_),
            pixel_of(place.v + reach * place.scale + 1.0 / size_)};
}

void Canvas::paint(const Shape& shape, const Place& place, const Light& light, const Grain& grain) {
    const Frame frame = frame_of(place);
    const double pixel = 1 / (place.scale * size_);
    const double c = cosine(place.turn) / place.scale, s = sine(place.turn) / place.scale;
    const auto for_each_pixel = [&](auto work) {
        for (uint32_t row = frame.top; row < frame.bottom; ++row)
            for (uint32_t column = frame.left; column < frame.right; ++column) {
                const double u = (column + 0.5) / size_ - place.u;
                const double v = (row + 0.5) / size_ - place.v;
                work(std::size_t{row} * size_ + column, c * u + s * v,
                     (c * v - s * u) / place.squeeze);
            }
    };
    for_each_pixel([&](std::size_t at, double x, double y) { points_[at] = shape(x, y, pixel); });
    if (place.casts_shadow) cast_shadow(frame, place, light);
    // Details finer than two pixels would only alias.
    int octaves = 0;
    for (double f = grain.frequency; octaves < 4 && f * pixel < 0.5; f *= 2) ++octaves;
    for_each_pixel([&](std::size_t at, double x, double y) {
        const double distance = points_[at].distance;
        if (distance > pixel) return;
        const double rough =
            grain.strength * fractal(grain.key, grain.frequency * x, grain.frequency * y, octaves);
        colours_[at] =
            mix(colours_[at], shaded(at, frame, pixel, light, rough), covered(distance, pixel));
    });
}

/// The point's colour in the light. Slopes are those to the pixels on the left and above; there are
/// none at the edges of the frame.
Colour Canvas::shaded(std::size_t at, const Frame& frame, double pixel, const Light& light,
                      double rough) const {
    const Point& p = points_[at];
    const double beside = at % size_ > frame.left ? points_[at - 1].height : p.height;
    const double above = at / size_ > frame.top ? points_[at - size_].height : p.height;
    const double dx = clamp((p.height - beside) / pixel, -2, 2);
    const double dy = clamp((p.height - above) / pixel, -2, 2);
    const double norm = 1 / std::sqrt(1 + dx * dx + dy * dy);
    const double facing = std::max(0.0, (light.z - light.x * dx - light.y * dy) * norm);
    const double bright = (light.ambient + (1 - light.ambient) * facing / light.z) * (1 + rough);
    // Halfway between the lamp and the eye, which is at (0, 0, 1).
    const double half = std::sqrt(2 + 2 * light.z);
    const double mirror = std::max(0.0, (1 + light.z - light.x * dx - light.y * dy) * norm / half);
    const double m4 = mirror * mirror * mirror * mirror, m16 = m4 * m4 * m4 * m4;
    const double gleam = light.shine * m16 * m16 * (norm < 0.999 ? 1 : 0);
    const Colour colour = p.colour * bright;
    return {colour.r + gleam, colour.g + gleam, colour.b + gleam};
}

void Canvas::cast_shadow(const Frame& frame, const Place& place, const Light& light) {
    const double far = 0.22 * place.scale * size_;
    const int dx = floor_of(-light.x * far), dy = floor_of(-light.y * far);
    for (uint32_t row = frame.top; row < frame.bottom; ++row)
        for (uint32_t column = frame.left; column < frame.right; ++column) {
            const int64_t x = int64_t{column} - dx, y = int64_t{row} - dy;
            if (x < frame.left || x >= frame.right || y < frame.top || y >= frame.bottom) continue;
            const double distance =
                points_[static_cast<std::size_t>(y) * size_ + static_cast<std::size_t>(x)].distance;
            const double dark = 0.55 * (1 - light.ambient) * smooth_step(0.12, -0.12, distance);
            Colour& colour = colours_[std::size_t{row} * size_ + column];
            colour = colour * (1 - dark);
        }
}

namespace {

/// One pass of (w, 1 - 2w, w) along lines of n values `step` apart.
void soften(std::vector<Colour>& values, uint32_t n, std::size_t step, std::size_t line, double w) {
    for (uint32_t l = 0; l < n; ++l) {
        Colour* at = values.data() + l * line;
        Colour before = at[0];
        for (uint32_t i = 0; i < n; ++i, at += step) {
            const Colour here = *at, after = i + 1 < n ? at[step] : here;
            *at = {here.r + w * (before.r + after.r - 2 * here.r),
                   here.g + w * (before.g + after.g - 2 * here.g),
                   here.b + w * (before.b + after.b - 2 * here.b)};
            before = here;
        }
    }
}

}  // namespace

Picture Canvas::through(const Lens& lens) const {
    std::vector<Colour> values = colours_;
    // Two passes of variance 2w each.
    const double deviation = lens.blur * size_ / 224.0;
    const double w = std::min(deviation * deviation / 4, 0.25);
    for (int pass = 0; pass < 2; ++pass) {
        soften(values, size_, 1, size_, w);
        soften(values, size_, size_, 1, w);
    }
    Picture picture{size_, size_, std::vector<uint8_t>(3 * values.size())};
    for (uint32_t row = 0; row < size_; ++row)
        for (uint32_t column = 0; column < size_; ++column) {
            const std::size_t at = std::size_t{row} * size_ + column;
            const double u = (column + 0.5) / size_ - 0.5, v = (row + 0.5) / size_ - 0.5;
            const double dim = 1 - lens.vignette * 2 * (u * u + v * v);
            const double rgb[3] = {values[at].r * lens.white.r, values[at].g * lens.white.g,
                                   values[at].b * lens.white.b};
            for (int c = 0; c < 3; ++c) {
                double value = clamp(rgb[c] * dim, 0, 1);
                value = mix(value, value * value * (3 - 2 * value), lens.curve);
                // Four uniform numbers in one hash make nearly a normal one of deviation 1.
                const uint32_t h = hash(lens.key + static_cast<uint32_t>(c),
                                        static_cast<int>(column), static_cast<int>(row));
                const double sum = (h & 255) + (h >> 8 & 255) + (h >> 16 & 255) + (h >> 24);
                value += lens.noise * (sum - 510) / 147.8;
                picture.rgb[3 * at + c] = static_cast<uint8_t>(clamp(255 * value + 0.5, 0, 255));
            }
        }
    return picture;
}

}  // namespace karhunen::drawing
