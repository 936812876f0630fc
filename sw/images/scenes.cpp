// What fills a picture: textures, landscapes and backgrounds. x and y are -1 to 1 and a little
// more.
#include <algorithm>
#include <array>
#include <cmath>

#include "sw/images/shapes.h"

namespace karhunen::drawing {

namespace {

constexpr double inside = -1;

/// Colour of a stone: `base` with some of `other` and another brightness, by its number.
Colour stone(Colour base, Colour other, uint32_t key, int i, int j) {
    return mix(base, other, 0.6 * hash_unit(key, i, j)) * (0.75 + 0.5 * hash_unit(key + 1, i, j));
}

}  // namespace

Shape make_bricks(Random& random, Colour) {
    const Colour brick = random_colour(random, 0.2, 0.7),
                 other = mix(brick, random_colour(random), 0.5);
    const Colour mortar = contrasting(random, brick);
    const double rows = random.between(3, 6), wide = random.between(1.8, 2.6),
                 gap = random.between(0.05, 0.1);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        const double v = rows * y;
        const int row = floor_of(v);
        const double u = rows * x / wide + 0.5 * (row & 1) + 0.1 * hash_unit(key, row, 7);
        const int column = floor_of(u);
        const double from_side = std::min(u - column, column + 1 - u) * wide;
        const double from_edge = std::min(std::min(v - row, row + 1 - v), from_side) - gap;
        const double rough = noise(key + 2, 9 * x, 9 * y);
        const double edge = (from_edge + 0.02 * rough) / rows;
        const Colour colour = stone(brick, other, key + 3, column, row);
        return Point{inside, 0.04 * clamp(edge * rows / 0.12, 0, 1) + 0.006 * rough,
                     mix(mortar, colour, covered(-edge, pixel))};
    };
}

Shape make_honeycomb(Random& random, Colour) {
    const Colour wax = random_colour(random, 0.35, 0.9),
                 deep = mix(contrasting(random, wax), wax, 0.25);
    const double cells = random.between(3, 6), rim = random.between(0.06, 0.13);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        // Nearest of the two rectangular lattices that a triangular one is made of.
        const double tall = 1.7320508075688772, u = cells * x, v = cells * y;
        const int i = floor_of(u + 0.5), j = floor_of(v / tall + 0.5);
        const int k = floor_of(u), l = floor_of(v / tall);
        const double ax = u - i, ay = v - tall * j, bx = u - k - 0.5, by = v - tall * (l + 0.5);
        const bool first = ax * ax + ay * ay < bx * bx + by * by;
        const double dx = std::abs(first ? ax : bx), dy = std::abs(first ? ay : by);
        const double edge = 0.5 - rim - std::max(dx, 0.5 * dx + 0.5 * tall * dy);
        const double fill = 0.5 + 0.7 * hash_unit(key, first ? i : k + 1000, first ? j : l);
        return Point{inside, -0.09 * clamp(edge / 0.25, 0, 1),
                     mix(wax, deep * fill, covered(-edge / cells, pixel))};
    };
}

Shape make_wood(Random& random, Colour) {
    const Colour light = random_colour(random, 0.35, 0.85);
    const double depth = random.between(0.35, 0.7);
    const Colour dark = mix(light, random_colour(random, 0.05, 0.3), depth);
    const double planks = random.between(1.2, 2.5), rings = random.between(5, 9),
                 warp = random.between(0.6, 1.6);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        const double v = planks * y;
        const int plank = floor_of(v);
        const double along = x + 10 * hash_unit(key, plank, 0);
        const double knots =
            warp * fractal(key + 1 + 16 * static_cast<uint32_t>(plank), 0.8 * along, 1.7 * y, 2);
        const double ring = rings * (y + 0.35 * knots), part = ring - floor_of(ring);
        const double fibre = noise(key + 2, 3 * along, 60 * y);
        const double grain = clamp(part * part + 0.18 * fibre, 0, 1);
        const double seam = std::min(v - plank, plank + 1 - v) / planks - 0.012;
        const Colour colour = mix(light, dark, grain) * (0.8 + 0.4 * hash_unit(key, plank, 1));
        return Point{inside, 0.03 * clamp(seam / 0.03, 0, 1),
                     mix(colour, dark * 0.3, covered(seam, pixel))};
    };
}

