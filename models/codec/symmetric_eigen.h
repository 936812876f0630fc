// Eigenvectors of a symmetric matrix, the same bits on every host.
#pragma once

#include <cstddef>
#include <vector>

namespace karhunen {

struct SymmetricEigen {
    std::vector<double> values;   ///< falling
    std::vector<double> vectors;  ///< [value][n], orthonormal
};

/// matrix: n x n, n >= 1, finite. Householder's reduction to a tridiagonal matrix, then implicit QL
/// steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 8.3). Additions and
/// multiplications happen in the order written here; libraries choose theirs by the processor, and
/// what is rounded to 8 bits afterwards would differ from host to host.
SymmetricEigen symmetric_eigen(std::vector<double> matrix, size_t n);

}  // namespace karhunen
