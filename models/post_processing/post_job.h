// One job of post-processing, as its registers describe it. No SystemC.
#pragma once

#include <karhunen/registers.h>

#include <cstdint>

#include "models/arithmetic/format.h"
#include "models/arithmetic/pooling.h"
#include "models/arithmetic/requantise.h"

namespace karhunen {

struct PostJob {
    uint32_t tag = 0, flags = 0;
    uint32_t width = 0, rows = 0, channels = 0;  ///< of what comes from the array
    uint32_t format_number = 0, shift = 0, multiplier = 0, residual_multiplier = 0;
    uint32_t residual_sequence = 0, output_sequence = 0;
    uint32_t pool_kernel = 0, pool_stride = 0, pool_padding = 0, pool_height = 0, pool_row = 0;
    bool pools_partial = false;
    uint32_t output_rows = 0;
    uint32_t residual_region = 0, result_region = 0;
    uint32_t row_channels = 0, first_channel = 0;  ///< of the result

    /// Every value is in range, the flags go together, and output_rows is what the rows make.
    bool is_valid() const;

    bool has(uint32_t flag) const { return flags & flag; }
    bool has_pooling() const { return has(KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL); }
    Format format() const { return static_cast<Format>(format_number); }
    Requantisation requantisation() const {
        return {shift, format(), has(KRHN_POST_RELU), static_cast<int32_t>(residual_multiplier)};
    }
    /// Of the rows before pooling, `n` channels of them.
    PoolShape pool_shape(uint32_t n) const {
        return {pool_kernel, pool_stride, pool_padding, pool_height, width, n, pools_partial};
    }
    uint32_t output_width() const { return has_pooling() ? pool_shape(1).output_width() : width; }
    /// Pooled rows that the first `rows` rows of the map complete.
    uint32_t pooled_rows(uint32_t rows) const;

private:
    bool is_valid_pooling() const;
    bool has_valid_regions() const;
    bool has_valid_row() const;
};

}  // namespace karhunen
