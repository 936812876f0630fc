// Corners and random jobs of post-processing.
#pragma once

#include <vector>

#include "platform/vectors/random_source.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

std::vector<VectorCase> post_corners();
/// A map, in as many jobs as it takes: cases to be run in order.
std::vector<VectorCase> random_post_jobs(RandomSource& random);

}  // namespace karhunen::vectors
