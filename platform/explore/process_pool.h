// Work on several items at once, each in a process of its own: what one does to its memory, or a
// crash, is nothing to the others.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace karhunen {

struct ItemEnd {
    size_t item = 0;
    int signal = 0;     ///< that killed its process; 0: none did
    int exit_code = 0;  ///< 0: work() returned
};

/// Calls work(item, tick) for item 0, 1, ... in processes forked from this one, `jobs` at a time.
/// tick() in there calls on_tick() here; on_end(end) is called here when a process has ended. What
/// work() throws ends its process with exit code 1. The processes die with this one.
void run_in_processes(
    size_t items, unsigned jobs,
    const std::function<void(size_t item, const std::function<void()>& tick)>& work,
    const std::function<void()>& on_tick, const std::function<void(const ItemEnd&)>& on_end);

}  // namespace karhunen
