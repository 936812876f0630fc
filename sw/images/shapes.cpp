#include "sw/images/shapes.h"

#include <algorithm>
#include <cmath>

namespace karhunen::drawing {

double brightness(Colour c) {
    return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b;
}

Colour random_colour(Random& random, double darkest, double brightest) {
    const double grey = random.between(darkest, brightest);
    // Most colours outdoors lie between orange and blue, few between green and purple.
    const double strength = random.between(0.05, 0.5);
    const double warm = strength * random.between(-1, 1),
                 green = 0.4 * strength * random.between(-1, 1);
    return {clamp(grey + 0.6 * warm - 0.5 * green, 0.02, 1),
            clamp(grey + 0.1 * warm + green, 0.02, 1),
            clamp(grey - 0.7 * warm - 0.5 * green, 0.02, 1)};
}

Colour random_colour(Random& random) {
    return random_colour(random, 0.15, 0.85);
}

Colour contrasting(Random& random, Colour other) {
    Colour best;
    double farthest = -1;
    for (int i = 0; i < 4; ++i) {
        const Colour c = random_colour(random);
        const double r = c.r - other.r, g = c.g - other.g, b = c.b - other.b;
        const double far = r * r + g * g + b * b;
        if (far <= farthest) continue;
        farthest = far;
        best = c;
    }
    return best;
}

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {{"ball", make_ball, 0.5, false},
                                          {"box", make_box, 0.5, false},
                                          {"cone", make_cone, 0.05, false},
                                          {"ring", make_ring, 0.5, false},
                                          {"star", make_star, 0.5, false},
                                          {"crescent", make_crescent, 0.5, false},
                                          {"cross", make_cross, 0.5, false},
                                          {"gear", make_gear, 0.5, false},
                                          {"flower", make_flower, 0.5, false},
                                          {"leaf", make_leaf, 0.5, false},
                                          {"fish", make_fish, 0.08, false},
                                          {"mushroom", make_mushroom, 0.06, false},
                                          {"house", make_house, 0.04, false},
                                          {"tree", make_tree, 0.04, false},
                                          {"bricks", make_bricks, 0.06, true},
                                          {"honeycomb", make_honeycomb, 0.5, true},
                                          {"wood", make_wood, 0.5, true},
                                          {"pebbles", make_pebbles, 0.5, true},
                                          {"mountains", make_mountains, 0.02, true},
                                          {"skyline", make_skyline, 0.01, true}};
    return all;
}

namespace {

/// Rises from the outline over `width`, then flat.
double bevel(double distance, double width) {
    const double t = clamp(1 + distance / width, 0, 1);
    return width * (1 - t * t);
}

double dome(double radius, double from_centre) {
    return std::sqrt(std::max(0.0, radius * radius - from_centre * from_centre));
}

double box_distance(double x, double y, double half_width, double half_height) {
    const double u = std::abs(x) - half_width, v = std::abs(y) - half_height;
    return length(std::max(u, 0.0), std::max(v, 0.0)) + std::min(std::max(u, v), 0.0);
}

}  // namespace

Shape make_ball(Random& random, Colour background) {
    const Colour colour = contrasting(random, background), other = random_colour(random);
    const int pattern = random.integer(0, 2);  // plain, one band, bands
    const double width = random.between(0.12, 0.3);
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x, y);
        p.distance = r - 0.95;
        p.height = dome(0.95, r);
        // A band around the ball bends where its surface does.
        const double along = x + 0.35 * p.height;
        double band = std::abs(along) - width;
        if (pattern == 2)
            band = width / 2 - std::abs(along - 2 * width * floor_of(along / (2 * width) + 0.5));
        p.colour = pattern == 0 ? colour : mix(colour, other, covered(band, pixel));
        return p;
    };
}

Shape make_box(Random& random, Colour background) {
    const Colour colour = contrasting(random, background);
    const Colour other = mix(colour, random_colour(random), 0.5);
    const double yaw = random.between(0.06, 0.19), pitch = random.between(0.06, 0.13);
    const double c = cosine(yaw), s = sine(yaw), a = cosine(pitch), b = sine(pitch);
    const double half[3] = {random.between(0.5, 0.65), random.between(0.45, 0.65),
                            random.between(0.5, 0.65)};
    const bool edged = random.chance(0.5);
    return [=](double x, double y, double pixel) {
        // The ray (x, y, any z), in the axes of the box: what is in front has the highest z.
        const double from[3] = {c * x - s * b * y, a * y, s * x + c * b * y};
        const double along[3] = {-s * a, -b, c * a};
        double front = 1e9, back = -1e9;
        int face = 0;
        for (int i = 0; i < 3; ++i) {
            const double one = (half[i] - from[i]) / along[i],
                         two = (-half[i] - from[i]) / along[i];
            if (std::max(one, two) < front) front = std::max(one, two), face = i;
            back = std::max(back, std::min(one, two));
        }
        Point p;
        p.distance = 0.4 * (back - front);
        p.height = clamp(front, -1, 1);
        double edge = 1;  // from the nearest edge of the face
        for (int i = 0; i < 3; ++i)
            if (i != face) edge = std::min(edge, half[i] - std::abs(from[i] + front * along[i]));
        p.colour = edged ? mix(colour, other, covered(edge - 0.1, pixel)) : colour;
        return p;
    };
}

