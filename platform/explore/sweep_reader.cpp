// Sweeps from YAML, every error with its place.
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "models/resources/device.h"
#include "platform/explore/design_keys.h"
#include "platform/explore/results.h"
#include "platform/explore/sweep.h"

namespace karhunen {

namespace {

constexpr const char* hint = "`karhunen explore --example` prints a sweep";
constexpr uint64_t most_points = 10'000'000;

class Reader {
public:
    Reader(const std::string& name, std::filesystem::path folder)
        : source_(name), folder_(std::move(folder)) {}

    Sweep read(const YAML::Node& root);

private:
    std::string word(const YAML::Node& node, const std::string& what) const;
    std::string file(const YAML::Node& node, const std::string& what) const;
    uint64_t count(const YAML::Node& node, const std::string& what, uint64_t most) const;
    void read_entry(const std::string& key, const YAML::Node& key_node, const YAML::Node& value);
    Axis axis(const YAML::Node& name, const YAML::Node& values) const;
    Settings settings(const YAML::Node& node) const;
    Setting setting(const std::string& key, const YAML::Node& value) const;
    Constraint constraint(const YAML::Node& node) const;
    Objective objective(const YAML::Node& node) const;
    const Metric& metric(const YAML::Node& node, const std::string& name) const;
    void check(const YAML::Node& root) const;

