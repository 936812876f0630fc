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
    uint32_t dilation_y = 1, dilation_x = 1;  ///< from tap to tap
    uint32_t groups = 1;           ///< both kinds of channels are divided into so many, in order
    uint32_t output_channels = 0;  ///< of all groups; one group does not need it

    uint32_t group_channels() const { return channels / groups; }  ///< of the input
    uint32_t reduction() const { return kernel_y * kernel_x * group_channels(); }
    uint32_t window_rows() const { return (kernel_y - 1) * dilation_y + 1; }
    uint32_t window_columns() const { return (kernel_x - 1) * dilation_x + 1; }
    uint32_t group_of(uint32_t output_channel) const {
        return groups == 1 ? 0 : output_channel / (output_channels / groups);
    }
    /// A kernel of its own for each channel.
    bool is_depthwise() const {
        return groups > 1 && groups == channels && groups == output_channels;
    }
};

/// Input rows for a run of output rows, top to bottom: (output_rows-1)*stride_y + window_rows()
/// pointers to width*channels values each (column, channel). nullptr is a row of padding. Columns
/// outside the map count as zero.
using InputRows = std::span<const int16_t* const>;

/// Reference, of n output channels from `first` on. weights: [kernel_y][kernel_x][channel of the
/// group][n]; sums: [output_rows][output_width][n].
void convolve_naive(const ConvolutionShape& shape, InputRows input, uint32_t output_rows,
                    const int8_t* weights, uint32_t n, int32_t* sums, uint32_t first = 0);

/// Weights of one chunk, brought into the form that `multiply` wants, once per load.
class PreparedWeights {
public:
    /// One group. weights: [reduction][n], n fastest.
    PreparedWeights(const int8_t* weights, uint32_t reduction, uint32_t n)
        : reduction_(reduction), channels_(n) {
        parts_.push_back({0, 0, PackedWeights(weights, reduction, n, n, 1)});
    }
    /// Output channels first .. first + n - 1 of a convolution.
    PreparedWeights(const int8_t* weights, const ConvolutionShape& shape, uint32_t first,
                    uint32_t n);
    /// Whether they were prepared for that.
    bool fit(const ConvolutionShape& shape, uint32_t first, uint32_t n) const;
    uint32_t reduction() const { return reduction_; }
    uint32_t channels() const { return channels_; }

private:
    friend class Patches;
    struct Part {  ///< output channels of one group
        uint32_t group, column;
        PackedWeights packed;
    };
    uint32_t reduction_, channels_, groups_ = 1, first_ = 0;
    std::vector<Part> parts_;
    std::vector<int16_t> taps_;  ///< depthwise, no parts: [kernel_y][kernel_x][n, padded]
};

/// The input of a run of output rows, to be multiplied by one or more weight chunks: the rows with
/// their padding columns, and where in them each output pixel's window begins. Reuse one object: it
/// keeps its memory.
class Patches {
public:
    void gather(const ConvolutionShape& shape, InputRows input, uint32_t output_rows);
    uint32_t rows() const { return view_.pixels; }  ///< output pixels
    uint32_t reduction() const { return shape_.reduction(); }
    void multiply(const PreparedWeights& weights, int32_t* sums) const;

private:
    void pad(InputRows input);
    void flatten();
    void depthwise(const PreparedWeights& weights, int32_t* sums) const;

    ConvolutionShape shape_;
    uint32_t parts_ = 1;  ///< of the channels, that lie one behind the other
    size_t part_values_ = 0;
    PatchView view_;  ///< of the first part
    std::vector<int16_t> padded_, flat_;
    std::vector<uint32_t> offsets_;
};

/// sums[pixel][n] = sum over reduction. sums has patches.rows() * weights.channels() elements.
inline void multiply(const Patches& patches, const PreparedWeights& weights, int32_t* sums) {
    patches.multiply(weights, sums);
}

}  // namespace karhunen
