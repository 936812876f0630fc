// The compute array between an activation buffer, a weight buffer and a sink.
#pragma once

#include <karhunen/registers.h>

#include <cstring>
#include <random>
#include <vector>

#include "models/buffers/chunk_store.h"
#include "models/buffers/row_buffer.h"
#include "models/compute_array/compute_array.h"
#include "tests/support/simulation.h"

namespace karhunen {

inline sc_core::sc_time ns(uint64_t n) {
    return sc_core::sc_time::from_value(n * 1000);
}

/// Keeps what it gets, and when; may take its time.
class SlowSink : public sc_core::sc_module, public SumSink {
public:
    struct Taken {
        SumRow row;
        sc_core::sc_time offered;
    };
    std::vector<Taken> taken;
    sc_core::sc_time pause;       ///< each row, exactly
    uint32_t most_random_ns = 0;  ///< each row, in addition
    std::mt19937 random{1};

    explicit SlowSink(sc_core::sc_module_name name) : sc_module(name) {}
    void push(SumRow row) override {
        const sc_core::sc_time offered = sc_core::sc_time_stamp();
        sc_core::sc_time time = pause;
        if (most_random_ns) time += ns(random() % most_random_ns);
        if (time != sc_core::SC_ZERO_TIME) wait(time);
        taken.push_back({std::move(row), offered});
    }
};

/// A convolution layer with random contents, and the sums that it should give.
struct Layer {
    uint32_t height, width, channels;
    uint32_t kernel_y, kernel_x, stride_y, stride_x, top, left;
    uint32_t output_height, output_width, output_channels, chunk_channels;
    std::vector<int> input;    ///< [y][x][c]
    std::vector<int> weights;  ///< [oc][ky][kx][c]
    std::vector<int> bias, multiplier;
    uint32_t dilation_y = 1, dilation_x = 1, groups = 1;
    uint32_t weight_bits = 8;

    uint32_t chunks() const { return (output_channels + chunk_channels - 1) / chunk_channels; }
    uint32_t channels_of(uint32_t chunk) const {
        return std::min(chunk_channels, output_channels - chunk * chunk_channels);
    }
    uint32_t reduction() const { return kernel_y * kernel_x * channels / groups; }

    void fill(std::mt19937& random) {
        const auto values = [&](size_t n, int low, int high) {
            std::vector<int> result(n);
            for (int& v : result) v = low + static_cast<int>(random() % (high - low + 1u));
            return result;
        };
        input = values(size_t{height} * width * channels, 0, 255);
        const int largest = weight_bits == 4 ? 7 : 127;
        weights = values(size_t{output_channels} * reduction(), -largest - 1, largest);
        bias = values(output_channels, -100000, 100000);
        multiplier = values(output_channels, 0, INT32_MAX - 1);
    }

    /// The definition of a convolution, pixel by pixel.
    int64_t sum(uint32_t row, uint32_t column, uint32_t oc) const {
        int64_t total = 0;
        for (uint32_t ky = 0; ky < kernel_y; ++ky)
            for (uint32_t kx = 0; kx < kernel_x; ++kx) {
                const int64_t y = int64_t{row} * stride_y + ky * dilation_y - top;
                const int64_t x = int64_t{column} * stride_x + kx * dilation_x - left;
                if (y < 0 || y >= height || x < 0 || x >= width) continue;
                const uint32_t n = channels / groups, group = oc / (output_channels / groups);
                for (uint32_t c = 0; c < n; ++c)
                    total += input[(y * width + x) * channels + group * n + c] *
                             weights[((oc * kernel_y + ky) * kernel_x + kx) * n + c];
            }
        return total;
    }

    std::vector<uint8_t> chunk(uint32_t index) const {
        const uint32_t n = channels_of(index), first = index * chunk_channels;
        std::vector<uint8_t> bytes(8 * n + (size_t{n} * reduction() * weight_bits + 7) / 8);
        for (uint32_t i = 0; i < n; ++i) {
            std::memcpy(&bytes[4 * i], &bias[first + i], 4);
            std::memcpy(&bytes[4 * (n + i)], &multiplier[first + i], 4);
            for (uint32_t k = 0; k < reduction(); ++k) {
                const int weight = weights[(first + i) * reduction() + k];
                if (weight_bits == 8)
                    bytes[8 * n + k * n + i] = static_cast<uint8_t>(weight);
                else  // the halves of a byte, low one first
                    bytes[8 * n + (k * n + i) / 2] |= (weight & 15) * ((k * n + i) % 2 ? 16 : 1);
            }
        }
        bytes.resize((bytes.size() + 63) / 64 * 64);
        return bytes;
    }
};

/// 3 x 3, stride 1, padding 1.
inline Layer small_layer(uint32_t height = 6, uint32_t width = 5, uint32_t channels = 4,
                         uint32_t output_channels = 8, uint32_t chunk_channels = 8) {
    Layer l{height, width,           channels,       3,  3,  1,  1,  1, 1, height,
            width,  output_channels, chunk_channels, {}, {}, {}, {}, 1, 1, 1};
    std::mt19937 random(4);
    l.fill(random);
    return l;
}

struct Bench {
    static constexpr uint64_t period_ns = 10;

    RowBuffer activation;
    ChunkStore weights;
    ComputeArray array;
    SlowSink sink{"sink"};
    Initiator cpu{"cpu"};
    sc_core::sc_signal<bool, sc_core::SC_UNCHECKED_WRITERS> irq{"irq"};

