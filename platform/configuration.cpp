#include "platform/configuration.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <ostream>
#include <set>
#include <span>
#include <sstream>
#include <type_traits>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "platform/configuration_keys.h"
#include "platform/yaml_source.h"

namespace karhunen {

namespace {

std::string number(double value) {
    std::ostringstream text;
    text.precision(12);
    text << value;
    return text.str();
}

double number_in(const YamlSource& source, const YAML::Node& node, const ConfigurationKey& key,
                 bool whole) {
    const std::string expected = std::string(key.group) + '.' + key.name + ": expected a " +
                                 (whole ? "whole number" : "number") + " from " + number(key.low) +
                                 " to " + number(key.high);
    double value = 0;
    size_t used = 0;
    try {
        if (node.IsScalar()) value = std::stod(node.Scalar(), &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (!node.IsScalar()) source.fail(node.Mark(), expected + ", found a list or a map");
    if (used == 0 || used != node.Scalar().size() || !std::isfinite(value) ||
        (whole && value != std::floor(value)))
        source.fail(node.Mark(), expected + ", found '" + node.Scalar() + "'");
    if (value < key.low || value > key.high)
        source.fail(node.Mark(), expected + ", found " + node.Scalar());
    return value;
}

std::string word_in(const YamlSource& source, const YAML::Node& node, const ConfigurationKey& key) {
    const std::string name = std::string(key.group) + '.' + key.name;
    if (!node.IsScalar()) source.fail(node.Mark(), name + ": expected a word");
    if (!key.choices.empty() &&
        std::find(key.choices.begin(), key.choices.end(), node.Scalar()) == key.choices.end()) {
        std::string all;
        for (const std::string& c : key.choices) all += (all.empty() ? "" : ", ") + c;
        source.fail(node.Mark(),
                    name + ": expected one of " + all + ", found '" + node.Scalar() + "'");
    }
    const std::string& word = node.Scalar();
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
    });
    if (!plain) source.fail(node.Mark(), name + ": expected a name of letters, digits and - _ . /");
    return word;
}

}  // namespace

void assign(const YamlSource& source, const YAML::Node& node, const ConfigurationKey& key) {
    std::visit(
        [&](auto* target) {
            using T = std::remove_pointer_t<decltype(target)>;
            if constexpr (std::is_same_v<T, std::string>)
                *target = word_in(source, node, key);
            else
                *target = static_cast<T>(number_in(source, node, key, std::is_integral_v<T>));
        },
        key.value);
}

namespace {

void read_group(const YamlSource& source, const std::string& group, const YAML::Node& node,
                std::span<const ConfigurationKey> keys) {
    if (!node.IsMap()) source.fail(node.Mark(), group + ": expected a map of keys");
    std::vector<std::string> names;
    for (const ConfigurationKey& key : keys)
        if (key.group == group) names.push_back(key.name);
    std::set<std::string> seen;
    for (const auto& entry : node) {
        if (!entry.first.IsScalar()) source.fail(entry.first.Mark(), "expected a key");
        const std::string& name = entry.first.Scalar();
        const auto key = std::find_if(keys.begin(), keys.end(), [&](const ConfigurationKey& k) {
            return k.group == group && k.name == name;
        });
        if (key == keys.end())
            source.unknown(entry.first, "key of '" + group + "'", names,
                           "`karhunen config` prints all");
        if (!seen.insert(name).second)
            source.fail(entry.first.Mark(), group + '.' + name + " is given twice");
        assign(source, entry.second, *key);
    }
}

}  // namespace

PlatformConfiguration PlatformConfiguration::parse(const std::string& text,
                                                   const std::string& name) {
    const YamlSource source(name);
    PlatformConfiguration result;
    const std::vector<ConfigurationKey> keys = keys_of(result);
    try {
        const YAML::Node root = YAML::Load(text);
        if (root.IsNull()) return result;
        if (!root.IsMap())
            source.fail(root.Mark(), "expected a map of groups (array, buffers, ...)");
        std::vector<std::string> groups;
        for (const ConfigurationKey& key : keys)
            if (groups.empty() || groups.back() != key.group) groups.push_back(key.group);
        std::set<std::string> seen;
        for (const auto& entry : root) {
            if (!entry.first.IsScalar()) source.fail(entry.first.Mark(), "expected a group");
            const std::string& group = entry.first.Scalar();
            if (std::find(groups.begin(), groups.end(), group) == groups.end())
                source.unknown(entry.first, "group", groups, "`karhunen config` prints all");
            if (!seen.insert(group).second)
                source.fail(entry.first.Mark(), group + " is given twice");
            read_group(source, group, entry.second, keys);
        }
    } catch (const YAML::Exception& e) {
        source.fail(e.mark, "not YAML: " + e.msg);
    }
    return result;
}

PlatformConfiguration PlatformConfiguration::read(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw ConfigurationError(path.string() + ": cannot be opened for reading");
    if (std::filesystem::is_directory(path))  // to a stream it is an empty file
        throw ConfigurationError(path.string() + ": cannot be read: it is a folder");
    std::ostringstream text;
    text << file.rdbuf();
    return parse(text.str(), path.string());
}

void PlatformConfiguration::print(std::ostream& out) const {
    PlatformConfiguration copy = *this;
    std::string group;
    for (const ConfigurationKey& key : keys_of(copy)) {
        if (group != key.group) out << (group.empty() ? "" : "\n") << (group = key.group) << ":\n";
        std::ostringstream line;
        line.precision(12);
        line << "    " << key.name << ": ";
        std::visit([&](auto* v) { line << *v; }, key.value);
        std::string padded = line.str();
        padded.resize(std::max<size_t>(padded.size() + 1, 40), ' ');
        out << padded << "# " << key.comment << '\n';
    }
}

}  // namespace karhunen
