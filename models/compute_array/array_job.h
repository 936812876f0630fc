// One job of the array, as its registers describe it. No SystemC.
#pragma once

#include <karhunen/registers.h>

#include <algorithm>
#include <cstdint>

#include "models/arithmetic/convolution.h"

namespace karhunen {

struct ArrayJob {
    uint32_t tag = 0, kind = 0, region = 0;
    uint32_t input_sequence = 0, input_height = 0, input_width = 0, input_channels = 0;
    uint32_t output_row = 0, output_rows = 0, output_width = 0, output_channels = 0;
    uint32_t kernel_y = 1, kernel_x = 1, stride_y = 1, stride_x = 1;
    uint32_t padding_top = 0, padding_left = 0;
    uint32_t dilation_y = 1, dilation_x = 1, groups = 1;
    uint32_t weight_sequence = 0, weight_chunks = 0, chunk_channels = 0, flags = 0;

    /// Every size is in range and the parameters fit each other: every window touches the map, and
    /// the chunks make the output channels.
    bool is_valid() const;

    bool is_pass() const { return kind == KRHN_ARRAY_PASS; }
    bool is_chunk_outermost() const { return flags & KRHN_ARRAY_CHUNK_OUTERMOST; }
    uint32_t weight_bits() const { return KRHN_ARRAY_WEIGHT_BITS(flags); }
    ConvolutionShape shape() const;
    uint32_t channels_of(uint32_t chunk) const {
        return std::min(chunk_channels, output_channels - chunk * chunk_channels);
    }

    /// Input row of the top of an output row's window; negative in the padding.
    int64_t window_top(uint32_t row) const { return int64_t{row} * stride_y - padding_top; }
    /// The part of an output row's window that lies in the map: first row, and the one behind it.
    uint32_t first_input(uint32_t row) const { return clamp(window_top(row)); }
    uint32_t end_input(uint32_t row) const { return clamp(window_top(row) + window_rows()); }
    uint32_t window_rows() const { return (kernel_y - 1) * dilation_y + 1; }
    /// Input rows before this one are needed by no output row after `row`.
    uint32_t needed_after(uint32_t row) const { return clamp(window_top(row + 1)); }

private:
    bool is_valid_convolution() const;
    uint32_t clamp(int64_t row) const {
        return static_cast<uint32_t>(std::clamp<int64_t>(row, 0, input_height));
    }
};

}  // namespace karhunen
