// Post-processing between a test that plays the array and two row buffers.
#pragma once

#include <karhunen/registers.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "models/buffers/row_buffer.h"
#include "models/post_processing/post_processing.h"
#include "tests/support/simulation.h"

namespace karhunen {

inline sc_core::sc_time ns(uint64_t n) {
    return sc_core::sc_time::from_value(n * 1000);
}

/// What one map needs: the sums of the array, and how they become values. The definition of every
/// step is written out value by value.
struct Work {
    uint32_t height = 4, width = 3, channels = 6, chunk_channels = 6;
    std::vector<int32_t> sums;              ///< [y][x][c]
    std::vector<int32_t> bias, multiplier;  ///< per channel; empty: a pass
    std::vector<int16_t> residual;          ///< [y][x][c]; empty: none
    Format residual_format = Format::u8;
    uint32_t shift = 8, residual_multiplier = 0, pass_multiplier = 0, flags = 0;
    Format format = Format::u8;
    uint32_t kernel = 1, stride = 1, padding = 0;  ///< of pooling
    uint32_t residual_region = 0, result_region = 0;

    bool has(uint32_t flag) const { return flags & flag; }
    bool pools() const { return has(KRHN_POST_MAX_POOL | KRHN_POST_AVERAGE_POOL); }
    uint32_t output_size(uint32_t n) const {
        return pools() ? (n + 2 * padding - kernel) / stride + 1 : n;
    }
    size_t at(int64_t y, int64_t x, uint32_t c) const {
        return static_cast<size_t>((y * width + x) * channels + c);
    }
    int64_t finish(__int128 product) const {
        if (shift > 0) product = (product + (__int128{1} << (shift - 1))) >> shift;
        constexpr int64_t lows[] = {0, -128, -2048, INT32_MIN};
        constexpr int64_t highs[] = {255, 127, 2047, INT32_MAX};
        const auto f = static_cast<uint32_t>(format);
        const int64_t low = has(KRHN_POST_RELU) ? 0 : lows[f];
        return product < low ? low : product > highs[f] ? highs[f] : static_cast<int64_t>(product);
    }
    /// Before pooling.
    int64_t value(int64_t y, int64_t x, uint32_t c) const {
        const int64_t sum = sums[at(y, x, c)];
        if (bias.empty() && pass_multiplier == 0) {
            Work identity = *this;
            identity.shift = 0;
            return identity.finish(sum);
        }
        const int64_t b = bias.empty() ? 0 : bias[c];
        if (format == Format::s32) return has(KRHN_POST_RELU) && sum + b < 0 ? 0 : sum + b;
        __int128 product = __int128{sum + b} * (bias.empty() ? pass_multiplier : multiplier[c]);
        if (!residual.empty()) product += __int128{residual[at(y, x, c)]} * residual_multiplier;
        return finish(product);
    }
    int64_t result(int64_t y, int64_t x, uint32_t c) const {
        if (!pools()) return value(y, x, c);
        int64_t most = INT64_MIN, total = 0;
        for (int64_t i = 0; i < kernel; ++i)
            for (int64_t j = 0; j < kernel; ++j) {
                const int64_t from_y = y * stride - padding + i, from_x = x * stride - padding + j;
                if (from_y < 0 || from_y >= height || from_x < 0 || from_x >= width) continue;
                if (has(KRHN_POST_AVERAGE_POOL))
                    total += sums[at(from_y, from_x, c)];
                else
                    most = std::max(most, value(from_y, from_x, c));
            }
        return has(KRHN_POST_AVERAGE_POOL) ? finish(__int128{total} * pass_multiplier) : most;
    }
    /// Output rows that need none of the rows from `rows` on.
    uint32_t rows_done(uint32_t rows) const {
        if (!pools()) return rows;
        uint32_t done = 0;
        while (done < output_size(height) &&
               std::min<int64_t>(int64_t{done} * stride - padding + kernel, height) <= rows)
            ++done;
        return done;
    }

    void fill(std::mt19937& random, bool is_pass) {
        sums.resize(size_t{height} * width * channels);
        for (int32_t& s : sums)
            s = is_pass ? static_cast<int32_t>(random() % 256)
                        : static_cast<int32_t>(random()) >> (1 + random() % 23);
        if (is_pass) return;
        bias.resize(channels);
        multiplier.resize(channels);
        for (int32_t& v : bias) v = static_cast<int32_t>(random()) >> 12;
        for (int32_t& v : multiplier) v = static_cast<int32_t>(random() & INT32_MAX);
        shift = 31 + random() % 14;
    }
    void fill_residual(std::mt19937& random) {
        residual.resize(sums.size());
        for (int16_t& r : residual)
            r = static_cast<int16_t>(residual_format == Format::u8 ? random() % 256
                                                                   : random() % 4096 - 2048);
        residual_multiplier = random() & INT32_MAX;
        flags |= KRHN_POST_RESIDUAL;
    }

    SumRow slice(uint32_t y, uint32_t first) const {
        SumRow row;
        row.row = y;
        row.first_channel = first;
        row.width = width;
        row.channels = std::min(chunk_channels, channels - first);
        for (uint32_t x = 0; x < width; ++x)
            for (uint32_t c = 0; c < row.channels; ++c)
                row.sums.push_back(sums[at(y, x, first + c)]);
        if (!bias.empty()) {
            std::vector<int32_t> p(bias.begin() + first, bias.begin() + first + row.channels);
            p.insert(p.end(), multiplier.begin() + first,
                     multiplier.begin() + first + row.channels);
            row.parameters = std::make_shared<const std::vector<int32_t>>(std::move(p));
        }
        return row;
    }
};

struct Bench {
    static constexpr uint64_t period_ns = 10;

