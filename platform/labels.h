// Pictures and their classes, from a CSV file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace karhunen {

struct LabelledImage {
    std::filesystem::path file;  ///< empty: drawn (drawn_images.h)
    uint32_t label = 0;
    size_t row = 0;     ///< in the labels file, 0-based: the row of its reference logits
    uint64_t seed = 0;  ///< of a drawn picture, whose number is `row`
};

/// Lines "file,class" after a header line, class < classes, either in quotes or not (RFC 4180, but
/// no line feeds in names); files are relative to `folder`. Throws std::runtime_error naming file
/// and line.
std::vector<LabelledImage> read_labels(const std::filesystem::path& labels,
                                       const std::filesystem::path& folder, uint32_t classes);

}  // namespace karhunen
