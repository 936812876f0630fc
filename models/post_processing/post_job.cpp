#include "models/post_processing/post_job.h"

#include <algorithm>

namespace karhunen {
namespace {

constexpr uint32_t most_rows = 1 << 16;        // of a map
constexpr uint64_t most_row_values = 1 << 20;  // in one row: more than any buffer holds
constexpr uint32_t most_multiplier = INT32_MAX;
constexpr uint32_t most_shift = 62;
constexpr uint32_t most_pool = 255;  // a window of 255 x 255 int16 values sums up in 31 bits
constexpr uint32_t known_flags =
    KRHN_POST_RELU | KRHN_POST_RESIDUAL | KRHN_POST_RELEASE_RESIDUAL | KRHN_POST_TO_RESIDUAL |
    KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL | KRHN_POST_CHUNKED_ROWS | KRHN_POST_TO_INPUT;

constexpr bool in(uint64_t value, uint64_t low, uint64_t high) {
    return low <= value && value <= high;
}

}  // namespace

bool PostJob::is_valid() const {
    if (flags & ~known_flags || !is_valid_format(format_number)) return false;
    if (!in(rows, 1, most_rows) || !in(uint64_t{width} * channels, 1, most_row_values))
        return false;
    if (shift > most_shift || multiplier > most_multiplier || residual_multiplier > most_multiplier)
        return false;
    // Logits are sums: nothing is added to them, and no maximum is taken of them.
    if (format() == Format::s32 && has(KRHN_POST_RESIDUAL | KRHN_POST_MAX_POOL)) return false;
    if (has(KRHN_POST_RESIDUAL) && has(KRHN_POST_AVERAGE_POOL)) return false;
    if (!has_valid_regions() || !has_valid_row()) return false;
    return has_pooling() ? is_valid_pooling() : output_rows == rows;
}

bool PostJob::has_valid_regions() const {
    if (residual_region >= KRHN_BUFFER_REGIONS || result_region >= KRHN_BUFFER_REGIONS)
        return false;
    if (!has(KRHN_POST_TO_RESIDUAL | KRHN_POST_TO_INPUT)) return result_region == 0;
    if (!has(KRHN_POST_TO_RESIDUAL)) return true;
    // A region cannot give room for a row that waits for a row behind it.
    return !has(KRHN_POST_TO_INPUT) &&
           (!has(KRHN_POST_RESIDUAL) || residual_region != result_region);
}

/// Jobs that make rows together do not add: a residual row is whole, and freed with its last use.
bool PostJob::has_valid_row() const {
    if (channels > row_channels || first_channel > row_channels - channels) return false;
    if (!in(uint64_t{width} * row_channels, 1, most_row_values)) return false;
    return channels == row_channels || !has(KRHN_POST_RESIDUAL);
}

bool PostJob::is_valid_pooling() const {
    if (has(KRHN_POST_MAX_POOL) && has(KRHN_POST_AVERAGE_POOL)) return false;
    if (!in(pool_kernel, 1, most_pool) || pool_stride == 0 || pool_padding >= pool_kernel)
        return false;
    if (pool_height > most_rows || pool_row >= pool_height || rows > pool_height - pool_row)
        return false;
    if (std::min(pool_height, width) + 2 * pool_padding < pool_kernel) return false;
    return output_rows == pooled_rows(pool_row + rows) - pooled_rows(pool_row);
}

uint32_t PostJob::pooled_rows(uint32_t rows) const {
    const uint32_t all = pool_shape(1).output_height();
    if (rows == pool_height) return all;
    if (rows + pool_padding < pool_kernel) return 0;
    return std::min(all, (rows + pool_padding - pool_kernel) / pool_stride + 1);
}

}  // namespace karhunen
