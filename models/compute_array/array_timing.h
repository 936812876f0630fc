// How many clocks the array takes. No SystemC.
#pragma once

#include <cstdint>

namespace karhunen {

/// `reduction_lanes` multipliers are summed into one output; `output_lanes` outputs are made at
/// once. Every clock one pass: that many products of one output pixel. Chmiel et al.'s array, one
/// output value per clock in every layer of ResNet-18, is 4608 x 1.
struct ArrayTiming {
    uint32_t reduction_lanes = 576;
    uint32_t output_lanes = 4;
    uint32_t pass_values_per_clock = 64;

    /// One output row, n output channels, each a sum of `reduction` products.
    constexpr uint64_t convolution_clocks(uint32_t output_width, uint32_t n,
                                          uint32_t reduction) const {
        return uint64_t{output_width} * passes(n, output_lanes) *
               passes(reduction, reduction_lanes);
    }
    /// One row that is handed through.
    constexpr uint64_t pass_clocks(uint64_t values) const {
        return passes(values, pass_values_per_clock);
    }

private:
    static constexpr uint64_t passes(uint64_t work, uint32_t lanes) {
        return (work + lanes - 1) / lanes;
    }
};

}  // namespace karhunen
