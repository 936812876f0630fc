// Lays shapes over each other in the light of a lamp, then looks through a lens.
#pragma once

#include <vector>

#include "sw/compiler/image.h"
#include "sw/images/shapes.h"

namespace karhunen::drawing {

struct Light {
    double x = 0, y = 0, z = 1;  ///< towards the lamp, length 1
    double ambient = 0.4;        ///< share that comes from everywhere
    double shine = 0.2;
};

/// Where a shape lies: picture (u, v), 0 to 1, is `centre` plus the turned and scaled shape.
struct Place {
    double u = 0.5, v = 0.5;
    double scale = 0.5;  ///< of the shape's unit
    double turn = 0;     ///< in turns
    double squeeze = 1;  ///< the shape's y is so much shorter
    bool casts_shadow = false;
};

/// Unevenness of the surface: brightness varies by `strength`.
struct Grain {
    double strength = 0, frequency = 8;
    uint32_t key = 0;
};

struct Lens {
    double blur = 0.5;  ///< deviation in pixels of a picture of 224
    double noise = 0.01, vignette = 0.2, curve = 0;
    Colour white = {1, 1, 1};
    uint32_t key = 0;
};

class Canvas {
public:
    explicit Canvas(uint32_t size);
    void paint(const Shape& shape, const Place& place, const Light& light, const Grain& grain);
    Picture through(const Lens& lens) const;

private:
    /// The pixels that the shape may cover.
    struct Frame {
        uint32_t left = 0, top = 0, right = 0, bottom = 0;
    };
    Frame frame_of(const Place& place) const;
    void cast_shadow(const Frame& frame, const Place& place, const Light& light);
    Colour shaded(std::size_t at, const Frame& frame, double pixel, const Light& light,
                  double rough) const;

    uint32_t size_;
    std::vector<Colour> colours_;
    std::vector<Point> points_;  ///< of the shape being painted
};

}  // namespace karhunen::drawing
