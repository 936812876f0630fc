// The networks of a sweep: compiled, run once on the machine, evaluated.
#pragma once

#include <functional>

#include "platform/explore/explore.h"

namespace karhunen {

/// Writes what becomes of each member of the family: a network, or the reason why there is none.
/// done() after each. Uses `threads` threads; 0: one per processor.
void make_networks(const Sweep& sweep, const Workspace& workspace, const NetworkFamily& family,
                   unsigned threads, const std::function<void()>& done);

}  // namespace karhunen
