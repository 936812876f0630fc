#include "models/arithmetic/convolution.h"

#include <algorithm>
#include <cstring>

namespace karhunen {

void convolve_naive(const ConvolutionShape& shape, InputRows input, uint32_t output_rows,
                    const int8_t* weights, uint32_t n, int32_t* sums) {
    for (uint32_t row = 0; row < output_rows; ++row)
        for (uint32_t column = 0; column < shape.output_width; ++column)
            for (uint32_t j = 0; j < n; ++j) {
                uint32_t sum = 0;  // unsigned: wraps
                for (uint32_t ky = 0; ky < shape.kernel_y; ++ky)
                    for (uint32_t kx = 0; kx < shape.kernel_x; ++kx) {
                        const int16_t* values = input[row * shape.stride_y + ky];
                        const int64_t x =
                            int64_t{column} * shape.stride_x + kx - shape.padding_left;
                        if (!values || x < 0 || x >= shape.width) continue;
                        for (uint32_t c = 0; c < shape.channels; ++c) {
                            const size_t k =
                                (size_t{ky} * shape.kernel_x + kx) * shape.channels + c;
                            sum += static_cast<uint32_t>(values[x * shape.channels + c] *
                                                         weights[k * n + j]);
                        }
                    }
                *sums++ = static_cast<int32_t>(sum);
            }
}

void Patches::gather(const ConvolutionShape& shape, InputRows input, uint32_t output_rows) {
    const size_t width = size_t{shape.output_width - 1} * shape.stride_x + shape.kernel_x;
    view_.kernel_rows = shape.kernel_y;
    view_.run = shape.kernel_x * shape.channels;
    view_.pitch = width * shape.channels;
    view_.pixels = output_rows * shape.output_width;
    pad(shape, input);
    view_.values = padded_.data();

    offsets_.resize(view_.pixels);
    uint32_t* offset = offsets_.data();
    for (uint32_t row = 0; row < output_rows; ++row)
        for (uint32_t column = 0; column < shape.output_width; ++column)
            *offset++ = static_cast<uint32_t>(row * shape.stride_y * view_.pitch +
                                              column * shape.stride_x * shape.channels);
    view_.offsets = offsets_.data();
    if (view_.run % 2 != 0) flatten();
}

/// Copies the input rows with zeros for what lies outside the map.
void Patches::pad(const ConvolutionShape& shape, InputRows input) {
    const size_t pitch = view_.pitch;
    const size_t left = std::min(pitch, size_t{shape.padding_left} * shape.channels);
    const size_t inside = std::min(pitch - left, size_t{shape.width} * shape.channels);
    padded_.resize(input.size() * pitch);
    for (size_t i = 0; i < input.size(); ++i) {
        if (i % shape.stride_y >= shape.kernel_y) continue;  // between the windows
        int16_t* row = padded_.data() + i * pitch;
        if (!input[i]) {
            std::memset(row, 0, pitch * sizeof *row);
            continue;
        }
        std::memset(row, 0, left * sizeof *row);
        std::memcpy(row + left, input[i], inside * sizeof *row);
        std::memset(row + left + inside, 0, (pitch - left - inside) * sizeof *row);
    }
}

/// Pairs of products must not straddle kernel rows: a window whose rows have an odd number of
/// values is copied into one run (im2col). Only a picture's three channels come this way.
void Patches::flatten() {
    const uint32_t reduction = this->reduction(), run = view_.run;
    const uint32_t padded_reduction = reduction + reduction % 2;  // the last weight is then 0
    flat_.resize(size_t{view_.pixels} * padded_reduction);
    int16_t* to = flat_.data();
    for (uint32_t p = 0; p < view_.pixels; ++p) {
        const int16_t* from = view_.values + offsets_[p];
        for (uint32_t ky = 0; ky < view_.kernel_rows; ++ky, from += view_.pitch)
            std::memcpy(to + size_t{ky} * run, from, run * sizeof *to);
        to += padded_reduction;
        offsets_[p] = p * padded_reduction;
    }
    view_.values = flat_.data();
    view_.run = reduction;
    view_.kernel_rows = 1;
}

void multiply(const Patches& patches, const PreparedWeights& weights, int32_t* sums) {
    dot_products(patches.view(), weights.packed(), sums);
}

}  // namespace karhunen
