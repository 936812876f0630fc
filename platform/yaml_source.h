// Errors in a YAML file, all with their place.
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace karhunen {

class YamlSource {
public:
    /// name: of the file, for messages.
    explicit YamlSource(std::string name) : name_(std::move(name)) {}

    /// Throws ConfigurationError("FILE:LINE:COLUMN: WHAT").
    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const;
    /// The word in `node` is none of those known; names the nearest. hint: where all are listed.
    [[noreturn]] void unknown(const YAML::Node& node, const std::string& kind,
                              const std::vector<std::string>& known, const char* hint) const;

private:
    std::string name_;
};

}  // namespace karhunen
