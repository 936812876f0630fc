// Every key of the configuration file, once.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "platform/configuration.h"

namespace karhunen {

/// Where it lies in the structure, what it may be, what it means.
struct ConfigurationKey {
    const char* group;
    const char* name;
    std::variant<uint32_t*, double*, std::string*> value;
    double low, high;                  ///< numbers
    std::vector<std::string> choices;  ///< words; empty: any
    const char* comment;
};

/// In the order in which they are printed; groups are contiguous.
std::vector<ConfigurationKey> keys_of(PlatformConfiguration& configuration);

class YamlSource;
/// Checks the value and puts it where the key says. Throws ConfigurationError.
void assign(const YamlSource& source, const YAML::Node& value, const ConfigurationKey& key);

}  // namespace karhunen
