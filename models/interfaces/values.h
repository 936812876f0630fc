// Whether blocks work on values.
#pragma once

namespace karhunen {

/// skipped: in a replay, rows, sums and streams of the same sizes move at the same times, without
/// values in them.
enum class Values : bool { skipped, computed };

}  // namespace karhunen
