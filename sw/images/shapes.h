// What the pictures show: shapes and whole scenes as functions of a point.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "sw/images/random.h"

namespace karhunen::drawing {

/// Linear-ish red, green, blue; 0 to 1 is what a picture can hold.
struct Colour {
    double r = 0, g = 0, b = 0;
};
inline Colour operator*(Colour c, double f) {
    return {c.r * f, c.g * f, c.b * f};
}
inline Colour mix(Colour a, Colour b, double share) {
    return {mix(a.r, b.r, share), mix(a.g, b.g, share), mix(a.b, b.b, share)};
}
double brightness(Colour c);
/// Any brightness, not too saturated.
Colour random_colour(Random& random);
Colour random_colour(Random& random, double darkest, double brightest);
/// As far from `other` as the best of some tries.
Colour contrasting(Random& random, Colour other);

/// What is seen at a point.
struct Point {
    double distance = -1;  ///< from the outline, about; negative inside
    double height = 0;     ///< above the picture, in the same unit: its slopes are shaded
    Colour colour;
};

/// y points down. Shapes fill about -1..1 in both directions; `pixel` is the size of one there.
using Shape = std::function<Point(double x, double y, double pixel)>;

/// 1 inside, 0 outside, a ramp of one pixel between.
inline double covered(double distance, double pixel) {
    return clamp(0.5 - distance / pixel, 0, 1);
}

struct Kind {
    std::string_view name;
    Shape (*make)(Random& random, Colour background);
    double turn;  ///< most turns it may lean to either side; 0.5: any way round
    bool scene;   ///< fills the picture
};

/// The classes, in the order of their numbers.
const std::vector<Kind>& kinds();

Shape make_ball(Random&, Colour);
Shape make_box(Random&, Colour);
Shape make_cone(Random&, Colour);
Shape make_ring(Random&, Colour);
Shape make_star(Random&, Colour);
Shape make_crescent(Random&, Colour);
Shape make_cross(Random&, Colour);
Shape make_gear(Random&, Colour);
Shape make_flower(Random&, Colour);
Shape make_leaf(Random&, Colour);
Shape make_fish(Random&, Colour);
Shape make_mushroom(Random&, Colour);
Shape make_house(Random&, Colour);
Shape make_tree(Random&, Colour);

Shape make_bricks(Random&, Colour);
Shape make_honeycomb(Random&, Colour);
Shape make_wood(Random&, Colour);
Shape make_pebbles(Random&, Colour);
Shape make_mountains(Random&, Colour);
Shape make_skyline(Random&, Colour);

/// What stands behind shapes: a wall, ground and sky, folds, or lights out of focus.
Shape make_background(Random&, Colour);
/// Bits and pieces around: bars, blobs, wedges.
Shape make_clutter(Random&, Colour);

}  // namespace karhunen::drawing