Shape make_pebbles(Random& random, Colour) {
    const Colour base = random_colour(random, 0.3, 0.8), other = random_colour(random);
    const Colour earth = mix(base, {0.05, 0.04, 0.03}, 0.75);
    const double density = random.between(2.5, 5);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        const double u = density * x, v = density * y;
        const int i = floor_of(u), j = floor_of(v);
        double first = 9, second = 9;
        int stone_i = 0, stone_j = 0;
        for (int b = j - 1; b <= j + 1; ++b)
            for (int a = i - 1; a <= i + 1; ++a) {
                const double dx = u - a - 0.15 - 0.7 * hash_unit(key, a, b);
                const double dy = v - b - 0.15 - 0.7 * hash_unit(key + 1, a, b);
                const double d = dx * dx + dy * dy;
                if (d < first)
                    second = first, first = d, stone_i = a, stone_j = b;
                else if (d < second)
                    second = d;
            }
        const double edge = std::sqrt(second) - std::sqrt(first) - 0.12;
        const double high = clamp(edge / 0.6, 0, 1);
        const double rough = noise(key + 2, 12 * x, 12 * y);
        return Point{inside, (0.35 * std::sqrt(high) + 0.015 * rough) / density * 1.6,
                     mix(earth, stone(base, other, key + 3, stone_i, stone_j),
                         covered(-edge / density / 2, pixel))};
    };
}

Shape make_mountains(Random& random, Colour) {
    const Colour sky = random_colour(random, 0.5, 0.9), low = random_colour(random, 0.6, 0.95);
    const Colour rock = random_colour(random, 0.15, 0.5), grass = random_colour(random, 0.15, 0.5);
    const double horizon = random.between(-0.35, 0.15), steep = random.between(0.5, 0.9),
                 cloudy = random.between(0, 0.6);
    const bool snow = random.chance(0.6);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        const double cloud = smooth_step(0, 0.8, fractal(key, 1.5 * x, 4 * y, 4));
        p.colour = mix(mix(sky, low, smooth_step(-1, horizon + 0.4, y)), {0.95, 0.95, 0.95},
                       cloudy * cloud);
        for (int ridge = 0; ridge < 3; ++ridge) {
            const uint32_t own = key + 100 * static_cast<uint32_t>(ridge + 1);
            const double near = ridge / 2.0;
            // Sharp peaks: one minus the size of a noise that changes sign.
            const double peaks = 1 - std::abs(noise(own, (2.2 - 0.4 * near) * x, 0.5));
            const double rough = 0.12 * fractal(own + 9, 6 * x, 0.5, 4);
            const double top =
                horizon + 0.45 * near + 0.15 - steep * (1 - 0.55 * near) * (peaks - 0.45 + rough);
            const double cover = covered(top - y, pixel);
            if (cover <= 0) continue;
            const double slope = fractal(own + 5, 3 * x + 2 * (y - top), 2 * (y - top), 4);
            Colour ground = mix(rock, grass, smooth_step(0.0, 0.7, near * 0.9 + 0.4 * slope - 0.1));
            if (snow && ridge < 2)
                ground =
                    mix(ground, {0.93, 0.95, 0.98}, smooth_step(0.28, 0.12, y - top + 0.2 * slope));
            ground = mix(ground * (1 + 0.3 * slope), low, 0.45 * (1 - near));  // haze
            p.colour = mix(p.colour, ground, cover);
            p.height = mix(p.height, 0.12 * slope, cover);
        }
        return p;
    };
}

