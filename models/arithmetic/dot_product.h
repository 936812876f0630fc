// The one fast inner loop of the arithmetic: int32 sums of int16 values times int8 weights, exact.
// Products are taken in pairs (x86 `vpdpwssd` / `pmaddwd`: two 16-bit products added in 32 bits),
// which is exact for every pair but two times -32768 * -32768; weights are int8, so it never
// occurs. Sums wrap at 32 bits, like the accumulators they model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace karhunen {

/// A matrix of int8 weights, element (k, j) at weights[k * row_stride + j * column_stride], widened
/// and ordered for dot_products(): per panel of columns, per pair of k, 16 columns at a time.
class PackedWeights {
public:
    struct alignas(64) Block {
        int16_t pairs[16][2];
    };

    PackedWeights(const int8_t* weights, uint32_t reduction, uint32_t columns, size_t row_stride,
                  size_t column_stride);
    uint32_t reduction() const { return reduction_; }
    uint32_t columns() const { return columns_; }
    const Block* data() const { return blocks_.data(); }

private:
    uint32_t reduction_, columns_;
    std::vector<Block> blocks_;
};

/// The left-hand matrix [pixels][kernel_rows * run]: row p consists of kernel_rows runs of `run`
/// values that begin at values + offsets[p] + i * pitch. Runs may overlap (a convolution's patches
/// do). `run` is even, or kernel_rows is 1 and the value behind each run may be read.
struct PatchView {
    const int16_t* values = nullptr;
    const uint32_t* offsets = nullptr;
    uint32_t pixels = 0;
    uint32_t kernel_rows = 1;
    uint32_t run = 0;
    size_t pitch = 0;
};

/// sums[pixel][column] over all of the reduction = kernel_rows * run. stride: of a pixel's sums; 0:
/// weights.columns().
void dot_products(const PatchView& patches, const PackedWeights& weights, int32_t* sums,
                  uint32_t stride = 0);

}  // namespace karhunen
