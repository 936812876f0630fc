// A sweep as job arrays of Slurm: one of networks, then one of points. What a task makes appears
// in the folder, which the nodes share, under the names and as whole as ever; tasks that are lost
// leave results missing, and what is missing is submitted again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/explore/sweep.h"
#include "platform/explore/workspace.h"

namespace karhunen {

enum class Stage { networks, points };
const char* name_of(Stage stage);

struct ClusterOptions {
    unsigned tasks = 16;              ///< of an array, at most
    unsigned jobs = 1;                ///< processes of a task, each on a processor
    std::vector<std::string> sbatch;  ///< words for sbatch: partition, time, memory
    std::vector<std::string> task;    ///< what a task runs, but for its stage and shard
};

/// Makes what networks and points are missing. What is lost three times in a row, with nothing new
/// in between, is given up; SIGINT, SIGTERM and SIGHUP cancel the tasks, then end the process as
/// ever. Throws std::runtime_error when Slurm refuses, or no task makes anything.
void explore_on_cluster(const Sweep& sweep, const Workspace& workspace,
                        const ClusterOptions& options);

/// Part `index` of `count` equal ones of what is submitted: families of networks (their indices in
/// network_families) or points. Throws std::runtime_error when there is no such list.
std::vector<uint64_t> pieces_of_shard(const Workspace& workspace, Stage stage, uint64_t index,
                                      uint64_t count);

}  // namespace karhunen
