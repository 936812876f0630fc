// What came out of a sweep: results.csv and results.json, the front, and a table of it.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "platform/explore/sweep.h"
#include "platform/explore/workspace.h"

namespace karhunen {

struct Collection {
    uint64_t points = 0, failed = 0, feasible = 0;
    std::vector<uint64_t> front;                 ///< points, in the order of the sweep
    std::map<std::string, uint64_t> reasons;     ///< why points failed, and how many
    std::map<std::string, uint64_t> violations;  ///< by constraint
    uint64_t without_objective = 0;              ///< feasible, but an objective was not measured
};

/// Reads all results, one at a time, and writes the two files. Points whose settings make no design
/// and such as have no result count as failed.
Collection collect(const Sweep& sweep, const Workspace& workspace);

/// The front as a table, how many points did what, and where the files are.
void print_front(const Sweep& sweep, const Workspace& workspace, const Collection& collection,
                 std::ostream& out);

/// All points as the page of the report takes them.
nlohmann::ordered_json page_data(const Sweep& sweep, const Workspace& workspace,
                                 const Collection& collection);

}  // namespace karhunen
