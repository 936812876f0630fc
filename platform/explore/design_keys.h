// What a point of a sweep may set: the keys of the configuration, and those of the network and the
// device.
#pragma once

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "platform/explore/sweep.h"
#include "platform/yaml_source.h"

namespace karhunen {

/// "codec", "bits", "batch", "weight_bits", "preset", "device" and "array.clock_mhz" and so on.
std::vector<std::string> design_keys();

/// Sets one key. Throws ConfigurationError.
void assign(const YamlSource& source, const std::string& key, const YAML::Node& value,
            Design& design);

/// Sets all of them in order. Throws ConfigurationError naming the sweep.
void apply(const Settings& settings, const std::string& sweep, Design& design);

}  // namespace karhunen
