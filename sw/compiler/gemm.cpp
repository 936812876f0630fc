#include "sw/compiler/gemm.h"

#include <algorithm>
#include <cstring>

namespace karhunen {

namespace {

// One vector register. Any number gives the same result; this one keeps the sums of a block, two
// vectors for each of its rows, in registers.
#if defined(__AVX512F__)
constexpr std::size_t lanes = 16;
#elif defined(__AVX__)
constexpr std::size_t lanes = 8;
#else
constexpr std::size_t lanes = 4;
#endif
constexpr std::size_t panel = 2 * lanes;  // columns that are worked on together
constexpr std::size_t block_rows = 6;     // rows that are worked on together
typedef float Vector __attribute__((vector_size(lanes * sizeof(float)), aligned(4), may_alias));

/// result[Rows][panel] = left[Rows][reduction] * right[reduction][panel]
template <std::size_t Rows>
void multiply_block(const float* left, std::size_t reduction, const float* right, float* result) {
    Vector low[Rows] = {}, high[Rows] = {};
    for (std::size_t k = 0; k < reduction; ++k) {
        const Vector a = *reinterpret_cast<const Vector*>(right + k * panel);
        const Vector b = *reinterpret_cast<const Vector*>(right + k * panel + lanes);
        for (std::size_t r = 0; r < Rows; ++r) {
            const float value = left[r * reduction + k];
            low[r] += value * a;
            high[r] += value * b;
        }
    }
    for (std::size_t r = 0; r < Rows; ++r) {
        *reinterpret_cast<Vector*>(result + r * panel) = low[r];
        *reinterpret_cast<Vector*>(result + r * panel + lanes) = high[r];
    }
}

}  // namespace

PackedMatrix::PackedMatrix(const float* values, std::size_t reduction, std::size_t columns)
    : reduction_(reduction),
      columns_(columns),
      panels_((columns + panel - 1) / panel * panel * reduction) {
    for (std::size_t first = 0; first < columns; first += panel) {
        const std::size_t n = std::min(panel, columns - first);
        for (std::size_t k = 0; k < reduction; ++k)
            std::copy_n(values + k * columns + first, n, &panels_[first * reduction + k * panel]);
    }
}

void PackedMatrix::multiply(const float* left, std::size_t rows, float* result) const {
    float block[block_rows * panel];
    for (std::size_t first = 0; first < columns_; first += panel) {
        const std::size_t n = std::min(panel, columns_ - first);
        const float* right = &panels_[first * reduction_];
        for (std::size_t r = 0; r < rows;) {
            const std::size_t m = rows - r >= block_rows ? block_rows : 1;
            const float* from = left + r * reduction_;
            if (m == block_rows)
                multiply_block<block_rows>(from, reduction_, right, block);
            else
                multiply_block<1>(from, reduction_, right, block);
            for (std::size_t i = 0; i < m; ++i)
                std::copy_n(block + i * panel, n, result + (r + i) * columns_ + first);
            r += m;
        }
    }
}

}  // namespace karhunen
