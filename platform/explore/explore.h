// The stages of a sweep: networks are compiled, run once and evaluated; points are replayed;
// results are collected. Stages find out by themselves what is there already.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "platform/explore/sweep.h"
#include "platform/explore/workspace.h"

namespace karhunen {

/// Networks that differ in their codec alone: what is the same for all is done once.
struct NetworkFamily {
    std::vector<Design> members;  ///< one of each network, the first point that has it
};

/// Those that the points of the sweep need. Points whose settings make no design are left out.
std::vector<NetworkFamily> network_families(const Sweep& sweep, const Workspace& workspace);

/// Of these, what is not there yet; a family may have no member left.
void keep_missing(const Workspace& workspace, std::vector<NetworkFamily>& families);

/// Points without results, in the order of the sweep.
std::vector<uint64_t> missing_points(const Sweep& sweep, const Workspace& workspace);

/// Of these.
void keep_missing(const Sweep& sweep, const Workspace& workspace, std::vector<uint64_t>& points);

/// Measures these points, network by network, and writes what becomes of each: results, or the
/// reason why there are none. done() after each.
void work_on_points(const Sweep& sweep, const Workspace& workspace,
                    const std::vector<uint64_t>& points, const std::function<void()>& done);

/// There is no such network, and why.
void give_up(const Workspace& workspace, const Design& network, const std::string& reason);

/// The point has no results, and why.
void give_up(const Sweep& sweep, const Workspace& workspace, uint64_t point,
             const std::string& reason);

}  // namespace karhunen
