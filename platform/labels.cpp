#include "platform/labels.h"

#include <charconv>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include "platform/files.h"

namespace karhunen {

namespace {

/// The number behind the last comma.
std::optional<uint32_t> class_in(const std::string& line) {
    const size_t comma = line.rfind(',');
    if (comma == std::string::npos) return {};
    const char *first = line.data() + comma + 1, *last = line.data() + line.size();
    while (first < last && *first == ' ') ++first;
    uint32_t label = 0;
    const auto [end, error] = std::from_chars(first, last, label);
    return error == std::errc() && end == last ? std::optional(label) : std::nullopt;
}

}  // namespace

std::vector<LabelledImage> read_labels(const std::filesystem::path& labels,
                                       const std::filesystem::path& folder, uint32_t classes) {
    check_readable(labels);
    std::ifstream file(labels);
    std::vector<LabelledImage> images;
    std::string line;
    for (size_t number = 1; std::getline(file, line); ++number) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        const auto require = [&](bool good, const std::string& what) {
            if (!good)
                throw std::runtime_error(labels.string() + ':' + std::to_string(number) + ": " +
                                         what + ", found '" + line + "'");
        };
        const std::optional<uint32_t> label = class_in(line);
        if (number == 1) require(!label, "expected a header line, such as file,class");
        if (number == 1 || line.empty()) continue;
        require(label.has_value(), "expected FILE,CLASS");
        require(*label < classes, "expected a class from 0 to " + std::to_string(classes - 1));
        images.push_back({folder / line.substr(0, line.rfind(',')), *label, images.size(), 0});
    }
    return images;
}

}  // namespace karhunen