    explicit Bench(const ArrayTiming& timing = {}, uint32_t activation_bytes = 1 << 20,
                   uint32_t weight_bytes = 1 << 20)
        : activation("activation", activation_bytes),
          weights("weights", weight_bytes),
          array("array", timing, ns(period_ns)) {
        cpu.socket.bind(array.registers.socket);
        array.activation.bind(activation.reader);
        array.weights.bind(weights.reader);
        array.post.bind(sink);
        array.irq.bind(irq);
    }

    void write_row(const Layer& l, uint32_t y, uint32_t sequence, uint32_t region = 0) {
        Row& row =
            activation.open(region, UINT32_MAX, sequence + y, l.width, l.channels, Format::u8);
        std::copy_n(l.input.begin() + y * l.width * l.channels, l.width * l.channels,
                    row.values.begin());
        activation.commit(region, sequence + y, l.channels);
    }
    void write_rows(const Layer& l, uint32_t sequence, uint32_t region = 0) {
        for (uint32_t y = 0; y < l.height; ++y) write_row(l, y, sequence, region);
    }
    void load(const std::vector<uint8_t>& chunk, bool error = false) {
        weights.begin({{static_cast<uint32_t>(chunk.size())}, 0});
        weights.write(weights.reserve(512), chunk);
        weights.end(error);
    }
    void load_chunks(const Layer& l) {
        for (uint32_t c = 0; c < l.chunks(); ++c) load(l.chunk(c));
    }

    /// The parameters of a job over output rows [row, row+rows).
    void describe(const Layer& l, uint32_t row, uint32_t rows, uint32_t sequence, uint32_t flags,
                  uint32_t weight_sequence = 0, uint32_t region = 0) {
        cpu.write32(KRHN_ARRAY_TAG, 42);
        cpu.write32(KRHN_ARRAY_KIND, KRHN_ARRAY_CONVOLUTION);
        cpu.write32(KRHN_ARRAY_REGION, region);
        cpu.write32(KRHN_ARRAY_INPUT_SEQUENCE, sequence);
        cpu.write32(KRHN_ARRAY_INPUT_HEIGHT, l.height);
        cpu.write32(KRHN_ARRAY_INPUT_WIDTH, l.width);
        cpu.write32(KRHN_ARRAY_INPUT_CHANNELS, l.channels);
        cpu.write32(KRHN_ARRAY_OUTPUT_ROW, row);
        cpu.write32(KRHN_ARRAY_OUTPUT_ROWS, rows);
        cpu.write32(KRHN_ARRAY_OUTPUT_WIDTH, l.output_width);
        cpu.write32(KRHN_ARRAY_OUTPUT_CHANNELS, l.output_channels);
        cpu.write32(KRHN_ARRAY_KERNEL, l.kernel_y << 8 | l.kernel_x);
        cpu.write32(KRHN_ARRAY_STRIDE, l.stride_y << 8 | l.stride_x);
        cpu.write32(KRHN_ARRAY_PADDING, l.top << 8 | l.left);
        cpu.write32(KRHN_ARRAY_WEIGHT_SEQUENCE, weight_sequence);
        cpu.write32(KRHN_ARRAY_WEIGHT_CHUNKS, l.chunks());
        cpu.write32(KRHN_ARRAY_CHUNK_CHANNELS, l.chunk_channels);
        cpu.write32(KRHN_ARRAY_FLAGS, flags | (l.weight_bits == 4 ? KRHN_ARRAY_WEIGHTS_4_BIT : 0));
        cpu.write32(KRHN_ARRAY_DILATION, l.dilation_y << 8 | l.dilation_x);
        cpu.write32(KRHN_ARRAY_GROUPS, l.groups);
    }
    void start() { cpu.write32(KRHN_CONTROL, KRHN_CONTROL_START); }
    void wait_for_jobs(uint32_t jobs) {
        cpu.write32(KRHN_IRQ_ENABLE, KRHN_IRQ_DONE | KRHN_IRQ_ERROR);
        while (cpu.read32(KRHN_JOBS_DONE) < jobs && cpu.read32(KRHN_ERROR) == 0) {
            cpu.write32(KRHN_IRQ_STATUS, ~0u);
            if (!irq.read()) sc_core::wait(irq.value_changed_event());
        }
    }

    /// Compares everything that came with the definition.
    void check_sums(const Layer& l, uint32_t slices) {
        BOOST_TEST(sink.taken.size() == slices);
        for (const SlowSink::Taken& t : sink.taken) {
            const SumRow& r = t.row;
            BOOST_TEST(r.width == l.output_width);
            BOOST_TEST(r.sums.size() == size_t{r.width} * r.channels);
            BOOST_TEST(r.parameters->size() == 2 * r.channels);
            unsigned wrong = 0;
            for (uint32_t i = 0; i < r.channels; ++i) {
                wrong += (*r.parameters)[i] != l.bias[r.first_channel + i];
                wrong += (*r.parameters)[r.channels + i] != l.multiplier[r.first_channel + i];
                for (uint32_t x = 0; x < r.width; ++x)
                    wrong += r.sums[x * r.channels + i] != l.sum(r.row, x, r.first_channel + i);
            }
            BOOST_TEST(wrong == 0u);
        }
    }
    /// The parts of every job sum to its time, those of the block to all time.
    void check_accounts() {
        for (const ArrayJobRecord& j : array.jobs())
            BOOST_TEST(j.compute + j.wait_input + j.wait_weights + j.wait_output ==
                       j.end - j.begin);
        sc_core::sc_time sum;
        for (const sc_core::sc_time& t : array.activity().times()) sum += t;
        BOOST_TEST(sum == sc_core::sc_time_stamp());
    }
};

}  // namespace karhunen
