// Pictures: reading, resizing as PIL does, and the first tensor of a network.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include <karhunen/loadable.h>

#include "sw/compiler/error.h"

namespace karhunen {

/// what() names the file and the reason.
class ImageError : public CompileError {
public:
    using CompileError::CompileError;
};

/// 8-bit RGB, rows from top to bottom.
struct Picture {
    uint32_t width = 0, height = 0;
    std::vector<uint8_t> rgb;
};

/// PNG or JPEG. Throws ImageError when the file is missing, damaged or something else.
Picture read_picture(const std::filesystem::path& path);

/// The picture as a PNG file.
std::vector<uint8_t> png_of(const Picture& picture);

/// Throws ImageError when the file cannot be written.
void write_png(const std::filesystem::path& path, const Picture& picture);

/// Bilinear with antialiasing, bit for bit as Pillow's Image.resize(..., BILINEAR): triangle filter
/// as wide as the scale, 22-bit coefficients, columns then rows, rounded to 8 bits in between.
Picture resize(const Picture& picture, uint32_t width, uint32_t height);

/// Shorter side to `shorter` pixels, then the square of `crop` pixels in the centre, as
/// torchvision's Resize and CenterCrop. crop <= shorter.
Picture resize_and_crop(const Picture& picture, uint32_t shorter, uint32_t crop);

/// PNG or JPEG, by the end of its name.
bool has_picture_name(const std::filesystem::path& path);

/// All PNG and JPEG files of a folder in the order of their names. Throws ImageError when there is
/// none.
std::vector<std::filesystem::path> picture_files(const std::filesystem::path& folder);

/// All of them, resized and cropped. Throws
/// ImageError when there is none. threads: 0 means one per processor.
std::vector<Picture> read_pictures(const std::filesystem::path& folder, uint32_t shorter,
                                   uint32_t crop, unsigned threads = 0);

/// How the network wants its pictures; krhn_input with everything but scale and logits filled in.
/// ImageNet's mean and deviation; `crop` pixels, of a picture resized to 8/7 of that.
krhn_input imagenet_input(uint32_t crop);

/// The same for a network that prepares pictures itself, factor * value + offset per channel: mean
/// and deviation that do this. It takes values in 0..255 if these are what factor and offset are
/// made for (factors below 0.1 or a mean above 2), those of imagenet_input() if all factors are
/// below 1 (torchvision's transform_input), else 0..1. Throws CompileError if a factor is not above
/// 0.
krhn_input own_input(uint32_t crop, std::span<const float> factor, std::span<const float> offset);

/// (value/255 - mean) / deviation, (row, column, channel) order.
std::vector<float> normalise(const Picture& picture, const krhn_input& input);

/// The picture (cropped already) as the first tensor: normalised, in int8 steps of input.scale.
std::vector<int16_t> input_values(const Picture& picture, const krhn_input& input);

}  // namespace karhunen
