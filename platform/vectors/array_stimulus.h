// Corners and random jobs of the compute array.
#pragma once

#include <vector>

#include "platform/vectors/random_source.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

std::vector<VectorCase> array_corners();
VectorCase random_array_job(RandomSource& random);

}  // namespace karhunen::vectors
