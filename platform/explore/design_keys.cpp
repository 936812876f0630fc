#include "platform/explore/design_keys.h"

#include <stdexcept>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/resources/device.h"
#include "platform/configuration_keys.h"

namespace karhunen {

namespace {

/// Calls set(text), whose exceptions say what was expected.
template <typename Set>
void with_place(const YamlSource& source, const YAML::Node& node, const std::string& key,
                Set&& set) {
    if (!node.IsScalar()) source.fail(node.Mark(), key + ": expected a word or a number");
    try {
        set(node.Scalar());
    } catch (const std::exception& e) {
        source.fail(node.Mark(), key + ": " + e.what());
    }
}

uint32_t whole(const YamlSource& source, const YAML::Node& node, const std::string& key,
               uint32_t low, uint32_t high) {
    uint32_t value = 0;
    const ConfigurationKey range{"", "", &value, double(low), double(high), {}, ""};
    try {
        assign(source, node, range);
    } catch (const ConfigurationError& e) {
        std::string what = e.what();
        const size_t at = what.find(" .: expected");
        if (at != std::string::npos) what.replace(at + 1, 1, key);
        throw ConfigurationError(what);
    }
    return value;
}

std::string group_and_name(const ConfigurationKey& key) {
    return std::string(key.group) + '.' + key.name;
}

void set_codec(const std::string& text, Design& design) {
    if (text != "auto") parse_setting(text, {});
    design.network.codec = text;
}

/// Of codecs that have a quantiser, and whose text does not say.
void set_bits(const std::string& text, Design& design) {
    const std::string& codec = design.network.codec;
    const bool has_step =
        codec == "vlc" || codec == "transform" || codec == "dct-mask" || codec == "context";
    parse_setting("vlc:" + text, {});
    if (has_step) set_codec(codec + ':' + text, design);
}

void set_preset(const std::string& text, Design& design) {
    if (text != "default" && text != "paper")
        throw std::invalid_argument("expected default or paper");
    design.network.preset = text;
}

void set_weight_bits(uint32_t bits, Design& design) {
    if (bits != 4 && bits != 8) throw std::invalid_argument("expected 4 or 8");
    design.network.weight_bits = bits;
}

}  // namespace

std::vector<std::string> design_keys() {
    std::vector<std::string> keys = {"codec", "bits", "batch", "weight_bits", "preset", "device"};
    PlatformConfiguration any;
    for (const ConfigurationKey& key : keys_of(any)) keys.push_back(group_and_name(key));
    return keys;
}

void assign(const YamlSource& source, const std::string& key, const YAML::Node& value,
            Design& design) {
    const auto place = [&](auto&& set) { with_place(source, value, key, set); };
    if (key == "codec") return place([&](auto& text) { set_codec(text, design); });
    if (key == "bits") return place([&](auto& text) { set_bits(text, design); });
    if (key == "preset") return place([&](auto& text) { set_preset(text, design); });
    if (key == "device")
        return place([&](auto& text) { resources::find_device(text), design.device = text; });
    if (key == "batch") {
        design.network.batch = whole(source, value, key, 1, 256);
        return;
    }
    if (key == "weight_bits") {
        const uint32_t bits = whole(source, value, key, 4, 8);
        return place([&](auto&) { set_weight_bits(bits, design); });
    }
    for (const ConfigurationKey& known : keys_of(design.configuration))
        if (group_and_name(known) == key) return assign(source, value, known);
    source.unknown(YAML::Node(key), "key", design_keys(), "`karhunen config` prints all");
}

void apply(const Settings& settings, const std::string& sweep, Design& design) {
    const YamlSource source(sweep);
    for (const Setting& s : settings)
        if (s.key != "bits") assign(source, s.key, YAML::Node(s.text), design);
    for (const Setting& s : settings)  // they belong to whatever codec it is
        if (s.key == "bits") assign(source, s.key, YAML::Node(s.text), design);
}

}  // namespace karhunen
