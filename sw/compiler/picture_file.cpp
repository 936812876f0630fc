// Pictures on disk. The decoder of stb_image is lenient: it ignores checksums and fills in what is
// missing. A damaged picture must not pass as a good one, so the container is checked first.
#include <algorithm>
#include <cctype>
#include <memory>

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#include <zlib.h>

#include "sw/compiler/file.h"
#include "sw/compiler/image.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

constexpr uint8_t png_signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

uint32_t big_endian(const uint8_t* p) {
    return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | p[3];
}

bool is_png(std::span<const uint8_t> file) {
    return file.size() >= 8 && std::equal(png_signature, png_signature + 8, file.data());
}

bool is_jpeg(std::span<const uint8_t> file) {
    return file.size() >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}

/// Why the file is damaged, or an empty string. A PNG is a list of {length, type, data, crc32}.
std::string damage_of_png(std::span<const uint8_t> file) {
    std::size_t at = 8;
    while (file.size() - at >= 12) {
        const std::size_t length = big_endian(&file[at]);
        if (length > file.size() - at - 12) return "it ends in the middle of a chunk";
        const std::string type(reinterpret_cast<const char*>(&file[at + 4]), 4);
        if (crc32_z(0, &file[at + 4], length + 4) != big_endian(&file[at + 8 + length]))
            return "the checksum of its chunk " + type + " is wrong";
        if (type == "IEND") return "";
        at += length + 12;
    }
    return "it ends before its last chunk";
}

std::string damage_of_jpeg(std::span<const uint8_t> file) {
    constexpr uint8_t end_of_image[] = {0xFF, 0xD9};
    const bool ends =
        std::find_end(file.begin(), file.end(), end_of_image, end_of_image + 2) != file.end();
    return ends ? "" : "it ends before its end marker";
}

}  // namespace

Picture read_picture(const std::filesystem::path& path) {
    const std::vector<uint8_t> file = read_file<ImageError>(path, "picture");
    if (!is_png(file) && !is_jpeg(file))
        throw ImageError(path.string() + ": neither a PNG nor a JPEG picture");
    const std::string damage = is_png(file) ? damage_of_png(file) : damage_of_jpeg(file);
    if (!damage.empty()) throw ImageError(path.string() + ": the picture is damaged: " + damage);
    int width = 0, height = 0, channels = 0;
    const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
        stbi_load_from_memory(file.data(), static_cast<int>(file.size()), &width, &height,
                              &channels, 3),
        stbi_image_free);
    if (!pixels)
        throw ImageError(path.string() + ": the picture is damaged: " + stbi_failure_reason());
    Picture picture{static_cast<uint32_t>(width), static_cast<uint32_t>(height), {}};
    picture.rgb.assign(pixels.get(), pixels.get() + std::size_t{3} * width * height);
    return picture;
}

std::vector<uint8_t> png_of(const Picture& picture) {
    std::vector<uint8_t> file;
    const auto append = [](void* to, void* bytes, int count) {
        const auto* first = static_cast<const uint8_t*>(bytes);
        static_cast<std::vector<uint8_t>*>(to)->insert(
            static_cast<std::vector<uint8_t>*>(to)->end(), first, first + count);
    };
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    if (!stbi_write_png_to_func(append, &file, width, height, 3, picture.rgb.data(), 3 * width))
        throw ImageError("a picture cannot be packed as PNG");
    return file;
}

void write_png(const std::filesystem::path& path, const Picture& picture) {
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    if (!stbi_write_png(path.c_str(), width, height, 3, picture.rgb.data(), 3 * width))
        throw ImageError(path.string() + ": the picture cannot be written");
}

bool has_picture_name(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

std::vector<std::filesystem::path> picture_files(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (has_picture_name(entry.path())) files.push_back(entry.path());
    if (error) throw ImageError(folder.string() + ": cannot be read: " + error.message());
    if (files.empty())
        throw ImageError(folder.string() + ": no PNG or JPEG picture in this folder");
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<Picture> read_pictures(const std::filesystem::path& folder, uint32_t shorter,
                                   uint32_t crop, unsigned threads) {
    const std::vector<std::filesystem::path> files = picture_files(folder);
    std::vector<Picture> pictures(files.size());
    for_each_index(files.size(), threads, [&](std::size_t i) {
        pictures[i] = resize_and_crop(read_picture(files[i]), shorter, crop);
    });
    return pictures;
}

}  // namespace karhunen