    YamlSource source_;
    std::filesystem::path folder_;
    Sweep sweep_;
};

std::string Reader::word(const YAML::Node& node, const std::string& what) const {
    if (!node.IsScalar() || node.Scalar().empty())
        source_.fail(node.Mark(), what + ": expected a word");
    return node.Scalar();
}

std::string Reader::file(const YAML::Node& node, const std::string& what) const {
    const std::filesystem::path path = word(node, what);
    const std::filesystem::path found = path.is_absolute() ? path : folder_ / path;
    if (!std::filesystem::exists(found))
        source_.fail(node.Mark(), what + ": there is no " + found.string());
    return found.string();
}

uint64_t Reader::count(const YAML::Node& node, const std::string& what, uint64_t most) const {
    const std::string text = word(node, what);
    uint64_t value = 0;
    const bool good = text.size() < 19 && text.find_first_not_of("0123456789") == text.npos;
    if (good) value = std::stoull(text);
    if (!good || value > most)
        source_.fail(node.Mark(), what + ": expected a whole number from 0 to " +
                                      std::to_string(most) + ", found '" + text + "'");
    return value;
}

Setting Reader::setting(const std::string& key, const YAML::Node& value) const {
    Design any;
    if (key == "bits") any.network.codec = "transform";
    assign(source_, key, value, any);
    return {key, value.Scalar()};
}

Settings Reader::settings(const YAML::Node& node) const {
    if (!node.IsMap() || node.size() == 0)
        source_.fail(node.Mark(), "expected {key: value, ...}, as {codec: raw, batch: 16}");
    Settings settings;
    std::set<std::string> seen;
    for (const auto& entry : node) {
        const std::string key = word(entry.first, "a point");
        const auto known = design_keys();
        if (std::find(known.begin(), known.end(), key) == known.end())
            source_.unknown(entry.first, "key", known, "`karhunen config` prints all");
        if (!seen.insert(key).second) source_.fail(entry.first.Mark(), key + " is given twice");
        settings.push_back(setting(key, entry.second));
    }
    return settings;
}

Axis Reader::axis(const YAML::Node& name, const YAML::Node& values) const {
    Axis axis{word(name, "grid"), {}};
    if (!values.IsSequence() || values.size() == 0)
        source_.fail(values.Mark(), axis.name + ": expected a list of values, as [2, 4, 8]");
    const auto known = design_keys();
    const bool is_key = std::find(known.begin(), known.end(), axis.name) != known.end();
    for (const YAML::Node& value : values) {
        if (value.IsMap())
            axis.values.push_back(settings(value));
        else if (is_key)
            axis.values.push_back({setting(axis.name, value)});
        else
            source_.unknown(name, "key", known,
                            "an axis of a name of its own has values of the form {key: value}");
    }
    return axis;
}

const Metric& Reader::metric(const YAML::Node& node, const std::string& name) const {
    const Metric* found = find_metric(name);
    if (!found) {
        std::string known;
        for (const Metric& m : metrics())
            known += (known.empty() ? "" : ", ") + std::string(m.name);
        source_.fail(node.Mark(), "unknown metric '" + name + "'; known: " + known);
    }
    if (found->needs_accuracy && !sweep_.has_accuracy())
        source_.fail(node.Mark(), name + " needs pictures with classes: give images and labels" +
                                      (sweep_.pictures == 0 ? ", and pictures above 0" : ""));
    return *found;
}

Constraint Reader::constraint(const YAML::Node& node) const {
    const std::string expected =
        "expected 'METRIC >= NUMBER' (or <=, >, <) or 'fits: DEVICE', as fps >= 30";
    Constraint c;
    if (node.IsMap() && node.size() == 1 && node.begin()->first.Scalar() == "fits") {
        const YAML::Node device = node.begin()->second;
        Design any;
        assign(source_, "device", device, any);
        return {share_metric(device.Scalar()), Comparison::at_most, 100,
                "fits: " + device.Scalar()};
    }
    if (!node.IsScalar()) source_.fail(node.Mark(), expected);
    std::istringstream in(node.Scalar());
    std::string name, sign, number, rest;
    in >> name >> sign >> number;
    size_t used = 0;
    try {
        c.bound = std::stod(number, &used);
    } catch (const std::exception&) {
    }
    const std::vector<std::string> signs = {">=", "<=", ">", "<"};
    const auto found = std::find(signs.begin(), signs.end(), sign);
    if (found == signs.end() || used == 0 || used != number.size() || in >> rest ||
        !std::isfinite(c.bound))
        source_.fail(node.Mark(), expected + "; found '" + node.Scalar() + "'");
    c.comparison = static_cast<Comparison>(found - signs.begin());
    c.metric = metric(node, name).name;
    c.text = node.Scalar();
    return c;
}

Objective Reader::objective(const YAML::Node& node) const {
    std::istringstream in(node.IsScalar() ? node.Scalar() : "");
    std::string direction, name, rest;
    in >> direction >> name;
    if ((direction != "max" && direction != "min") || name.empty() || in >> rest)
        source_.fail(node.Mark(), "expected 'max METRIC' or 'min METRIC', as max fps");
    return {metric(node, name).name, direction == "max"};
}

void Reader::read_entry(const std::string& key, const YAML::Node& key_node,
                        const YAML::Node& value) {
    const auto list = [&](const char* example) {
        if (!value.IsSequence())
            source_.fail(value.Mark(), key + ": expected a list, as " + example);
        return value;
    };
    if (key == "network") {
        sweep_.network = word(value, key) == "default" ? "default" : file(value, key);
    } else if (key == "calibration") {
        sweep_.calibration = file(value, key);
    } else if (key == "images") {
        sweep_.images = file(value, key);
    } else if (key == "labels") {
        sweep_.labels = file(value, key);
    } else if (key == "only") {
        sweep_.only = word(value, key);
    } else if (key == "pictures") {
        sweep_.pictures = static_cast<uint32_t>(count(value, key, 1'000'000));
    } else if (key == "seed") {
        sweep_.seed = count(value, key, UINT32_MAX);
    } else if (key == "device") {
        sweep_.device = setting(key, value).text;
    } else if (key == "base") {
        sweep_.base = PlatformConfiguration::read(file(value, key));
    } else if (key == "grid") {
        if (!value.IsMap()) source_.fail(value.Mark(), "grid: expected keys with lists of values");
        for (const auto& entry : value) sweep_.axes.push_back(axis(entry.first, entry.second));
    } else if (key == "points") {
        for (const YAML::Node& node : list("[{codec: raw}]"))
            sweep_.points.push_back(settings(node));
    } else if (key != "constraints" && key != "objectives") {
        const std::vector<std::string> of_points = design_keys();
        if (std::find(of_points.begin(), of_points.end(), key) != of_points.end())
            source_.fail(key_node.Mark(), key + " is a key of points: put it into grid, as " + key +
                                              ": [...], or into points; base names a file for "
                                              "what all of them share");
        source_.unknown(key_node, "key of a sweep",
                        {"network", "calibration", "images", "labels", "only", "pictures", "seed",
                         "device", "base", "grid", "points", "constraints", "objectives"},
                        hint);
    }
}

void Reader::check(const YAML::Node& root) const {
    uint64_t points = sweep_.axes.empty() ? 0 : 1;
    for (const Axis& axis : sweep_.axes) {
        points *= axis.values.size();
        if (points > most_points)
            source_.fail(root.Mark(),
                         "the grid has more than " + std::to_string(most_points) + " points");
    }
    if (sweep_.size() == 0) source_.fail(root.Mark(), "there is neither a grid nor a point");
    if (sweep_.network != "default" && sweep_.calibration.empty())
        source_.fail(root.Mark(), "network: an ONNX file needs calibration, a folder of pictures");
    if (sweep_.images.empty() != sweep_.labels.empty())
        source_.fail(root.Mark(), "images and labels belong together");
}

Sweep Reader::read(const YAML::Node& root) {
    if (!root.IsMap()) source_.fail(root.Mark(), "expected keys: grid, constraints, objectives...");
    std::set<std::string> seen;
    for (const auto& entry : root) {
        const std::string key = word(entry.first, "a sweep");
        if (!seen.insert(key).second) source_.fail(entry.first.Mark(), key + " is given twice");
        read_entry(key, entry.first, entry.second);
    }
    check(root);
    if (const YAML::Node all = root["constraints"]) {
        if (!all.IsSequence())
            source_.fail(all.Mark(), "constraints: expected a list, as [fps >= 30]");
        for (const YAML::Node& node : all) sweep_.constraints.push_back(constraint(node));
    }
    if (const YAML::Node all = root["objectives"]) {
        if (!all.IsSequence())
            source_.fail(all.Mark(), "objectives: expected a list, as [max fps, min logic]");
        for (const YAML::Node& node : all) sweep_.objectives.push_back(objective(node));
    }
    const bool is_asic = resources::find_device(sweep_.device).is_asic();
    if (sweep_.objectives.empty())
        sweep_.objectives = {{"fps", true}, {is_asic ? "kge" : "logic", false}};
    return std::move(sweep_);
}

}  // namespace

Sweep Sweep::parse(const std::string& text, const std::string& name,
                   const std::filesystem::path& folder) {
    const YamlSource source(name);
    try {
        Sweep sweep = Reader(name, folder).read(YAML::Load(text));
        sweep.name = name;
        sweep.text = text;
        return sweep;
    } catch (const YAML::Exception& e) {
        source.fail(e.mark, "not YAML: " + e.msg);
    }
}

Sweep Sweep::read(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
        throw ConfigurationError(path.string() + ": cannot be opened for reading");
    std::ostringstream text;
    text << file.rdbuf();
    return parse(text.str(), path.string(), path.parent_path());
}

}  // namespace karhunen
