#include "platform/labels.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "platform/files.h"

namespace karhunen {

namespace {

/// A field of a CSV file without the quotes that it may have (RFC 4180); nothing if they are wrong.
std::optional<std::string> unquoted(std::string_view field) {
    if (!field.starts_with('"')) return std::string(field);
    if (field.size() < 2 || !field.ends_with('"')) return {};
    field = field.substr(1, field.size() - 2);
    std::string text;
    for (size_t i = 0; i < field.size(); ++i) {
        if (field[i] == '"' && (++i == field.size() || field[i] != '"')) return {};
        text += field[i];
    }
    return text;
}

struct Row {
    std::string file;
    uint32_t label = 0;
};

/// The class is behind the last comma. Names with commas need no quotes.
std::optional<Row> row_of(std::string_view line) {
    const size_t comma = line.rfind(',');
    if (comma == std::string_view::npos) return {};
    const size_t digits = std::min(line.find_first_not_of(' ', comma + 1), line.size());
    const auto file = unquoted(line.substr(0, comma)), number = unquoted(line.substr(digits));
    if (!file || !number) return {};
    Row row{*file};
    const char* last = number->data() + number->size();
    const auto [end, error] = std::from_chars(number->data(), last, row.label);
    return error == std::errc() && end == last ? std::optional(row) : std::nullopt;
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
        const std::optional<Row> row = row_of(line);
        if (number == 1) require(!row, "expected a header line, such as file,class");
        if (number == 1 || line.empty()) continue;
        require(row.has_value(), "expected FILE,CLASS");
        require(row->label < classes, "expected a class from 0 to " + std::to_string(classes - 1));
        images.push_back({folder / row->file, row->label, images.size(), 0});
    }
    return images;
}

}  // namespace karhunen
