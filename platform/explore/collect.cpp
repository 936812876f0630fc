#include "platform/explore/collect.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "models/resources/device.h"
#include "platform/explore/pareto.h"
#include "platform/explore/results.h"
#include "platform/files.h"
#include "platform/table.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

/// What there is of one point.
struct Outcome {
    std::map<std::string, std::string> parameters;
    std::string hash, reason;  ///< reason: why it failed; empty: it did not
    Results results;
    std::vector<std::string> violated;  ///< constraints

    bool feasible() const { return reason.empty() && violated.empty(); }
};

Outcome outcome_of(const Sweep& sweep, const Workspace& workspace, uint64_t point) {
    Outcome o;
    for (const Setting& s : sweep.settings(point)) o.parameters[s.key] = s.text;
    try {
        o.hash = workspace.point_hash(sweep.design(point));
    } catch (const std::exception& e) {
        o.reason = e.what();
        return o;
    }
    const auto json = Workspace::read(workspace.point(o.hash) / "result.json");
    if (!json)
        o.reason = "not measured";
    else if (json->at("status") != "done")
        o.reason = json->at("reason").get<std::string>();
    else
        o.results = results_of(json->at("results"));
    if (!o.reason.empty()) return o;
    for (const Constraint& c : sweep.constraints) {
        const auto value = o.results.find(c.metric);
        if (value == o.results.end() || !c.holds(value->second)) o.violated.push_back(c.text);
    }
    return o;
}

/// Smaller is better; empty: something was not measured.
std::vector<double> coordinates(const Sweep& sweep, const Results& results) {
    std::vector<double> x;
    for (const Objective& objective : sweep.objectives) {
        const auto value = results.find(objective.metric);
        if (value == results.end()) return {};
        x.push_back(objective.maximise ? -value->second : value->second);
    }
    return x;
}

std::string number(double value) {
    return std::isinf(value) ? "inf" : Json(value).dump();
}

/// Metrics that a program would want, in their order; those of other devices at the end.
std::vector<std::string> columns(const Sweep& sweep) {
    std::vector<std::string> names;
    for (const Metric& m : metrics())
        if (!m.needs_accuracy || sweep.has_accuracy()) names.push_back(m.name);
    for (const Constraint& c : sweep.constraints)
        if (std::find(names.begin(), names.end(), c.metric) == names.end())
            names.push_back(c.metric);
    return names;
}

const char* status_of(const Outcome& o) {
    return !o.reason.empty() ? "failed" : o.violated.empty() ? "good" : "violates";
}

std::string csv_line(const Sweep& sweep, const Outcome& o, bool on_front) {
    std::string line = o.hash + ',' + status_of(o) + ',' + (on_front ? "1" : "0");
    for (const std::string& key : sweep.keys()) {
        const auto found = o.parameters.find(key);
        line += ',' + (found == o.parameters.end() ? "" : csv_field(found->second));
    }
    for (const std::string& metric : columns(sweep)) {
        const auto found = o.results.find(metric);
        line += ',' + (found == o.results.end() ? "" : number(found->second));
    }
    std::string why = o.reason;
    for (const std::string& text : o.violated) why += (why.empty() ? "" : "; ") + text;
    return line + ',' + csv_field(why) + '\n';
}

std::string csv_head(const Sweep& sweep) {
    std::string line = "point,status,front";
    for (const std::string& key : sweep.keys()) line += ',' + key;
    for (const std::string& metric : columns(sweep)) line += ',' + metric;
    return line + ",reason\n";
}

Json json_of(const Sweep& sweep, const Outcome& o, bool on_front) {
    Json results = Json::object();
    for (const std::string& metric : columns(sweep))
        if (const auto found = o.results.find(metric); found != o.results.end())
            results[metric] = found->second;
    Json json = {{"point", o.hash},
                 {"status", status_of(o)},
                 {"front", on_front},
                 {"parameters", o.parameters},
                 {"results", results}};
    if (!o.reason.empty()) json["reason"] = o.reason;
    if (!o.violated.empty()) json["violates"] = o.violated;
    return json;
}

void find_front(const Sweep& sweep, const Workspace& workspace, Collection& c) {
    std::vector<std::vector<double>> objectives;
    std::vector<uint64_t> numbers;
    for (uint64_t point = 0; point < c.points; ++point) {
        const Outcome o = outcome_of(sweep, workspace, point);
        if (!o.reason.empty()) {
            ++c.failed;
            ++c.reasons[o.reason];
        }
        for (const std::string& text : o.violated) ++c.violations[text];
        if (!o.feasible()) continue;
        ++c.feasible;
        std::vector<double> x = coordinates(sweep, o.results);
        if (x.empty()) {
            ++c.without_objective;
            continue;
        }
        objectives.push_back(std::move(x));
        numbers.push_back(point);
    }
    for (const size_t i : pareto_front(objectives)) c.front.push_back(numbers[i]);
}

Json number_or_text(const std::string& text) {
    const Json value = Json::parse(text, nullptr, false);
    return value.is_number() ? value : Json(text);
}

