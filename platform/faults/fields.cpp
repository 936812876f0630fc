#include "platform/faults/fields.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <sstream>
#include <type_traits>

namespace karhunen {

namespace {

/// Large whole numbers are addresses.
template <typename Number>
std::string text_of(Number number) {
    std::ostringstream text;
    if constexpr (std::is_integral_v<Number>)
        if (number > 99'999) text << "0x" << std::hex;
    text << number;
    return text.str();
}

/// Decimal, or hexadecimal with 0x; nothing else.
bool parse(const std::string& text, uint64_t& value) {
    const bool is_hex = text.starts_with("0x");
    const std::string digits = is_hex ? text.substr(2) : text;
    const char* const allowed = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
    if (digits.empty() || digits.size() > (is_hex ? 16u : 19u) ||
        digits.find_first_not_of(allowed) != digits.npos)
        return false;
    value = std::stoull(digits, nullptr, is_hex ? 16 : 10);
    return true;
}

}  // namespace

Fields::Fields(const YamlSource& source, const YAML::Node& map, std::string what,
               const std::vector<std::string>& known)
    : source_(source), map_(map), what_(std::move(what)) {
    std::string all;
    for (const std::string& key : known) all += (all.empty() ? "" : ", ") + key;
    if (!map_.IsMap()) source_.fail(map_.Mark(), what_ + ": expected keys: " + all);
    std::set<std::string> seen;
    for (const auto& entry : map_) {
        if (!entry.first.IsScalar())
            source_.fail(entry.first.Mark(), what_ + ": expected keys: " + all);
        const std::string& key = entry.first.Scalar();
        if (std::find(known.begin(), known.end(), key) == known.end())
            source_.unknown(entry.first, "key of " + what_, known, ("known: " + all).c_str());
        if (!seen.insert(key).second) source_.fail(entry.first.Mark(), key + " is given twice");
    }
}

YAML::Node Fields::node(const std::string& key) const {
    const YAML::Node found = map_[key];
    if (!found) source_.fail(map_.Mark(), what_ + ": " + key + " is missing");
    return found;
}

PlacedWord Fields::word(const std::string& key) const {
    const YAML::Node found = node(key);
    if (!found.IsScalar() || found.Scalar().empty())
        source_.fail(found.Mark(), key + ": expected a word");
    return {found.Scalar(), found};
}

uint64_t Fields::whole(const std::string& key, uint64_t least, uint64_t most) const {
    const PlacedWord found = word(key);
    uint64_t value = 0;
    if (!parse(found.text, value) || value < least || value > most)
        source_.fail(found.node.Mark(), key + ": expected a whole number from " + text_of(least) +
                                            " to " + text_of(most) + ", found '" + found.text +
                                            "'");
    return value;
}

uint64_t Fields::whole(const std::string& key, uint64_t least, uint64_t most,
                       uint64_t otherwise) const {
    return has(key) ? whole(key, least, most) : otherwise;
}

double Fields::number(const std::string& key, double least, double most, double otherwise) const {
    if (!has(key)) return otherwise;
    const PlacedWord found = word(key);
    double value = 0;
    size_t used = 0;
    try {
        value = std::stod(found.text, &used);
    } catch (const std::exception&) {
    }
    if (used == 0 || used != found.text.size() || !(value >= least && value <= most))
        source_.fail(found.node.Mark(), key + ": expected a number from " + text_of(least) +
                                            " to " + text_of(most) + ", found '" + found.text +
                                            "'");
    return value;
}

uint32_t Fields::choice(const std::string& key, const std::vector<std::string>& words) const {
    const PlacedWord found = word(key);
    const auto at = std::find(words.begin(), words.end(), found.text);
    if (at == words.end()) {
        std::string all;
        for (const std::string& w : words) all += (all.empty() ? "" : ", ") + w;
        source_.unknown(found.node, key, words, ("known: " + all).c_str());
    }
    return static_cast<uint32_t>(at - words.begin());
}

uint32_t Fields::choice(const std::string& key, const std::vector<std::string>& words,
                        uint32_t otherwise) const {
    return has(key) ? choice(key, words) : otherwise;
}

void Fields::fail(const std::string& key, const std::string& what) const {
    source_.fail(node(key).Mark(), key + ' ' + what);
}

}  // namespace karhunen
