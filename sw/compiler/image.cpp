#include "sw/compiler/image.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace karhunen {

namespace {

// Pillow's libImaging/Resample.c keeps 32 - 8 - 2 bits behind the point.
constexpr int precision_bits = 22;

/// One output sample: `first` input sample, then one weight for each.
struct Taps {
    uint32_t first = 0;
    std::vector<int32_t> weights;
};

std::vector<Taps> triangle_taps(uint32_t from, uint32_t to) {
    const double scale = static_cast<double>(from) / to;
    const double support = std::max(scale, 1.0);  // the triangle's radius is 1 when enlarging
    std::vector<Taps> result(to);
    for (uint32_t i = 0; i < to; ++i) {
        const double centre = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int last = std::min(static_cast<int>(from), static_cast<int>(centre + support + 0.5));
        std::vector<double> weights;
        double sum = 0;
        for (int x = first; x < last; ++x) {
            const double distance = std::fabs((x - centre + 0.5) / support);
            weights.push_back(distance < 1.0 ? 1.0 - distance : 0.0);
            sum += weights.back();
        }
        result[i].first = static_cast<uint32_t>(first);
        for (const double weight : weights)
            result[i].weights.push_back(
                static_cast<int32_t>(weight / sum * (1 << precision_bits) + 0.5));
    }
    return result;
}

/// Weighted sum of samples `step` bytes apart, rounded and clamped to 8 bits.
uint8_t filtered(const Taps& taps, const uint8_t* samples, std::size_t step) {
    int32_t sum = 1 << (precision_bits - 1);
    const uint8_t* sample = samples + taps.first * step;
    for (const int32_t weight : taps.weights) {
        sum += *sample * weight;
        sample += step;
    }
    return static_cast<uint8_t>(std::clamp(sum >> precision_bits, 0, 255));
}

Picture resize_columns(const Picture& in, uint32_t width) {
    const std::vector<Taps> taps = triangle_taps(in.width, width);
    Picture out{width, in.height, std::vector<uint8_t>(std::size_t{3} * width * in.height)};
    uint8_t* to = out.rgb.data();
    for (uint32_t y = 0; y < in.height; ++y)
        for (uint32_t x = 0; x < width; ++x)
            for (uint32_t c = 0; c < 3; ++c)
                *to++ = filtered(taps[x], &in.rgb[std::size_t{3} * y * in.width + c], 3);
    return out;
}

Picture resize_rows(const Picture& in, uint32_t height) {
    const std::vector<Taps> taps = triangle_taps(in.height, height);
    const std::size_t pitch = std::size_t{3} * in.width;
    Picture out{in.width, height, std::vector<uint8_t>(pitch * height)};
    uint8_t* to = out.rgb.data();
    for (uint32_t y = 0; y < height; ++y)
        for (std::size_t x = 0; x < pitch; ++x) *to++ = filtered(taps[y], &in.rgb[x], pitch);
    return out;
}

}  // namespace

Picture resize(const Picture& picture, uint32_t width, uint32_t height) {
    Picture result = picture;
    if (width != result.width) result = resize_columns(result, width);
    if (height != result.height) result = resize_rows(result, height);
    return result;
}

Picture resize_and_crop(const Picture& picture, uint32_t shorter, uint32_t crop) {
    uint32_t width = shorter, height = shorter;
    if (picture.width > picture.height)
        width = static_cast<uint32_t>(uint64_t{shorter} * picture.width / picture.height);
    else
        height = static_cast<uint32_t>(uint64_t{shorter} * picture.height / picture.width);
    const Picture whole = resize(picture, width, height);
    // Python's round() of half a pixel goes to the even neighbour, as does nearbyint().
    const auto left = static_cast<uint32_t>(std::nearbyint((width - crop) / 2.0));
    const auto top = static_cast<uint32_t>(std::nearbyint((height - crop) / 2.0));
    Picture result{crop, crop, {}};
    result.rgb.reserve(std::size_t{3} * crop * crop);
    for (uint32_t y = 0; y < crop; ++y) {
        const auto row =
            whole.rgb.begin() + std::size_t{3} * ((top + y) * std::size_t{width} + left);
        result.rgb.insert(result.rgb.end(), row, row + std::size_t{3} * crop);
    }
    return result;
}

namespace {

/// int8 steps that reach from black to white in every channel.
krhn_input input_of(uint32_t crop, std::span<const float> mean, std::span<const float> deviation) {
    krhn_input input{};
    input.crop = crop;
    input.resize = (crop * 8 + 3) / 7;
    float largest = 0;
    for (int c = 0; c < 3; ++c) {
        input.mean[c] = mean[c];
        input.std[c] = deviation[c];
        largest = std::max(
            {largest, std::fabs(mean[c] / deviation[c]), std::fabs((1 - mean[c]) / deviation[c])});
    }
    input.scale = largest / 127;
    return input;
}

}  // namespace

constexpr float imagenet_mean[3] = {0.485f, 0.456f, 0.406f},
                imagenet_deviation[3] = {0.229f, 0.224f, 0.225f};

krhn_input imagenet_input(uint32_t crop) {
    return input_of(crop, imagenet_mean, imagenet_deviation);
}

krhn_input own_input(uint32_t crop, std::span<const float> factor, std::span<const float> offset) {
    bool bytes = false, widens = false;
    for (int c = 0; c < 3; ++c) {
        if (!(factor[c] > 0))
            throw CompileError("the model multiplies the picture by " + std::to_string(factor[c]) +
                               "; only factors above 0 are supported");
        bytes = bytes || factor[c] < 0.1f || -offset[c] / factor[c] > 2;
        widens = widens || factor[c] >= 1;
    }
    const bool again = !bytes && !widens;  // values of 0..1 would be made fewer
    float mean[3], deviation[3];
    for (int c = 0; c < 3; ++c) {
        deviation[c] = 1 / (factor[c] * (bytes ? 255.0f : 1.0f));
        mean[c] = -offset[c] * deviation[c];
        if (!again) continue;
        mean[c] = imagenet_mean[c] + imagenet_deviation[c] * mean[c];
        deviation[c] *= imagenet_deviation[c];
    }
    return input_of(crop, mean, deviation);
}

std::vector<float> normalise(const Picture& picture, const krhn_input& input) {
    std::vector<float> result(picture.rgb.size());
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = (picture.rgb[i] / 255.0f - input.mean[i % 3]) / input.std[i % 3];
    return result;
}

std::vector<int16_t> input_values(const Picture& picture, const krhn_input& input) {
    if (picture.width != input.crop || picture.height != input.crop)
        throw ImageError("a picture of " + std::to_string(picture.width) + " x " +
                         std::to_string(picture.height) + " pixels where the network takes " +
                         std::to_string(input.crop) + " x " + std::to_string(input.crop));
    const std::vector<float> real = normalise(picture, input);
    std::vector<int16_t> result(real.size());
    for (std::size_t i = 0; i < real.size(); ++i)
        result[i] = static_cast<int16_t>(
            std::clamp(std::floor(real[i] / input.scale + 0.5f), -128.0f, 127.0f));
    return result;
}

}  // namespace karhunen