/// Digits for people.
std::string short_number(double value) {
    if (std::isinf(value)) return "inf";
    const double size = std::abs(value);
    return fixed(value, size >= 1000 || value == std::floor(value) ? 0 : size >= 100 ? 1 : 2);
}

/// Objectives, constraints, and what an architect asks for next.
std::vector<std::string> table_metrics(const Sweep& sweep, const Results& any) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (any.contains(name) && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (const Objective& o : sweep.objectives) add(o.metric);
    for (const Constraint& c : sweep.constraints) add(c.metric);
    for (const char* name :
         {"fps", "dram_kib", "energy_uj", "logic", "dsp", "kge", "device_percent", "drop"})
        add(name);
    return names;
}

}  // namespace

Collection collect(const Sweep& sweep, const Workspace& workspace) {
    Collection c;
    c.points = sweep.size();
    find_front(sweep, workspace, c);
    OutputFile csv(workspace.folder() / "results.csv"), json(workspace.folder() / "results.json");
    csv.write(csv_head(sweep));
    json.write("[\n");
    for (uint64_t point = 0; point < c.points; ++point) {
        const Outcome o = outcome_of(sweep, workspace, point);
        const bool on_front = std::binary_search(c.front.begin(), c.front.end(), point);
        csv.write(csv_line(sweep, o, on_front));
        json.write(json_of(sweep, o, on_front).dump() + (point + 1 < c.points ? ",\n" : "\n"));
    }
    json.write("]\n");
    csv.commit();
    json.commit();
    return c;
}

void print_front(const Sweep& sweep, const Workspace& workspace, const Collection& c,
                 std::ostream& out) {
    std::vector<std::pair<std::vector<double>, Outcome>> rows;
    for (const uint64_t point : c.front) {
        Outcome o = outcome_of(sweep, workspace, point);
        rows.emplace_back(coordinates(sweep, o.results), std::move(o));
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    if (!rows.empty()) {
        out << "Pareto front:";
        for (const Objective& o : sweep.objectives)
            out << ' ' << (o.maximise ? "max " : "min ") << o.metric;
        out << "\n\n";
        const std::vector<std::string> keys = sweep.keys();
        const std::vector<std::string> shown = table_metrics(sweep, rows[0].second.results);
        std::vector<std::string> head = keys;
        head.insert(head.end(), shown.begin(), shown.end());
        Table table(head, keys.size());
        for (const auto& [x, o] : rows) {
            std::vector<std::string> row;
            for (const std::string& key : keys)
                row.push_back(o.parameters.contains(key) ? o.parameters.at(key) : "");
            for (const std::string& metric : shown)
                row.push_back(o.results.contains(metric) ? short_number(o.results.at(metric))
                                                         : "-");
            table.add(std::move(row));
        }
        table.print(out);
        out << '\n';
    }
    out << c.points << (c.points == 1 ? " point, " : " points, ") << c.front.size()
        << " on the front";
    if (c.feasible + c.failed < c.points)
        out << ", " << c.points - c.feasible - c.failed << " outside the constraints";
    out << ", " << c.failed << " failed.\n";
    for (const auto& [text, points] : c.violations)
        out << "  " << points << " violate " << text << '\n';
    if (c.without_objective > 0)
        out << "  " << c.without_objective << " lack an objective, so are on no front\n";
    for (const auto& [reason, points] : c.reasons)
        out << "  " << points << " failed: " << reason << '\n';
    out << "All points: " << (workspace.folder() / "results.csv").string() << ", results.json\n";
}

nlohmann::ordered_json page_data(const Sweep& sweep, const Workspace& workspace,
                                 const Collection& c) {
    Json points = Json::array(), units = Json::object(), objectives = Json::array();
    for (uint64_t point = 0; point < c.points; ++point) {
        const Outcome o = outcome_of(sweep, workspace, point);
        if (!o.reason.empty()) continue;
        Json parameters = Json::object();
        for (const auto& [key, text] : o.parameters) parameters[key] = number_or_text(text);
        Json row = json_of(sweep, o, std::binary_search(c.front.begin(), c.front.end(), point));
        points.push_back({{"name", o.hash},
                          {"parameters", parameters},
                          {"results", row["results"]},
                          {"front", row["front"]},
                          {"violates", o.violated}});
    }
    for (const Metric& m : metrics()) units[m.name] = m.unit;
    const resources::Device& device = resources::find_device(sweep.device);
    const std::vector<std::string> keys = sweep.keys();
    if (std::find(keys.begin(), keys.end(), "device") == keys.end()) {
        units["logic"] = device.logic_unit();
        units["ram_blocks"] = device.ram_unit();
    }
    for (const Objective& o : sweep.objectives)
        objectives.push_back({{"key", o.metric}, {"better", o.maximise ? "higher" : "lower"}});
    return {{"title", sweep.name + ", network " + sweep.network},
            {"points", points},
            {"objectives", objectives},
            {"units", units}};
}

}  // namespace karhunen
