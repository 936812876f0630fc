// Few static tables for many contexts.
#pragma once

#include <vector>

#include "models/codec/context.h"

namespace karhunen {

/// How often each token was seen in each context.
using TokenCounts = std::vector<std::array<uint64_t, rans_tokens>>;

struct MergedContexts {
    std::array<uint8_t, context_count> table_of{};
    std::vector<TokenFrequencies> tables;
    double bits = 0;  ///< of code for what was counted
};

/// Contexts with tables of their own are merged two by two, always the pair where that costs fewest
/// bits, until there are as many as each of `numbers`, which fall. Contexts that were never seen
/// take the table of the nearest that was. Integers only: the same on every host.
std::vector<MergedContexts> merge_contexts(const TokenCounts& counts,
                                           const std::vector<size_t>& numbers);

}  // namespace karhunen
