#include "platform/drawn_images.h"

#include <algorithm>

#include "sw/images/picture.h"

namespace karhunen {

std::vector<LabelledImage> drawn_images(uint64_t seed, uint32_t count) {
    std::vector<LabelledImage> images(count);
    for (uint32_t i = 0; i < count; ++i) {
        images[i].label = drawn_class(seed, i);
        images[i].row = i;
        images[i].seed = seed;
    }
    return images;
}

Picture drawn_picture_for(const krhn_input& input, uint64_t seed, uint64_t index) {
    const uint32_t size = std::clamp(input.crop, smallest_drawn, largest_drawn);
    const Picture picture = drawn_picture(seed, index, size);
    return size == input.crop ? picture : resize(picture, input.crop, input.crop);
}

Picture picture_for(const krhn_input& input, const LabelledImage& image) {
    if (image.file.empty()) return drawn_picture_for(input, image.seed, image.row);
    return resize_and_crop(read_picture(image.file), input.resize, input.crop);
}

}  // namespace karhunen
