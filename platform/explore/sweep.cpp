#include "platform/explore/sweep.h"

#include <algorithm>
#include <stdexcept>

#include "models/codec/calibrate.h"
#include "platform/configuration_keys.h"
#include "platform/explore/design_keys.h"
#include "platform/yaml_source.h"

namespace karhunen {

bool Constraint::holds(double value) const {
    switch (comparison) {
        case Comparison::at_least:
            return value >= bound;
        case Comparison::at_most:
            return value <= bound;
        case Comparison::above:
            return value > bound;
        default:
            return value < bound;
    }
}

uint64_t Sweep::size() const {
    uint64_t grid = axes.empty() ? 0 : 1;
    for (const Axis& axis : axes) grid *= axis.values.size();
    return grid + points.size();
}

Settings Sweep::settings(uint64_t point) const {
    const uint64_t grid = size() - points.size();
    if (point >= grid) return points.at(point - grid);
    std::vector<const Settings*> chosen;
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
        chosen.push_back(&axis->values[point % axis->values.size()]);
        point /= axis->values.size();
    }
    Settings all;
    for (auto s = chosen.rbegin(); s != chosen.rend(); ++s)
        all.insert(all.end(), (*s)->begin(), (*s)->end());
    return all;
}

Design Sweep::design(uint64_t point) const {
    Design design{base, {}, device};
    apply(settings(point), name, design);
    return design;
}

std::vector<std::string> Sweep::keys() const {
    std::vector<std::string> keys;
    const auto add = [&](const Settings& settings) {
        for (const Setting& s : settings)
            if (std::find(keys.begin(), keys.end(), s.key) == keys.end()) keys.push_back(s.key);
    };
    for (const Axis& axis : axes)
        for (const Settings& value : axis.values) add(value);
    for (const Settings& p : points) add(p);
    return keys;
}

bool Sweep::has_accuracy() const {
    return pictures > 0 && (network == "default" || !labels.empty());
}

}  // namespace karhunen
