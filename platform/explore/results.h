// What a point of a sweep is judged by.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace karhunen {

/// One figure of a design.
struct Metric {
    const char* name;  ///< column of results.csv
    const char* unit;
    const char* title;  ///< for people
    bool more_is_better;
    bool needs_accuracy;
};

/// In the order of the columns.
const std::vector<Metric>& metrics();
/// nullptr: there is none of that name. "lut" and "alm" are `logic`, "frames_per_second" is `fps`.
const Metric* find_metric(const std::string& name);
/// Share of a device that a design takes, in percent: of its scarcest part. A metric, too, of the
/// constraint `fits: DEVICE`.
std::string share_metric(const std::string& device);

/// By metric. Those that were not measured are missing; snr_db is infinite where nothing differs,
/// which JSON has no number for: null.
using Results = std::map<std::string, double>;

/// Throws nlohmann::json::exception for what are no numbers.
Results results_of(const nlohmann::json& json);

}  // namespace karhunen
