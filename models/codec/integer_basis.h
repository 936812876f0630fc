// An orthonormal basis in 8-bit integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/codec/principal_components.h"

namespace karhunen {

struct IntegerBasis {
    std::vector<int8_t> matrix;  ///< [component][channel], largest entry of each component 127
    std::vector<double> length;  ///< of each component of the matrix
};

/// The first `count` components in integers, each with its own scale. Rounding costs orthogonality:
/// of component j, a part (u_j . u_k) leaks into component k and back. Components are taken in
/// falling order of variance, made orthogonal to the integer ones before, and each entry is rounded
/// up or down so that sum_j variance_j (u_j . u_k)^2 becomes small.
IntegerBasis integer_basis(const PrincipalComponents& pca, size_t count);

}  // namespace karhunen
