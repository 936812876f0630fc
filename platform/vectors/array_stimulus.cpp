#include "platform/vectors/array_stimulus.h"

#include <algorithm>
#include <functional>

#include <karhunen/loadable.h>

#include "models/arithmetic/packed_weights.h"
#include "platform/internal_error.h"
#include "platform/vectors/array_vectors.h"

namespace karhunen::vectors {

namespace {

/// Values of a job: of the whole input map, and of the weights [output channel][tap].
struct ArraySource {
    ArrayJob job;
    Format format = Format::u8;
    std::vector<int16_t> map;
    std::function<int8_t()> weight;
};

std::vector<uint8_t> chunk_of(const ArraySource& source, uint32_t chunk) {
    const ArrayJob& job = source.job;
    const uint32_t n = job.channels_of(chunk);
    std::vector<int8_t> weights(size_t{n} * job.shape().reduction());
    std::generate(weights.begin(), weights.end(), source.weight);
    std::vector<uint8_t> bytes(size_t{n} * 8);  // no bias, no multiplier: sums do not take them
    const size_t head = bytes.size();
    bytes.resize(head + weight_bytes(weights.size(), job.weight_bits()));
    if (job.weight_bits() == 4)
        pack_four_bits(weights, bytes.data() + head);
    else
        std::copy(weights.begin(), weights.end(), bytes.begin() + static_cast<ptrdiff_t>(head));
    bytes.resize((bytes.size() + KRHN_ALIGNMENT - 1) / KRHN_ALIGNMENT * KRHN_ALIGNMENT);
    return bytes;
}

/// All rows of all chunks, by the product that the array uses.
std::vector<std::vector<int32_t>> sums_by_chunk(const ArrayRecord& record) {
    const ArrayJob& job = record.job;
    const ConvolutionShape shape = job.shape();
    std::vector<const int16_t*> input((job.output_rows - 1) * job.stride_y + job.window_rows());
    for (size_t i = 0; i < input.size(); ++i) {
        const int64_t y = job.window_top(job.output_row) + static_cast<int64_t>(i);
        const auto row = record.rows.find(static_cast<uint32_t>(y));
        input[i] = y < 0 || row == record.rows.end() ? nullptr : row->second.data();
    }
    Patches patches;
    patches.gather(shape, input, job.output_rows);
    std::vector<std::vector<int32_t>> sums;
    for (uint32_t c = 0; c < job.weight_chunks; ++c) {
        const uint32_t n = job.channels_of(c);
        const auto chunk = WeightChunk::parse(record.chunks[c], shape, c * job.chunk_channels, n,
                                              job.weight_bits());
        if (!chunk) throw InternalError("a weight chunk that the array does not take");
        sums.emplace_back(size_t{job.output_rows} * job.output_width * n);
        multiply(patches, chunk->weights, sums.back().data());
    }
    return sums;
}

void add_sums(ArrayRecord& record) {
    const ArrayJob& job = record.job;
    const auto sums = sums_by_chunk(record);
    const auto add = [&](uint32_t row, uint32_t chunk) {
        const size_t slice = size_t{job.output_width} * job.channels_of(chunk);
        const auto first = sums[chunk].begin() + static_cast<ptrdiff_t>(row * slice);
        record.sums.insert(record.sums.end(), first, first + static_cast<ptrdiff_t>(slice));
    };
    if (job.is_chunk_outermost())
        for (uint32_t c = 0; c < job.weight_chunks; ++c)
            for (uint32_t y = 0; y < job.output_rows; ++y) add(y, c);
    else
        for (uint32_t y = 0; y < job.output_rows; ++y)
            for (uint32_t c = 0; c < job.weight_chunks; ++c) add(y, c);
}

VectorCase case_of(const std::string& name, const ArraySource& source) {
    ArrayRecord record;
    const ArrayJob& job = record.job = source.job;
    if (!job.is_valid()) throw InternalError("a job that the array does not take: " + name);
    record.format = source.format;
    const uint32_t end_row = job.output_row + job.output_rows;
    const uint32_t first = job.is_pass() ? job.output_row : job.first_input(job.output_row);
    const uint32_t end = job.is_pass() ? end_row : job.end_input(end_row - 1);
    const size_t values = size_t{job.input_width} * job.input_channels;
    for (uint32_t y = first; y < std::max(end, first + 1); ++y)
        record.rows[y].assign(source.map.begin() + static_cast<ptrdiff_t>(y * values),
                              source.map.begin() + static_cast<ptrdiff_t>((y + 1) * values));
    if (job.is_pass())
        for (const auto& [y, row] : record.rows)
            record.sums.insert(record.sums.end(), row.begin(), row.end());
    else {
        for (uint32_t c = 0; c < job.weight_chunks; ++c)
            record.chunks.push_back(chunk_of(source, c));
        add_sums(record);
    }
    VectorCase vectors = array_case(record);
    vectors.name = name;
    return vectors;
}

/// A square convolution with one chunk over a map of height x width x channels.
ArrayJob convolution(uint32_t height, uint32_t width, uint32_t channels, uint32_t kernel,
                     uint32_t stride, uint32_t padding, uint32_t output_channels) {
    ArrayJob job;
    job.input_height = height;
    job.input_width = width;
    job.input_channels = channels;
    job.kernel_y = job.kernel_x = kernel;
    job.stride_y = job.stride_x = stride;
    job.padding_top = job.padding_left = padding;
    job.output_rows = (height + 2 * padding - kernel) / stride + 1;
    job.output_width = (width + 2 * padding - kernel) / stride + 1;
    job.output_channels = job.chunk_channels = output_channels;
    job.weight_chunks = 1;
    return job;
}

ArraySource source_of(const ArrayJob& job, Format format, std::function<int64_t(size_t)> value,
                      std::function<int8_t()> weight) {
    ArraySource source{job, format, {}, std::move(weight)};
    for (size_t i = 0; i < size_t{job.input_height} * job.input_width * job.input_channels; ++i)
        source.map.push_back(static_cast<int16_t>(value(i)));
    return source;
}

/// Inputs and weights at the ends of their ranges.
void add_extremes(std::vector<VectorCase>& cases) {
    const ArrayJob dense = convolution(4, 4, 32, 3, 1, 1, 5);
    for (const Format format : {Format::u8, Format::s8, Format::s12}) {
        const int64_t low = min_of(format), high = max_of(format);
        const std::string name = format == Format::u8   ? "u8_"
                                 : format == Format::s8 ? "s8_"
                                                        : "s12_";
        const auto add = [&](const char* what, auto&& value, auto&& weight) {
            cases.push_back(case_of(name + what, source_of(dense, format, value, weight)));
        };
        add(
            "zeros", [](size_t) { return 0; }, [] { return int8_t{-128}; });
        add(
            "highest_times_127", [=](size_t) { return high; }, [] { return int8_t{127}; });
        add(
            "highest_times_-128", [=](size_t) { return high; }, [] { return int8_t{-128}; });
        add(
            "lowest_times_-128", [=](size_t) { return low; }, [] { return int8_t{-128}; });
        add(
            "alternating", [=](size_t i) { return i % 2 ? low : high; },
            [sign = false]() mutable { return (sign = !sign) ? int8_t{127} : int8_t{-128}; });
    }
}

/// Shapes at the ends of what the registers say.
void add_shapes(std::vector<VectorCase>& cases) {
    const auto add = [&](const char* name, const ArrayJob& job) {
        RandomSource random(7);
        const auto values = random.values<int16_t>(
            size_t{job.input_height} * job.input_width * job.input_channels, 0, 255);
        const bool small = job.weight_bits() == 4;
        cases.push_back(case_of(name, source_of(
                                          job, Format::u8, [&](size_t i) { return values[i]; },
                                          [&] {
                                              return static_cast<int8_t>(
                                                  small ? random.between(-8, 7)
                                                        : random.between(-128, 127));
                                          })));
    };
    add("one_value", convolution(1, 1, 1, 1, 1, 0, 1));
    add("window_in_padding", convolution(1, 1, 2, 5, 1, 4, 3));
    add("stride_beyond_kernel", convolution(7, 7, 2, 2, 3, 0, 3));
    add("odd_width", convolution(3, 13, 3, 3, 2, 1, 3));
    ArrayJob job = convolution(9, 9, 1, 3, 1, 0, 2);
    job.dilation_y = job.dilation_x = 4;
    job.output_rows = job.output_width = 1;
    add("dilation", job);
    job = convolution(4, 5, 6, 3, 1, 1, 6);
    job.groups = 6;
    add("depthwise", job);
    job.groups = 2;
    job.chunk_channels = 4;  // over the border of the groups, and a shorter one at the end
    job.weight_chunks = 2;
    add("groups", job);
    job.flags = KRHN_ARRAY_CHUNK_OUTERMOST;
    add("chunk_outermost", job);
    job = convolution(2, 3, 3, 1, 1, 0, 3);
    job.flags = KRHN_ARRAY_WEIGHTS_4_BIT;  // nine of them: half a byte is left
    add("weights_4_bit", job);
    job = convolution(6, 4, 2, 3, 1, 1, 2);
    job.output_row = 2;
    job.output_rows = 2;
    add("rows_in_the_middle", job);
    job = {};
    job.kind = KRHN_ARRAY_PASS;
    job.input_height = job.output_rows = 3;
    job.input_width = 5;
    job.input_channels = 7;
    add("pass", job);
}

void draw_shape(ArrayJob& job, RandomSource& random) {
    job.input_height = random.number(1, 10);
    job.input_width = random.number(1, 10);
    job.groups = random.one_of({1u, 1u, 2u, 3u});
    job.input_channels = job.groups * random.number(1, 6);
    job.output_channels = job.groups * random.number(1, 6);
    if (random.chance(20)) job.input_channels = job.output_channels = job.groups;  // depthwise
    job.kernel_y = random.number(1, 4);
    job.kernel_x = random.number(1, 4);
    job.stride_y = random.number(1, 3);
    job.stride_x = random.number(1, 3);
    job.dilation_y = random.number(1, 2);
    job.dilation_x = random.number(1, 2);
    job.padding_top = random.number(0, 3);
    job.padding_left = random.number(0, 3);
    job.output_row = random.number(0, 2);
    job.output_rows = random.number(1, 6);
    job.output_width = random.number(1, 8);
    job.chunk_channels = random.number(1, job.output_channels);
    job.weight_chunks = (job.output_channels + job.chunk_channels - 1) / job.chunk_channels;
    job.flags = (random.chance(30) ? KRHN_ARRAY_CHUNK_OUTERMOST : 0) |
                (random.chance(30) ? KRHN_ARRAY_WEIGHTS_4_BIT : 0);
}

}  // namespace

std::vector<VectorCase> array_corners() {
    std::vector<VectorCase> cases;
    add_extremes(cases);
    add_shapes(cases);
    return cases;
}

VectorCase random_array_job(RandomSource& random) {
    ArrayJob job;
    do {
        job = {};
        draw_shape(job, random);
        if (random.chance(10)) {
            job.kind = KRHN_ARRAY_PASS;
            job.kernel_y = job.stride_y = 1;
            job.padding_top = 0;
        }
    } while (!job.is_valid());
    const Format format = random.one_of({Format::u8, Format::s8, Format::s12});
    const auto map =
        random.values<int16_t>(size_t{job.input_height} * job.input_width * job.input_channels,
                               min_of(format), max_of(format));
    const auto weights =
        random.values<int8_t>(size_t{job.output_channels} * job.shape().reduction(),
                              job.weight_bits() == 4 ? -8 : -128, job.weight_bits() == 4 ? 7 : 127);
    return case_of("array", source_of(
                                job, format, [&](size_t i) { return map[i]; },
                                [&, at = size_t{0}]() mutable { return weights[at++]; }));
}

}  // namespace karhunen::vectors
