// One design: simulated by a replay, estimated, and judged.
#pragma once

#include "platform/explore/results.h"
#include "platform/explore/sweep.h"
#include "platform/recording.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Without those of accuracy (network.json has them). Throws std::runtime_error or
/// std::invalid_argument saying why there are no results: a machine that cannot be, or one that the
/// firmware does not come to an end on.
Results measure_point(const Design& design, const Loadable& loadable, const Recording& recording);

}  // namespace karhunen
