// What post-processing computes, slice by slice; no SystemC.
//
// A slice is some consecutive channels of a row: the array makes its sums chunk by chunk. Slices of
// a row are independent of each other in every step, pooling too, so each has lines of its own.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "models/arithmetic/pooling.h"
#include "models/interfaces/values.h"
#include "models/post_processing/post_job.h"

namespace karhunen {

struct SumSlice {
    uint32_t first_channel = 0, channels = 0, width = 0;
    std::span<const int32_t> sums;        ///< [column][channel]
    std::span<const int32_t> parameters;  ///< bias[channels], multiplier[channels]; empty: pass
};

struct ResultSlice {
    uint32_t row = 0;  ///< among the output rows of the job
    uint32_t first_channel = 0, channels = 0;
    std::vector<int16_t> values;  ///< [column][channel], s32: two each
};

class PostCore {
public:
    /// skipped: sums and results are empty, their shapes and order the same.
    explicit PostCore(Values values = Values::computed) : values_(values) {}

    /// Begins a job. False: it is not valid, or does not go on where the last one stopped pooling.
    bool start(const PostJob& job);

    /// The slice is of the shape and in the order that the job expects.
    bool accepts(const SumSlice& slice) const;
    /// residual: value of column 0 and the slice's first channel in the residual row, or nullptr.
    /// Calls use(ResultSlice) for each result; most often one, with pooling none or more.
    template <typename Use>
    void push(const SumSlice& slice, const int16_t* residual, Use&& use);

    uint32_t row() const { return row_; }  ///< of the next slice, among the rows of the job
    /// The next slice, of n channels, is the last of its row.
    bool completes_row(uint32_t n) const { return channel_ + n == job_.channels; }
    bool is_done() const;

private:
    struct Lines {
        PoolLines lines;
        PoolShape shape;
    };
    /// Pooling goes on from job to job of a map.
    struct Pool {
        PoolShape shape;   ///< of whole rows
        uint32_t row = 0;  ///< next row of the map
        bool is_maximum = false;
        std::map<uint32_t, Lines> lines;  ///< by first channel of the slice
    };

    std::vector<int16_t> requantise(const SumSlice& slice, const int16_t* residual);
    void pool(const SumSlice& slice, std::vector<int16_t> values);
    std::vector<int16_t> pool_row(const PoolShape& shape,
                                  std::span<const int16_t* const> rows) const;
    bool holds_back(uint32_t channels);
    bool continues_map() const;
    void forget_pools();
    void advance(uint32_t channels);

    const Values values_;
    PostJob job_;
    uint32_t row_ = 0, channel_ = 0;  ///< of the next slice
    uint32_t chunk_channels_ = 0;     ///< of the chunk going on
    std::vector<int32_t> uniform_;    ///< stands in for parameters where there are none
    std::map<uint32_t, Pool> pools_;  ///< by the job's first channel in the result row
    std::vector<ResultSlice> held_;   ///< pooled, of a row whose other slices are not there yet
};

template <typename Use>
void PostCore::push(const SumSlice& slice, const int16_t* residual, Use&& use) {
    std::vector<int16_t> values = requantise(slice, residual);
    if (job_.has_pooling()) {
        pool(slice, std::move(values));
        if (holds_back(slice.channels)) return advance(slice.channels);
        for (const ResultSlice& result : held_) use(result);
        held_.clear();
    } else {
        use(ResultSlice{row_, slice.first_channel, slice.channels, std::move(values)});
    }
    advance(slice.channels);
}

}  // namespace karhunen
