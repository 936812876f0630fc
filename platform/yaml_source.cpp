#include "platform/yaml_source.h"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <string_view>

#include "platform/configuration.h"

namespace karhunen {

namespace {

size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

void YamlSource::fail(const YAML::Mark& mark, const std::string& what) const {
    std::ostringstream text;
    text << name_ << ':';
    if (!mark.is_null()) text << mark.line + 1 << ':' << mark.column + 1 << ':';
    text << ' ' << what;
    throw ConfigurationError(text.str());
}

void YamlSource::unknown(const YAML::Node& node, const std::string& kind,
                         const std::vector<std::string>& known, const char* hint) const {
    const std::string& word = node.Scalar();
    const auto nearest = std::min_element(known.begin(), known.end(), [&](auto& a, auto& b) {
        return edit_distance(word, a) < edit_distance(word, b);
    });
    fail(node.Mark(), "unknown " + kind + " '" + word + "'; the nearest one is '" + *nearest +
                          "' (" + hint + ")");
}

}  // namespace karhunen
