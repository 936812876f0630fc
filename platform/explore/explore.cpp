#include "platform/explore/explore.h"

#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "platform/explore/point.h"
#include "platform/files.h"

namespace karhunen {

namespace {

using Json = nlohmann::ordered_json;

/// Without the codec.
std::string family_of(const Workspace& workspace, Design design) {
    design.network.codec = "raw";
    return workspace.network_hash(design);
}

/// nullopt: its settings contradict each other; the point itself will say so.
std::optional<Design> design_of(const Sweep& sweep, uint64_t point) {
    try {
        return sweep.design(point);
    } catch (const std::exception&) {
        return {};
    }
}

/// A network that was made before, in memory.
struct Network {
    std::optional<Loadable> loadable;
    Recording recording;
    Results figures;
};

Network read_network(const std::filesystem::path& folder) {
    Network n;
    const auto json = Workspace::read(folder / "network.json");
    if (!json) throw std::runtime_error(folder.string() + ": has no network.json");
    if (json->at("status") != "done")
        throw std::runtime_error("the network: " + json->at("reason").get<std::string>());
    n.figures = results_of(json->at("results"));
    n.loadable = Loadable::read(folder / "network.kvn");
    n.recording = Recording::read(folder / "recording.rec");
    return n;
}

void write_point(const Workspace& workspace, const Design& design, const Json& result) {
    const std::filesystem::path folder = workspace.point(workspace.point_hash(design));
    std::filesystem::create_directories(folder);
    std::ostringstream platform;
    design.configuration.print(platform);
    write_text_file(folder / "platform.yaml", platform.str());
    Workspace::write(folder / "result.json", result);
}

Json failure(const std::string& reason) {
    return {{"status", "failed"}, {"reason", reason}};
}

Json measured(const Design& design, const Network& network) {
    Results results = measure_point(design, *network.loadable, network.recording);
    results.merge(Results(network.figures));
    return {{"status", "done"}, {"results", results}};
}

bool is_missing(const Sweep& sweep, const Workspace& workspace, uint64_t point) {
    const std::optional<Design> design = design_of(sweep, point);
    return design &&
           !Workspace::read(workspace.point(workspace.point_hash(*design)) / "result.json");
}

}  // namespace

std::vector<NetworkFamily> network_families(const Sweep& sweep, const Workspace& workspace) {
    std::vector<NetworkFamily> families;
    std::map<std::string, size_t> known;
    std::set<std::string> seen;
    for (uint64_t point = 0; point < sweep.size(); ++point) {
        const std::optional<Design> design = design_of(sweep, point);
        if (!design) continue;
        const std::string hash = workspace.network_hash(*design);
        if (!seen.insert(hash).second) continue;
        const auto [family, is_new] =
            known.try_emplace(family_of(workspace, *design), families.size());
        if (is_new) families.emplace_back();
        families[family->second].members.push_back(*design);
    }
    return families;
}

void keep_missing(const Workspace& workspace, std::vector<NetworkFamily>& families) {
    for (NetworkFamily& family : families)
        std::erase_if(family.members, [&](const Design& design) {
            const auto folder = workspace.network(workspace.network_hash(design));
            return Workspace::read(folder / "network.json").has_value();
        });
}

std::vector<uint64_t> missing_points(const Sweep& sweep, const Workspace& workspace) {
    std::vector<uint64_t> missing;
    for (uint64_t point = 0; point < sweep.size(); ++point)
        if (is_missing(sweep, workspace, point)) missing.push_back(point);
    return missing;
}

void keep_missing(const Sweep& sweep, const Workspace& workspace, std::vector<uint64_t>& points) {
    std::erase_if(points, [&](uint64_t point) { return !is_missing(sweep, workspace, point); });
}

void work_on_points(const Sweep& sweep, const Workspace& workspace,
                    const std::vector<uint64_t>& points, const std::function<void()>& done) {
    std::map<std::string, std::vector<uint64_t>> by_network;
    for (const uint64_t point : points)
        by_network[workspace.network_hash(sweep.design(point))].push_back(point);
    for (const auto& [hash, its_points] : by_network) {
        std::optional<Network> network;
        std::string reason;
        try {
            network = read_network(workspace.network(hash));
        } catch (const std::exception& e) {
            reason = e.what();
        }
        for (const uint64_t point : its_points) {
            const Design design = sweep.design(point);
            Json result = failure(reason);
            try {
                if (network) result = measured(design, *network);
            } catch (const std::exception& e) {
                result = failure(e.what());
            }
            write_point(workspace, design, result);
            done();
        }
    }
}

void give_up(const Workspace& workspace, const Design& network, const std::string& reason) {
    const auto folder = workspace.network(workspace.network_hash(network));
    std::filesystem::create_directories(folder);
    Workspace::write(folder / "network.json",
                     {{"status", "failed"}, {"codec", network.network.codec}, {"reason", reason}});
}

void give_up(const Sweep& sweep, const Workspace& workspace, uint64_t point,
             const std::string& reason) {
    write_point(workspace, sweep.design(point), failure(reason));
}

}  // namespace karhunen
