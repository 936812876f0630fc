// Convolution in integers: int32 sums of (uint8, int8 or s12) inputs times int8 weights, exact.
//
// Two implementations of one contract. `convolve_naive` is a loop nest to be believed by reading.
// `Patches` + `PreparedWeights` + `multiply` use the 16-bit dot product instructions of the
// processor (dot_product.h); sums are int32 throughout, so both agree on every bit. Sums that
// leave 32 bits (none do below a reduction of 65,793 on 8-bit inputs) wrap in both.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/arithmetic/dot_product.h"

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
    PreparedWeights(const int8_t* weights, uint32_t reduction, uint32_t n)
        : packed_(weights, reduction, n, n, 1) {}
    uint32_t reduction() const { return packed_.reduction(); }
    uint32_t channels() const { return packed_.columns(); }
    const PackedWeights& packed() const { return packed_; }

private:
    PackedWeights packed_;
};

/// The input of a run of output rows, to be multiplied by one or more weight chunks: the rows with
/// their padding columns, and where in them each output pixel's window begins. Reuse one object: it
/// keeps its memory.
class Patches {
public:
    void gather(const ConvolutionShape& shape, InputRows input, uint32_t output_rows);
    uint32_t rows() const { return view_.pixels; }  ///< output pixels
    uint32_t reduction() const { return view_.kernel_rows * view_.run; }
    const PatchView& view() const { return view_; }

private:
    void pad(const ConvolutionShape& shape, InputRows input);
    void flatten();

    PatchView view_;
    std::vector<int16_t> padded_, flat_;
    std::vector<uint32_t> offsets_;
};

/// sums[pixel][n] = sum over reduction. sums has patches.rows() * weights.channels() elements.
void multiply(const Patches& patches, const PreparedWeights& weights, int32_t* sums);

}  // namespace karhunen
