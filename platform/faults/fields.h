// The entries of a YAML map with known keys, each checked when it is asked for.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "platform/faults/plan.h"

namespace karhunen {

class Fields {
public:
    /// what: the map, for messages. Throws ConfigurationError for what is no map, for a key that is
    /// unknown or given twice.
    Fields(const YamlSource& source, const YAML::Node& map, std::string what,
           const std::vector<std::string>& known);

    bool has(const std::string& key) const { return static_cast<bool>(map_[key]); }
    /// Throws ConfigurationError if there is none, as all do that have no default.
    YAML::Node node(const std::string& key) const;
    PlacedWord word(const std::string& key) const;
    uint64_t whole(const std::string& key, uint64_t least, uint64_t most) const;
    uint64_t whole(const std::string& key, uint64_t least, uint64_t most, uint64_t otherwise) const;
    double number(const std::string& key, double least, double most, double otherwise) const;
    /// Index of the word.
    uint32_t choice(const std::string& key, const std::vector<std::string>& words) const;
    uint32_t choice(const std::string& key, const std::vector<std::string>& words,
                    uint32_t otherwise) const;
    /// "KEY WHAT", at its place.
    [[noreturn]] void fail(const std::string& key, const std::string& what) const;

private:
    const YamlSource& source_;
    const YAML::Node map_;
    const std::string what_;
};

}  // namespace karhunen
