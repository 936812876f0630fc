// Shapes made of several parts.
#include <algorithm>
#include <array>
#include <cmath>

#include "sw/images/shapes.h"

namespace karhunen::drawing {

namespace {

double rectangle(double x, double y, double left, double top, double right, double bottom) {
    return std::max(std::max(left - x, x - right), std::max(top - y, y - bottom));
}

/// Lays the second part over the first.
void lay(Point& p, double distance, double height, Colour colour, double pixel) {
    const double inside = covered(distance, pixel);
    p.height = mix(p.height, height, inside);
    p.colour = mix(p.colour, colour, inside);
    p.distance = std::min(p.distance, distance);
}

}  // namespace

Shape make_leaf(Random& random, Colour background) {
    const Colour colour = contrasting(random, background);
    const Colour vein = mix(
        colour, brightness(colour) > 0.45 ? Colour{0.05, 0.1, 0.02} : Colour{0.9, 0.95, 0.7}, 0.6);
    const double wide = random.between(0.35, 0.55), veins = random.between(4, 7);
    const double shift = (0.9 * 0.9 - wide * wide) / (2 * wide), radius = shift + wide;
    return [=](double x, double y, double pixel) {
        Point p;
        p.distance = std::max(length(x - 0.05, y - shift), length(x - 0.05, y + shift)) - radius;
        const double up = std::abs(y), at = veins * (x + 0.8 * up);
        const double side = std::abs(at - floor_of(at + 0.5)) / veins - 0.012 * (1 - up);
        p.height = 0.3 * (wide - up) * up + 0.03 * cosine(at);
        p.colour = mix(colour, vein, std::max(covered(side, pixel), covered(up - 0.025, pixel)));
        const double stalk = rectangle(x, y, -1, -0.03, -0.8, 0.03);
        lay(p, stalk, 0.03, vein, pixel);
        return p;
    };
}

Shape make_fish(Random& random, Colour background) {
    const Colour colour = contrasting(random, background),
                 belly = mix(colour, {0.95, 0.95, 0.9}, 0.6);
    const Colour other = random_colour(random), fin = mix(colour, other, 0.5);
    const double tall = random.between(0.36, 0.5), stripes = random.between(2, 5);
    const double facing = random.chance(0.5) ? 1 : -1;
    const bool striped = random.chance(0.5);
    return [=](double x, double y, double pixel) {
        x *= facing;
        Point p;
        const double tail = std::max({0.5 * std::abs(y) - 0.8 * (-0.45 - x),
                                      -0.97 - x + 0.25 * (0.5 - std::abs(y)), x + 0.4});
        p.distance = tail;
        p.height = 0.05 * cosine(8 * y);
        p.colour = fin;
        const double back =
            std::max(length(x - 0.1, y) - tall - 0.3, y + tall * 0.6);  // fin of the back
        lay(p, back, 0.04 * cosine(8 * x), fin, pixel);
        const double u = (x - 0.2) / 0.75, v = y / tall, r = length(u, v);
        const double body = (r - 1) * tall;
        const double scales = 0.012 * cosine(9 * (x + y)) * cosine(9 * (x - y));
        Colour skin = mix(colour, belly, smooth_step(0.1, 0.8, v));
        const double stripe = stripes * x, far = 0.2 - std::abs(stripe - floor_of(stripe + 0.5));
        if (striped) skin = mix(skin, other, covered(far / stripes, pixel));
        lay(p, body, tall * std::sqrt(std::max(0.0, 1 - r * r)) + scales, skin, pixel);
        const double eye = length(x - 0.65, y + 0.1);
        lay(p, eye - 0.09, p.height, {0.95, 0.95, 0.92}, pixel);
        lay(p, eye - 0.05, p.height, {0.05, 0.05, 0.06}, pixel);
        return p;
    };
}

Shape make_mushroom(Random& random, Colour background) {
    const Colour cap = contrasting(random, background), spot = contrasting(random, cap);
    const Colour stem = random_colour(random, 0.6, 0.9);
    const double low = random.between(-0.05, 0.15), wide = random.between(0.2, 0.3);
    const double dots = random.between(2.2, 3.5);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        const double half = wide * (1 + 0.35 * y * y);
        p.distance = std::max(std::max(std::abs(x) - half, y - 0.92), low - 0.1 - y);
        p.height = std::sqrt(std::max(0.0, half * half - x * x)) + 0.02 * cosine(14 * x);
        p.colour = stem * (0.6 + 0.4 * smooth_step(low, low + 0.4, y));
        const double u = x / 0.95, v = (y - low) / (low + 0.92), r = length(u, v);
        const double hem = 0.07 * (1 - u * u);
        const double dome = std::max((r - 1) * 0.8, y - low - hem);
        const double bend = std::sqrt(std::max(0.0, 1 - r * r));
        const int i = floor_of(dots * x), j = floor_of(dots * y);
        const double dx = dots * x - i - 0.3 - 0.4 * hash_unit(key, i, j);
        const double dy = dots * y - j - 0.3 - 0.4 * hash_unit(key + 1, i, j);
        const double dot = (length(dx, dy) - 0.15 - 0.12 * hash_unit(key + 2, i, j)) / dots;
        lay(p, dome, 0.5 * bend + 0.1, mix(cap, spot, covered(dot, pixel)), pixel);
        return p;
    };
}

