#include "models/compute_array/array_job.h"

namespace karhunen {
namespace {

constexpr uint32_t most_rows = 1 << 16;        // of a map
constexpr uint64_t most_row_values = 1 << 20;  // in one row: more than any buffer holds
constexpr uint32_t known_flags = KRHN_ARRAY_RELEASE_SLIDING | KRHN_ARRAY_RELEASE_ALL |
                                 KRHN_ARRAY_RELEASE_WEIGHTS | KRHN_ARRAY_CHUNK_OUTERMOST |
                                 KRHN_ARRAY_WEIGHTS_4_BIT;

constexpr bool in(uint64_t value, uint64_t low, uint64_t high) {
    return low <= value && value <= high;
}

}  // namespace

bool ArrayJob::is_valid() const {
    if (kind > KRHN_ARRAY_PASS || region >= KRHN_BUFFER_REGIONS || flags & ~known_flags)
        return false;
    if (!in(input_height, 1, most_rows) || !in(output_rows, 1, most_rows) ||
        output_row >= most_rows)
        return false;
    if (!in(uint64_t{input_width} * input_channels, 1, most_row_values)) return false;
    if (is_pass()) return output_row + output_rows <= input_height;
    return is_valid_convolution();
}

bool ArrayJob::is_valid_convolution() const {
    if (kernel_y == 0 || kernel_x == 0 || stride_y == 0 || stride_x == 0) return false;
    if (dilation_y == 0 || dilation_x == 0) return false;
    if (padding_top >= window_rows() || padding_left >= (kernel_x - 1) * dilation_x + 1)
        return false;
    if (groups == 0 || input_channels % groups || output_channels % groups) return false;
    if (!in(uint64_t{output_width} * output_channels, 1, most_row_values)) return false;
    if (window_top(output_row + output_rows - 1) >= input_height) return false;
    if (int64_t{output_width - 1} * stride_x - padding_left >= int64_t{input_width}) return false;
    if (weight_chunks == 0 || chunk_channels == 0) return false;
    return uint64_t{weight_chunks - 1} * chunk_channels < output_channels &&
           uint64_t{weight_chunks} * chunk_channels >= output_channels;
}

ConvolutionShape ArrayJob::shape() const {
    ConvolutionShape s;
    s.width = input_width;
    s.channels = input_channels;
    s.kernel_y = kernel_y;
    s.kernel_x = kernel_x;
    s.stride_y = stride_y;
    s.stride_x = stride_x;
    s.padding_left = padding_left;
    s.output_width = output_width;
    s.dilation_y = dilation_y;
    s.dilation_x = dilation_x;
    s.groups = groups;
    s.output_channels = output_channels;
    return s;
}

}  // namespace karhunen
