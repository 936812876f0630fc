// Max and average pooling over square windows. Padding never wins a maximum and counts as zero in
// an average, which divides by the full window (the multiplier is the caller's).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/arithmetic/requantise.h"

namespace karhunen {

struct PoolShape {
    uint32_t kernel = 1, stride = 1, padding = 0;
    uint32_t height = 0, width = 0, channels = 0;  ///< of the map before pooling
    bool partial = false;  ///< windows may end behind the padding if they begin before it

    uint32_t output_height() const { return outputs(height); }
    uint32_t output_width() const { return outputs(width); }

private:
    uint32_t outputs(uint32_t size) const {
        const uint32_t steps = size + 2 * padding - kernel;
        if (!partial) return steps / stride + 1;
        const uint32_t all = (steps + stride - 1) / stride;
        return all * stride < size + padding ? all + 1 : all;
    }
};

/// rows: `kernel` pointers to rows of width*channels values, nullptr where the window leaves the
/// map. result: output_width*channels values.
void max_pool_row(const PoolShape& shape, std::span<const int16_t* const> rows, int16_t* result);

/// result = saturate(sum of window * multiplier + half >> shift), see requantise.h.
void average_pool_row(const PoolShape& shape, std::span<const int16_t* const> rows,
                      int32_t multiplier, const Requantisation& parameters, int16_t* result);

/// Feeds rows in order, hands out pooled rows as soon as their window is complete; keeps the last
/// kernel-1 rows between jobs, as the line buffer of post-processing does.
class PoolLines {
public:
    void start(const PoolShape& shape);  ///< forget everything: a new map begins at row 0
    /// Next row of the map (width*channels values). Calls emit(index, rows) for each pooled row
    /// that is now complete, with `kernel` row pointers as above.
    template <typename Emit>
    void push(std::vector<int16_t> row, Emit&& emit);

private:
    PoolShape shape_;
    uint32_t next_input_ = 0, next_output_ = 0;
    std::vector<std::vector<int16_t>> lines_;
};

template <typename Emit>
void PoolLines::push(std::vector<int16_t> row, Emit&& emit) {
    const uint32_t k = shape_.kernel;
    lines_[next_input_ % k] = std::move(row);
    ++next_input_;
    while (next_output_ < shape_.output_height()) {
        const int64_t top = int64_t{next_output_} * shape_.stride - shape_.padding;
        if (top + k > next_input_ && next_input_ < shape_.height) return;
        std::vector<const int16_t*> window(k, nullptr);
        for (uint32_t i = 0; i < k; ++i) {
            const int64_t y = top + i;
            if (y >= 0 && y < shape_.height) window[i] = lines_[y % k].data();
        }
        emit(next_output_++, std::span<const int16_t* const>(window));
    }
}

}  // namespace karhunen