Shape make_skyline(Random& random, Colour) {
    const Colour sky = random_colour(random, 0.3, 0.9), low = random_colour(random, 0.5, 0.95);
    const Colour wall = contrasting(random, mix(sky, low, 0.5)),
                 other = random_colour(random, 0.1, 0.6);
    const Colour lit = random.chance(0.6) ? Colour{0.98, 0.85, 0.5} : Colour{0.55, 0.65, 0.75};
    const double blocks = random.between(2, 3.2), floors = random.between(7, 11),
                 cloudy = random.between(0, 0.5);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        const double cloud = smooth_step(0, 0.8, fractal(key, 1.5 * x, 4 * y, 4));
        p.colour = mix(mix(sky, low, smooth_step(-1, 0.4, y)), {0.95, 0.95, 0.95}, cloudy * cloud);
        for (int row = 0; row < 2; ++row) {  // the far row, then the near one
            const uint32_t own = key + 50 * static_cast<uint32_t>(row + 1);
            const double u = blocks * (1 - 0.2 * row) * x + 0.37 * row + 20;
            const int block = floor_of(u);
            const double in = u - block, margin = 0.12 * hash_unit(own, block, 1);
            const double top = -0.55 + 0.45 * row + 0.6 * hash_unit(own, block, 0);
            const double side = (std::min(in, 1 - in) - margin) / blocks;
            const double cover = covered(std::max(-side, top - y), pixel);
            if (cover <= 0) continue;
            Colour front = stone(wall, other, own + 4, block, 0);
            const double w = floors * x * 1.1, h = floors * y;
            const int i = floor_of(w), j = floor_of(h);
            const double pane =
                std::max(std::abs(w - i - 0.5) - 0.28, std::abs(h - j - 0.5) - 0.3) / floors;
            const bool glows = hash_unit(own + 6, i, j) < 0.45;
            const double clear = std::min(side, y - top) - 0.05;
            if (clear > 0) front = mix(front, glows ? lit : front * 0.45, covered(pane, pixel));
            p.colour = mix(p.colour, mix(front, low, row == 0 ? 0.35 : 0), cover);
        }
        return p;
    };
}

Shape make_background(Random& random, Colour base) {
    const double apart = random.between(0.2, 0.7);
    const Colour other = mix(base, random_colour(random), apart);
    const int kind = random.integer(0, 3);
    const double scale = random.between(0.6, 4), horizon = random.between(-0.3, 0.5),
                 soft = random.between(0.01, 0.3);
    const int octaves = random.integer(2, 5);
    const double turn = random(), c = cosine(turn), s = sine(turn);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) -> Point {
        const double rough = fractal(key, scale * x, scale * y, octaves);
        if (kind == 0)  // a rough wall, brighter on one side
            return {inside, 0.03 * rough,
                    mix(base, other, clamp(0.5 + 0.5 * (c * x + s * y) + 0.4 * rough, 0, 1))};
        if (kind == 1) {  // ground below a sky
            const double ground = smooth_step(horizon - soft, horizon + soft, y);
            const double far = 1 / (0.15 + std::max(0.0, y - horizon + 0.1));
            const double grass = noise(key + 9, 3 * far * x, 9 * far);
            return {
                inside, 0.02 * ground * grass,
                mix(other * (1 + 0.15 * rough), base * (0.9 + 0.2 * grass + 0.15 * rough), ground)};
        }
        if (kind == 2) {  // cloth in folds
            const double fold = sine(0.7 * scale * (c * x + s * y) + 0.35 * rough);
            return {inside, 0.1 * fold / scale, mix(base, other, 0.5 + 0.4 * fold)};
        }
        Colour colour = mix(base, other, clamp(0.5 + 0.5 * y + 0.3 * rough, 0, 1));
        const double u = 2.2 * x, v = 2.2 * y;  // lights out of focus
        for (int b = floor_of(v) - 1; b <= floor_of(v) + 1; ++b)
            for (int a = floor_of(u) - 1; a <= floor_of(u) + 1; ++a) {
                const double r =
                    length(u - a - hash_unit(key, a, b), v - b - hash_unit(key + 1, a, b));
                const double light =
                    smooth_step(0.75, 0.3, r / (0.4 + 0.6 * hash_unit(key + 2, a, b)));
                colour = mix(colour, stone(other, {0.9, 0.85, 0.75}, key + 3, a, b), 0.45 * light);
            }
        return {inside, 0, colour};
    };
}

Shape make_clutter(Random& random, Colour background) {
    const double faint = random.between(0, 0.4);
    const Colour colour = mix(contrasting(random, background), background, faint);
    const int kind = random.integer(0, 2);
    const double thin = random.between(0.08, 0.3);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        p.colour = colour;
        if (kind == 0) {  // a bar
            const double far = std::max(std::abs(x) - 0.95 + thin, 0.0);
            p.distance = length(far, y) - thin;
        } else if (kind == 1) {  // a blob
            p.distance = length(x, 1.6 * y) - 0.7 + 0.35 * noise(key, 2.5 * x, 2.5 * y);
        } else {  // a wedge
            p.distance = std::max(-y - 0.4, 0.8 * y + 0.6 * std::abs(x - thin) - 0.5);
        }
        p.height = 0.3 * std::sqrt(clamp(-p.distance, 0, 1));
        return p;
    };
}

}  // namespace karhunen::drawing
