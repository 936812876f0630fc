// Convolution in integers: int32 sums of (uint8 or int8) inputs times int8 weights, exact.
//
// Two implementations of one contract. `convolve_naive` is a loop nest to be believed by reading.
// `Patches` + `PreparedWeights` + `multiply` use float matrix products; every partial sum stays
// below 2^24 (the reduction is split every 514 products: 514 * 255 * 128 < 2^24), so floats are
// exact and both agree on every bit.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace karhunen {

struct ConvolutionShape {
    uint32_t width = 0, channels = 0;  ///< of the input map
    uint32_t kernel_y = 1, kernel_x = 1;
    uint32_t stride_y = 1, stride_x = 1;
    uint32_t padding_left = 0;
    uint32_t output_width = 0;

    uint32_t reduction() const { return kernel_y * kernel_x * channels; }
};

/// Input rows for a run of output rows, top to bottom: (output_rows-1)*stride_y + kernel_y pointers
/// to width*channels values each (column, channel). nullptr is a row of padding. Columns outside
/// the map count as zero.
using InputRows = std::span<const int16_t* const>;

/// Reference. weights: [kernel_y][kernel_x][channel][n]; sums: [output_rows][output_width][n].
void convolve_naive(const ConvolutionShape& shape, InputRows input, uint32_t output_rows,
                    const int8_t* weights, uint32_t n, int32_t* sums);

/// Weights of one chunk, brought into the form that `multiply` wants, once per load.
class PreparedWeights {
public:
    /// weights: [reduction][n], n fastest.
    PreparedWeights(const int8_t* weights, uint32_t reduction, uint32_t n);
    uint32_t reduction() const { return reduction_; }
    uint32_t channels() const { return n_; }
    const float* data() const { return data_.data(); }

private:
    uint32_t reduction_, n_;
    std::vector<float> data_;
};

/// The input of a run of output rows as a matrix [output_rows*output_width][reduction] (im2col),
/// to be multiplied by one or more weight chunks. Reuse one object: it keeps its memory.
class Patches {
public:
    void gather(const ConvolutionShape& shape, InputRows input, uint32_t output_rows);
    uint32_t rows() const { return rows_; }  ///< output pixels
    uint32_t reduction() const { return reduction_; }
    const float* data() const { return data_.data(); }

private:
    uint32_t rows_ = 0, reduction_ = 0;
    std::vector<float> padded_, data_;
};

/// sums[pixel][n] = sum over reduction. sums has patches.rows() * weights.channels() elements.
void multiply(const Patches& patches, const PreparedWeights& weights, int32_t* sums);

}  // namespace karhunen