Shape make_cone(Random& random, Colour background) {
    const Colour colour = contrasting(random, background), other = random_colour(random);
    const double width = random.between(0.5, 0.75), sag = random.between(0.1, 0.25);
    const bool banded = random.chance(0.5);
    const double bands = random.between(2, 4);
    return [=](double x, double y, double pixel) {
        Point p;
        const double reach = std::max(width * (y + 0.95) / 1.7, 0.0);
        const double across = clamp(x / width, -1, 1);
        const double base = 0.75 + sag * std::sqrt(1 - across * across);
        p.distance = std::max({(std::abs(x) - reach) * 0.9, y - base, -0.95 - y});
        p.height = dome(reach, x);
        const double level = bands * (y - 0.15 * p.height);
        const double band = 0.25 - std::abs(level - floor_of(level + 0.5));
        p.colour = banded ? mix(colour, other, covered(band / bands, pixel)) : colour;
        return p;
    };
}

Shape make_ring(Random& random, Colour background) {
    const Colour colour = contrasting(random, background), other = random_colour(random);
    const double width = random.between(0.16, 0.27), radius = 0.95 - width;
    const int segments = random.chance(0.5) ? random.integer(3, 8) : 0;
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x, y), across = r - radius;
        p.distance = std::abs(across) - width;
        p.height = dome(width, across);
        const double part = segments * angle(x, y);
        const double stripe =
            (0.25 - std::abs(part - floor_of(part + 0.5))) * 6 * r / std::max(segments, 1);
        p.colour = segments > 0 ? mix(colour, other, covered(stripe, pixel)) : colour;
        return p;
    };
}

Shape make_star(Random& random, Colour background) {
    const Colour colour = contrasting(random, background);
    const int points = random.integer(5, 6);
    const double inner = random.between(0.38, 0.5), half = 0.5 / points;
    const bool faceted = random.chance(0.6);
    // From the tip (1, 0) to the inner corner.
    const double corner_x = inner * cosine(half), corner_y = inner * sine(half);
    const double side = length(1 - corner_x, corner_y);
    const double normal_x = corner_y / side, normal_y = (1 - corner_x) / side;
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x, y), turns = angle(x, y);
        const double folded =
            std::abs(turns - floor_of(turns * points + 0.5) / static_cast<double>(points));
        const double u = r * cosine(folded), v = r * sine(folded);
        p.distance = (u - 1) * normal_x + v * normal_y;
        p.height = faceted ? -p.distance : bevel(p.distance, 0.12);
        p.colour = colour;
        return p;
    };
}

Shape make_crescent(Random& random, Colour background) {
    const Colour colour = contrasting(random, background);
    const double shift = random.between(0.4, 0.6), cut = random.between(0.72, 0.82);
    const uint32_t craters = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x + 0.15, y);
        p.distance = std::max(r - 0.95, cut - length(x + 0.15 - shift, y));
        p.height = bevel(p.distance, 0.3) + 0.02 * noise(craters, 7 * x, 7 * y);
        p.colour = colour;
        return p;
    };
}

Shape make_cross(Random& random, Colour background) {
    const Colour colour = contrasting(random, background), other = random_colour(random);
    const double width = random.between(0.2, 0.3);
    const bool edged = random.chance(0.5);
    return [=](double x, double y, double pixel) {
        Point p;
        p.distance = std::min(box_distance(x, y, 0.95, width), box_distance(x, y, width, 0.95));
        p.height = bevel(p.distance, 0.15);
        p.colour = edged ? mix(colour, other, covered(-p.distance - 0.07, pixel)) : colour;
        return p;
    };
}

Shape make_gear(Random& random, Colour background) {
    const Colour colour = contrasting(random, background);
    const int teeth = random.integer(8, 13);
    const double depth = random.between(0.15, 0.22), hole = random.between(0.15, 0.35);
    const bool spokes = random.chance(0.5);
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x, y), turns = angle(x, y);
        const double tooth = clamp(0.5 + 1.6 * sine(teeth * turns), 0, 1);
        p.distance = std::max(0.7 * (r - 0.97 + depth * (1 - tooth)), hole - r);
        const double groove = spokes ? 0.05 * smooth_step(0.08, 0.0, std::abs(r - 0.58)) : 0;
        p.height = bevel(p.distance, 0.08) - groove;
        p.colour = colour;
        return p;
    };
}

Shape make_flower(Random& random, Colour background) {
    const Colour colour = contrasting(random, background),
                 tip = mix(colour, random_colour(random), 0.5);
    const Colour centre = contrasting(random, colour);
    const int petals = random.integer(5, 9);
    const double deep = random.between(0.4, 0.55), eye = random.between(0.18, 0.28);
    const uint32_t key = random.key();
    return [=](double x, double y, double pixel) {
        Point p;
        const double r = length(x, y), turns = angle(x, y);
        const double part = std::abs(cosine(0.5 * petals * turns));
        const double reach = 0.96 - deep + deep * std::sqrt(part);
        p.distance = 0.75 * (r - reach);
        p.height = 0.25 * part + 0.1 * (1 - r);
        p.colour = mix(colour, tip, r);
        const double inside = covered(r - eye, pixel);
        p.height =
            mix(p.height, 0.35 + dome(eye, std::min(r, eye)) + 0.03 * noise(key, 18 * x, 18 * y),
                inside);
        p.colour = mix(p.colour, centre, inside);
        return p;
    };
}

}  // namespace karhunen::drawing