    RowBuffer residual, activation, output;
    PostProcessing post;
    Initiator cpu{"cpu"};
    sc_core::sc_signal<bool> irq{"irq"};

    explicit Bench(uint32_t output_bytes = 1 << 20, uint32_t residual_bytes = 1 << 20)
        : residual("residual", residual_bytes),
          activation("activation", output_bytes),
          output("output", output_bytes),
          post("post", {ns(period_ns), 8, 2}) {
        cpu.socket.bind(post.registers.socket);
        post.residual.bind(residual.reader);
        post.residual_writer.bind(residual.writer);
        post.activation.bind(activation.writer);
        post.output.bind(output.writer);
        post.irq.bind(irq);
    }

    void describe(const Work& w, uint32_t row, uint32_t rows, uint32_t residual_sequence,
                  uint32_t output_sequence) {
        cpu.write32(KRHN_POST_TAG, 5);
        cpu.write32(KRHN_POST_FLAGS, w.flags);
        cpu.write32(KRHN_POST_WIDTH, w.width);
        cpu.write32(KRHN_POST_ROWS, rows);
        cpu.write32(KRHN_POST_CHANNELS, w.channels);
        cpu.write32(KRHN_POST_FORMAT, static_cast<uint32_t>(w.format));
        cpu.write32(KRHN_POST_SHIFT, w.shift);
        cpu.write32(KRHN_POST_MULTIPLIER, w.pass_multiplier);
        cpu.write32(KRHN_POST_RESIDUAL_MULTIPLIER, w.residual_multiplier);
        cpu.write32(KRHN_POST_RESIDUAL_SEQUENCE, residual_sequence + row);
        cpu.write32(KRHN_POST_OUTPUT_SEQUENCE, output_sequence + w.rows_done(row));
        cpu.write32(KRHN_POST_POOL, w.kernel << 16 | w.stride << 8 | w.padding);
        cpu.write32(KRHN_POST_POOL_HEIGHT, w.height);
        cpu.write32(KRHN_POST_POOL_ROW, row);
        cpu.write32(KRHN_POST_OUTPUT_ROWS, w.rows_done(row + rows) - w.rows_done(row));
        cpu.write32(KRHN_POST_RESIDUAL_REGION, w.residual_region);
        cpu.write32(KRHN_POST_RESULT_REGION, w.result_region);
        cpu.write32(KRHN_POST_ROW_CHANNELS, 0);
        cpu.write32(KRHN_POST_FIRST_CHANNEL, 0);
    }
    void start() { cpu.write32(KRHN_CONTROL, KRHN_CONTROL_START); }
    void wait_for_jobs(uint32_t jobs) {
        cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_DONE | KRHN_IRQ_ERROR);
        while (cpu.read32(KRHN_JOBS_DONE) < jobs && cpu.read32(KRHN_ERROR) == 0) {
            cpu.write32(KRHN_IRQ_STATUS, ~0u);
            if (!irq.read()) sc_core::wait(irq.value_changed_event());
        }
    }
    /// The slices of rows [row, row+rows) in the order of the array.
    template <typename Pause>
    void push(const Work& w, uint32_t row, uint32_t rows, Pause pause) {
        const auto one = [&](uint32_t y, uint32_t first) {
            pause();
            post.sums->push(w.slice(y, first));
        };
        if (w.has(KRHN_POST_CHUNKED_ROWS)) {
            for (uint32_t c = 0; c < w.channels; c += w.chunk_channels)
                for (uint32_t y = row; y < row + rows; ++y) one(y, c);
        } else {
            for (uint32_t y = row; y < row + rows; ++y)
                for (uint32_t c = 0; c < w.channels; c += w.chunk_channels) one(y, c);
        }
    }
    void push(const Work& w) {
        push(w, 0, w.height, [] {});
    }
    void write_residual(const Work& w, uint32_t y, uint32_t sequence,
                        uint32_t region_bytes = UINT32_MAX) {
        Row& row =
            residual.open(0, region_bytes, sequence + y, w.width, w.channels, w.residual_format);
        std::copy_n(w.residual.begin() + static_cast<ptrdiff_t>(w.at(y, 0, 0)),
                    w.width * w.channels, row.values.begin());
        residual.commit(0, sequence + y, w.channels);
    }
    /// Takes the result rows out of a buffer and compares them with the definition.
    void check_results(const Work& w, uint32_t sequence, RowBuffer& buffer) {
        const uint32_t output_width = w.output_size(w.width);
        for (uint32_t y = 0; y < w.output_size(w.height); ++y) {
            const Row& row = buffer.wait_for(w.result_region, sequence + y);
            BOOST_TEST(row.width == output_width);
            BOOST_TEST(row.channels == w.channels);
            BOOST_TEST((row.format == w.format));
            unsigned wrong = 0;
            for (uint32_t x = 0; x < output_width; ++x)
                for (uint32_t c = 0; c < w.channels; ++c) {
                    const size_t i = size_t{x} * w.channels + c;
                    int32_t value = 0;
                    if (w.format == Format::s32)
                        std::memcpy(&value, &row.values[2 * i], sizeof value);
                    else
                        value = row.values[i];
                    wrong += value != w.result(y, x, c);
                }
            BOOST_TEST(wrong == 0u);
            buffer.release_before(w.result_region, sequence + y + 1);
        }
    }
    void check_accounts() {
        sc_core::sc_time sum;
        for (const sc_core::sc_time& t : post.activity().times()) sum += t;
        BOOST_TEST(sum == sc_core::sc_time_stamp());
    }
};

}  // namespace karhunen