Shape make_house(Random& random, Colour background) {
    const Colour wall = contrasting(random, background), roof = contrasting(random, wall);
    const Colour door = random_colour(random, 0.1, 0.4);
    const Colour pane = random.chance(0.3) ? Colour{0.95, 0.85, 0.5} : Colour{0.3, 0.38, 0.45};
    const Colour frame = random_colour(random, 0.6, 0.95);
    const double wide = random.between(0.6, 0.8), eaves = random.between(-0.15, 0.1);
    const double tiles = random.between(6, 10), side = random.chance(0.5) ? 1 : -1;
    const bool chimney = random.chance(0.6);
    return [=](double x, double y, double pixel) {
        Point p;
        p.distance = rectangle(x, y, -wide, eaves, wide, 0.9);
        const double board = 9 * y;
        p.height = 0.02 * (board - floor_of(board));
        p.colour = wall * (0.75 + 0.25 * smooth_step(eaves, eaves + 0.25, y));
        if (chimney) lay(p, rectangle(side * x, y, 0.25, -0.9, 0.45, eaves), 0, wall * 0.7, pixel);
        const double top = -0.92, slope = (eaves + 0.08 - top) / (wide + 0.15);
        const double gable = std::max((top + slope * std::abs(x) - y) * 0.75, y - eaves - 0.08);
        const double tile = tiles * y;
        lay(p, gable, 0.05 + 0.04 * (tile - floor_of(tile)), roof, pixel);
        const double middle = 0.5 * (eaves + 0.9) - 0.05;
        const double u = side * x;
        lay(p, rectangle(u, y, -0.5 * wide - 0.15, 0.3, -0.5 * wide + 0.15, 0.9), -0.05, door,
            pixel);
        for (const double at : {0.12 * wide, 0.6 * wide}) {
            const double dx = u - at - 0.02, dy = y - middle;
            lay(p, rectangle(dx, dy, -0.15, -0.17, 0.15, 0.17), 0.02, frame, pixel);
            lay(p, rectangle(std::abs(dx), std::abs(dy), 0.02, 0.02, 0.12, 0.14), -0.02, pane,
                pixel);
        }
        return p;
    };
}

Shape make_tree(Random& random, Colour background) {
    const Colour bark = random_colour(random, 0.12, 0.35);
    const Colour leaves = contrasting(random, background), shade = leaves * 0.55;
    std::array<std::array<double, 3>, 6> blobs;
    for (auto& b : blobs)
        b = {random.between(-0.45, 0.45), random.between(-0.55, 0.05), random.between(0.3, 0.42)};
    const double wide = random.between(0.08, 0.13), leafy = random.between(6, 10);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        p.distance = std::max(std::abs(x) - wide * (1 + 0.9 * y * y * y), std::max(y - 0.95, -y));
        p.height = std::sqrt(std::max(0.0, wide * wide - x * x)) + 0.02 * noise(key, 16 * x, 4 * y);
        p.colour = bark;
        const double rough = fractal(key, leafy * x, leafy * y, 3);
        double crown = 9, height = 0;
        for (const auto& b : blobs) {
            const double r = length(x - b[0], y - b[1]);
            crown = std::min(crown, r - b[2]);
            height = std::max(height, std::sqrt(std::max(0.0, b[2] * b[2] - r * r)));
        }
        crown += 0.09 * rough;
        lay(p, crown, height + 0.08 * rough, mix(shade, leaves, smooth_step(-0.6, 0.5, rough)),
            pixel);
        return p;
    };
}

}  // namespace karhunen::drawing
