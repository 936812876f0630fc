#include "models/post_processing/post_core.h"

#include <algorithm>

namespace karhunen {
namespace {

std::vector<int16_t> clamp(std::span<const int32_t> values, int64_t low, int64_t high) {
    std::vector<int16_t> result(values.size());
    std::transform(values.begin(), values.end(), result.begin(),
                   [&](int32_t v) { return static_cast<int16_t>(saturate(v, low, high)); });
    return result;
}

}  // namespace

bool PostCore::start(const PostJob& job) {
    job_ = job;
    row_ = channel_ = 0;
    held_.clear();
    if (!job.is_valid()) return false;
    if (!job.has_pooling()) return true;
    if (job.pool_row == 0) {
        forget_pools();
        pools_[job.first_channel] = {
            job.pool_shape(job.channels), 0, job.has(KRHN_POST_MAX_POOL), {}};
    } else if (!continues_map()) {
        return false;
    }
    pools_[job.first_channel].row = job.pool_row + job.rows;
    return true;
}

/// A new map begins: its lines take the place of others of the same channels.
void PostCore::forget_pools() {
    const uint32_t first = job_.first_channel, end = first + job_.channels;
    std::erase_if(pools_, [&](const auto& entry) {
        const bool apart = entry.first >= end || entry.first + entry.second.shape.channels <= first;
        return !apart || job_.channels == job_.row_channels;
    });
}

bool PostCore::continues_map() const {
    const PoolShape shape = job_.pool_shape(job_.channels);
    const auto found = pools_.find(job_.first_channel);
    if (found == pools_.end()) return false;
    const PoolShape& old = found->second.shape;
    return job_.pool_row == found->second.row &&
           job_.has(KRHN_POST_MAX_POOL) == found->second.is_maximum && shape.kernel == old.kernel &&
           shape.stride == old.stride && shape.padding == old.padding &&
           shape.height == old.height && shape.width == old.width &&
           shape.channels == old.channels && shape.partial == old.partial;
}

bool PostCore::accepts(const SumSlice& slice) const {
    const uint32_t n = slice.channels;
    if (n == 0 || slice.first_channel != channel_ || n > job_.channels - channel_) return false;
    // Every row of a chunk has the same channels.
    if (job_.has(KRHN_POST_CHUNKED_ROWS) && row_ > 0 && n != chunk_channels_) return false;
    const size_t sums = values_ == Values::computed ? size_t{n} * slice.width : 0;
    if (slice.width != job_.width || slice.sums.size() != sums) return false;
    if (!slice.parameters.empty() && slice.parameters.size() != 2 * size_t{n}) return false;
    const bool has_multiplier = !slice.parameters.empty() || job_.multiplier != 0;
    if (job_.has(KRHN_POST_RESIDUAL) && !has_multiplier) return false;
    // Average pooling rounds once, after the sum: its rows come as they were decoded.
    if (job_.has(KRHN_POST_AVERAGE_POOL) && (!slice.parameters.empty() || !has_multiplier))
        return false;
    if (!job_.has_pooling() || (row_ == 0 && job_.pool_row == 0)) return true;
    const std::map<uint32_t, Lines>& lines = pools_.at(job_.first_channel).lines;
    const auto known = lines.find(slice.first_channel);
    return known != lines.end() && known->second.shape.channels == n;
}

bool PostCore::is_done() const {
    return job_.has(KRHN_POST_CHUNKED_ROWS) ? channel_ == job_.channels : row_ == job_.rows;
}

void PostCore::advance(uint32_t channels) {
    if (job_.has(KRHN_POST_CHUNKED_ROWS)) {
        chunk_channels_ = channels;
        if (++row_ < job_.rows) return;
        row_ = 0;
        channel_ += channels;
    } else {
        channel_ += channels;
        if (channel_ < job_.channels) return;
        channel_ = 0;
        ++row_;
    }
}

std::vector<int16_t> PostCore::requantise(const SumSlice& slice, const int16_t* residual) {
    const uint32_t n = slice.channels;
    if (values_ == Values::skipped) return {};
    if (job_.has(KRHN_POST_AVERAGE_POOL)) return clamp(slice.sums, INT16_MIN, INT16_MAX);
    if (slice.parameters.empty()) {
        if (job_.multiplier == 0 && job_.format() != Format::s32)
            return clamp(slice.sums, job_.has(KRHN_POST_RELU) ? 0 : min_of(job_.format()),
                         max_of(job_.format()));
        uniform_.assign(2 * size_t{n}, 0);
        std::fill(uniform_.begin() + n, uniform_.end(), static_cast<int32_t>(job_.multiplier));
    }
    const int32_t* bias = slice.parameters.empty() ? uniform_.data() : slice.parameters.data();
    const uint32_t stride = n * words_of(job_.format());
    std::vector<int16_t> result(size_t{slice.width} * stride);
    requantise_row(job_.requantisation(), slice.sums.data(), bias, bias + n, slice.width, n,
                   residual, job_.channels, result.data(), stride);
    return result;
}

/// Adds a row of the slice's channels; the pooled rows that this completes go to held_.
void PostCore::pool(const SumSlice& slice, std::vector<int16_t> values) {
    Lines& line = pools_[job_.first_channel].lines[slice.first_channel];
    if (row_ == 0 && job_.pool_row == 0) {
        line.shape = job_.pool_shape(slice.channels);
        line.lines.start(line.shape);
    }
    const uint32_t first = job_.pooled_rows(job_.pool_row);
    line.lines.push(std::move(values), [&](uint32_t row, std::span<const int16_t* const> window) {
        held_.push_back(
            {row - first, slice.first_channel, slice.channels, pool_row(line.shape, window)});
    });
}

/// The last row of a map may complete several pooled rows. They go out row by row, not slice by
/// slice: else none would be complete, and none could leave, before there is room for all.
bool PostCore::holds_back(uint32_t channels) {
    if (!job_.has(KRHN_POST_CHUNKED_ROWS) && !completes_row(channels)) return true;
    std::stable_sort(held_.begin(), held_.end(),
                     [](const ResultSlice& a, const ResultSlice& b) { return a.row < b.row; });
    return false;
}

std::vector<int16_t> PostCore::pool_row(const PoolShape& shape,
                                        std::span<const int16_t* const> rows) const {
    if (values_ == Values::skipped) return {};
    const size_t values = size_t{shape.output_width()} * shape.channels;
    if (job_.has(KRHN_POST_MAX_POOL)) {
        std::vector<int16_t> result(values);
        max_pool_row(shape, rows, result.data());
        return result;
    }
    std::vector<int16_t> result(values * words_of(job_.format()));
    average_pool_row(shape, rows, static_cast<int32_t>(job_.multiplier), job_.requantisation(),
                     result.data());
    return result;
}

}  // namespace karhunen
