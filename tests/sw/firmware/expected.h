// What every stored row must be, computed map by map from the loadable alone.
#pragma once

#include <vector>

#include "sw/loadable/loadable.h"
#include "tests/sw/firmware/values.h"

namespace karhunen {

/// [tensor][image][row], as stored.
using StoredRows = std::vector<std::vector<std::vector<Value>>>;

StoredRows expected_rows(const Loadable& loadable, uint32_t images);

}  // namespace karhunen
