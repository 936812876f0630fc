#include "sw/images/picture.h"

#include <cmath>
#include <stdexcept>

#include "sw/compiler/parallel.h"
#include "sw/images/canvas.h"

namespace karhunen {

using namespace drawing;

namespace {

Light lamp(Random& random) {
    Light light;
    const double turn = random(), low = random.between(0.3, 1.1);
    const double norm = 1 / std::sqrt(1 + low * low);
    light.x = cosine(turn) * low * norm;
    light.y = -std::abs(sine(turn)) * low * norm;  // mostly from above
    light.z = norm;
    light.ambient = random.between(0.25, 0.6);
    light.shine = random.chance(0.5) ? random.between(0, 0.5) : 0;
    return light;
}

Grain roughness(Random& random) {
    return {random.chance(0.7) ? random.between(0.02, 0.3) : 0.01, random.between(2, 14),
            random.key()};
}

void scatter(Canvas& canvas, Random& random, int count, double smallest, double largest,
             Colour background, const Light& light) {
    for (int i = 0; i < count; ++i) {
        Place place;
        place.u = random.between(-0.05, 1.05);
        place.v = random.between(-0.05, 1.05);
        place.scale = random.between(smallest, largest);
        place.turn = random();
        place.squeeze = random.between(0.5, 1);
        place.casts_shadow = random.chance(0.6);
        const Grain grain = roughness(random);
        canvas.paint(make_clutter(random, background), place, light, grain);
    }
}

Place main_place(Random& random, const Kind& kind) {
    Place place;
    place.turn = random.between(-kind.turn, kind.turn);
    if (kind.scene) {
        place.u = random.between(0.4, 0.6);
        place.v = random.between(0.4, 0.6);
        place.scale = kind.turn > 0.03 ? random.between(0.45, 0.9) : random.between(0.55, 0.7);
        place.squeeze = kind.turn > 0.03 ? random.between(0.75, 1) : 1;
        return place;
    }
    place.scale = random.between(0.22, 0.44);
    place.u = 0.5 + (0.56 - place.scale) * random.between(-1, 1);
    place.v = 0.5 + (0.56 - place.scale) * random.between(-1, 1);
    place.squeeze = random.between(0.75, 1);
    place.casts_shadow = random.chance(0.8);
    return place;
}

Lens camera(Random& random) {
    Lens lens;
    lens.blur = random.between(0.2, 1);
    lens.noise = random.chance(0.5) ? random.between(0, 0.04) : 0.005;
    lens.vignette = random.between(0, 0.5);
    lens.curve = random.between(-0.3, 0.6);
    const double exposure = random.between(0.7, 1.25);
    lens.white = {exposure * random.between(0.88, 1.12), exposure * random.between(0.95, 1.05),
                  exposure * random.between(0.88, 1.12)};
    lens.key = random.key();
    return lens;
}

}  // namespace

std::vector<std::string> drawn_classes() {
    std::vector<std::string> names;
    for (const Kind& kind : kinds()) names.emplace_back(kind.name);
    return names;
}

uint32_t drawn_class(uint64_t seed, uint64_t index) {
    // 7 has no common factor with the number of classes, so neighbours differ in more than a
    // little.
    const uint64_t classes = kinds().size();
    return static_cast<uint32_t>((seed % classes + 7 * (index % classes)) % classes);
}

Picture drawn_picture(uint64_t seed, uint64_t index, uint32_t size) {
    if (size < smallest_drawn || size > largest_drawn)
        throw std::invalid_argument("pictures are drawn in 8 to 1024 pixels");
    Random random(seed, index);
    const Kind& kind = kinds()[drawn_class(seed, index)];
    Canvas canvas(size);
    const Light light = lamp(random);
    const Colour background = random_colour(random);
    const Place place = main_place(random, kind);
    if (!kind.scene) {
        const Place whole{0.5, 0.5, 0.5, 0, 1, false};
        const Grain grain = roughness(random);
        canvas.paint(make_background(random, background), whole, light, grain);
        scatter(canvas, random, random.integer(0, 7), 0.05, 0.22, background, light);
    }
    const Grain grain = roughness(random);
    canvas.paint(kind.make(random, background), place, light, grain);
    scatter(canvas, random, random.integer(0, 4), 0.03, kind.scene ? 0.18 : 0.1, background, light);
    return canvas.through(camera(random));
}

std::vector<Picture> drawn_pictures(uint64_t seed, uint64_t first, uint32_t count, uint32_t size,
                                    unsigned threads) {
    std::vector<Picture> pictures(count);
    for_each_index(count, threads,
                   [&](std::size_t i) { pictures[i] = drawn_picture(seed, first + i, size); });
    return pictures;
}

}  // namespace karhunen
