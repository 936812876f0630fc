#include "platform/vectors/post_stimulus.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>

#include "platform/internal_error.h"
#include "platform/vectors/post_vectors.h"

namespace karhunen::vectors {

namespace {

/// A map before post-processing.
struct PostSource {
    PostJob job;  ///< of its first rows; what changes from job to job is filled in
    uint32_t height = 1;
    uint32_t job_rows = 1;        ///< rows of a job, fewer in the last one
    uint32_t chunk_channels = 0;  ///< 0: a pass job
    std::vector<int32_t> sums;    ///< [row][column][channel]
    std::vector<int32_t> bias, multiplier;
    Format residual_format = Format::u8;
    std::vector<int16_t> residual;  ///< [row][column][channel]
};

uint32_t chunk_step(const PostSource& source) {
    return source.chunk_channels ? source.chunk_channels : source.job.channels;
}

using Parameters = std::shared_ptr<const std::vector<int32_t>>;

/// Biases and multipliers of each chunk; a pass job has none, and one chunk.
std::vector<Parameters> parameters_of(const PostSource& source) {
    if (source.chunk_channels == 0) return {nullptr};
    std::vector<Parameters> chunks;
    for (uint32_t first = 0; first < source.job.channels; first += source.chunk_channels) {
        const uint32_t end = std::min(first + source.chunk_channels, source.job.channels);
        auto chunk = std::make_shared<std::vector<int32_t>>();
        for (const std::vector<int32_t>* values : {&source.bias, &source.multiplier})
            chunk->insert(chunk->end(), values->begin() + first, values->begin() + end);
        chunks.push_back(std::move(chunk));
    }
    return chunks;
}

/// A row of a chunk, as it comes from the array.
SumRow slice_of(const PostSource& source, uint32_t row, uint32_t chunk, Parameters parameters) {
    const PostJob& job = source.job;
    SumRow slice;
    slice.first_channel = chunk * chunk_step(source);
    slice.channels = std::min(chunk_step(source), job.channels - slice.first_channel);
    slice.width = job.width;
    for (uint32_t x = 0; x < job.width; ++x) {
        const auto from = source.sums.begin() +
                          ((ptrdiff_t{row} * job.width + x) * job.channels + slice.first_channel);
        slice.sums.insert(slice.sums.end(), from, from + slice.channels);
    }
    slice.parameters = std::move(parameters);
    return slice;
}

/// One slice through the core that the block is a shell of.
void push(const PostSource& source, uint32_t row, const SumRow& sums, PostCore& core,
          PostRecorder& recorder) {
    SumSlice slice{sums.first_channel, sums.channels, sums.width, sums.sums, {}};
    if (sums.parameters) slice.parameters = *sums.parameters;
    if (!core.accepts(slice)) throw InternalError("a slice that post-processing does not take");
    Row added;
    const bool adds = source.job.has(KRHN_POST_RESIDUAL);
    if (adds) {
        const auto values = ptrdiff_t{source.job.width} * source.job.channels;
        const auto from = source.residual.begin() + row * values;
        added.format = source.residual_format;
        added.values.assign(from, from + values);
    }
    recorder.on_sums(sums, adds ? &added : nullptr);
    core.push(slice, adds ? added.values.data() + sums.first_channel : nullptr,
              [&](const ResultSlice& result) { recorder.on_result(result); });
}

void run_job(const PostSource& source, const PostJob& job, std::span<const Parameters> chunks,
             PostCore& core, PostRecorder& recorder) {
    if (!core.start(job)) throw InternalError("a job that post-processing does not take");
    recorder.on_job(job);
    const auto push_slice = [&](uint32_t row, uint32_t chunk) {
        const uint32_t y = job.pool_row + row;
        push(source, y, slice_of(source, y, chunk, chunks[chunk]), core, recorder);
    };
    if (job.has(KRHN_POST_CHUNKED_ROWS))
        for (uint32_t c = 0; c < chunks.size(); ++c)
            for (uint32_t y = 0; y < job.rows; ++y) push_slice(y, c);
    else
        for (uint32_t y = 0; y < job.rows; ++y)
            for (uint32_t c = 0; c < chunks.size(); ++c) push_slice(y, c);
    if (!core.is_done()) throw InternalError("a job of post-processing that does not end");
}

std::vector<VectorCase> cases_of(const std::string& name, const PostSource& source) {
    PostCore core;
    PostRecorder recorder(0);
    const std::vector<Parameters> chunks = parameters_of(source);
    for (uint32_t row = 0; row < source.height; row += source.job_rows) {
        PostJob job = source.job;
        job.pool_row = row;
        job.rows = std::min(source.job_rows, source.height - row);
        job.row_channels = job.channels;
        job.output_rows =
            job.has_pooling() ? job.pooled_rows(row + job.rows) - job.pooled_rows(row) : job.rows;
        run_job(source, job, chunks, core, recorder);
    }
    std::vector<VectorCase> cases;
    for (const PostRecord& record : recorder.records) {
        cases.push_back(post_case(record));
        cases.back().name =
            name +
            (recorder.records.size() > 1 ? "_rows" + std::to_string(record.job.pool_row) : "");
    }
    return cases;
}

constexpr int32_t any_sums[] = {0,    1,     -1,    2,      -2,        3,         -3,
                                127,  128,   -128,  -129,   255,       256,       2047,
                                2048, -2048, -2049, 100000, INT32_MAX, INT32_MIN, -100000};

/// A row of interesting sums, with one bias and one multiplier.
PostSource line_of_sums(Format format, uint32_t shift, int32_t bias, int32_t multiplier,
                        uint32_t flags) {
    PostSource source;
    PostJob& job = source.job;
    job.format_number = static_cast<uint32_t>(format);
    job.shift = shift;
    job.flags = flags;
    job.width = std::size(any_sums);
    job.channels = source.chunk_channels = 1;
    source.sums.assign(std::begin(any_sums), std::end(any_sums));
    source.bias = {bias};
    source.multiplier = {multiplier};
    if (flags & KRHN_POST_RESIDUAL) {
        job.residual_multiplier = static_cast<uint32_t>(multiplier);
        source.residual_format = Format::s12;
        for (size_t i = 0; i < source.sums.size(); ++i)
            source.residual.push_back(i % 3 == 0 ? 2047 : i % 3 == 1 ? -2048 : 1);
    }
    return source;
}

void append(std::vector<VectorCase>& cases, std::vector<VectorCase> more) {
    std::move(more.begin(), more.end(), std::back_inserter(cases));
}

/// Roundings, saturations and the largest of all parameters.
void add_lines(std::vector<VectorCase>& cases) {
    const std::pair<const char*, Format> formats[] = {
        {"u8", Format::u8}, {"s8", Format::s8}, {"s12", Format::s12}, {"s32", Format::s32}};
    for (const auto& [name, format] : formats) {
        const auto add = [&, name = std::string(name), format = format](
                             const char* what, uint32_t shift, int32_t bias, int32_t multiplier,
                             uint32_t flags) {
            append(cases, cases_of(name + "_" + what,
                                   line_of_sums(format, shift, bias, multiplier, flags)));
        };
        add("as_they_are", 0, 0, 1, 0);
        add("halves", 1, 0, 1, 0);  // ties go up
        add("wrapping_bias", 0, INT32_MAX, 1, 0);
        add("relu", 2, -1, 3, KRHN_POST_RELU);
        if (format == Format::s32) continue;  // it is not scaled, and nothing is added
        add("largest_multiplier", 31, 0, INT32_MAX, 0);
        add("largest_shift", 62, 0, INT32_MAX, 0);
        add("multiplier_zero", 0, 5, 0, 0);
        add("residual", 1, 0, 1, KRHN_POST_RESIDUAL);
        add("largest_residual", 31, 0, INT32_MAX, KRHN_POST_RESIDUAL | KRHN_POST_RELU);
    }
}

/// A map of noise to which another one is added, in chunks of channels of which the last is
/// shorter.
PostSource sum_in_chunks(uint32_t flags) {
    RandomSource random(3);
    PostSource source;
    PostJob& job = source.job;
    job.flags = KRHN_POST_RESIDUAL | flags;
    job.width = 3;
    job.channels = 5;
    job.shift = 4;
    job.residual_multiplier = 7;
    source.height = source.job_rows = 3;
    source.chunk_channels = 2;
    source.sums = random.values<int32_t>(3 * 3 * 5, -300, 300);
    source.residual = random.values<int16_t>(3 * 3 * 5, 0, 255);
    source.bias = {0, 1, 2, 3, 4};
    source.multiplier = {9, 8, 7, 6, 5};
    return source;
}

/// A map of noise with pooling, 5 x 7 x 3.
PostSource pooled(uint32_t flags, uint32_t kernel, uint32_t stride, uint32_t padding,
                  bool partial) {
    RandomSource random(kernel + stride);
    PostSource source;
    PostJob& job = source.job;
    job.flags = flags;
    job.width = 7;
    job.channels = 3;
    job.pool_height = source.height = 5;
    job.pool_kernel = kernel;
    job.pool_stride = stride;
    job.pool_padding = padding;
    job.pools_partial = partial;
    source.job_rows = 2;
    source.sums = random.values<int32_t>(5 * 7 * 3, -300, 300);
    if (flags & KRHN_POST_AVERAGE_POOL) {
        job.multiplier = 1 << 20;
        job.shift = 23;
    } else {
        source.chunk_channels = 2;
        source.bias.assign(3, 0);
        source.multiplier.assign(3, 1);
    }
    job.format_number = static_cast<uint32_t>(Format::s8);
    return source;
}

void add_pools(std::vector<VectorCase>& cases) {
    for (const uint32_t flags : {KRHN_POST_MAX_POOL, KRHN_POST_AVERAGE_POOL}) {
        const std::string name = flags == KRHN_POST_MAX_POOL ? "max_pool_" : "average_pool_";
        append(cases, cases_of(name + "1x1", pooled(flags, 1, 1, 0, false)));
        append(cases, cases_of(name + "3x3_in_padding", pooled(flags, 3, 1, 2, false)));
        append(cases, cases_of(name + "whole_height", pooled(flags, 5, 5, 0, false)));
        append(cases, cases_of(name + "partial", pooled(flags, 2, 2, 0, true)));
        append(cases, cases_of(name + "stride_beyond_kernel", pooled(flags, 1, 3, 0, false)));
    }
    append(cases, cases_of("max_pool_chunked",
                           pooled(KRHN_POST_MAX_POOL | KRHN_POST_CHUNKED_ROWS, 3, 2, 1, false)));
}

void draw_pooling(PostSource& source, RandomSource& random) {
    PostJob& job = source.job;
    const bool is_maximum = random.chance(60);
    job.flags |= is_maximum ? KRHN_POST_MAX_POOL : KRHN_POST_AVERAGE_POOL;
    job.pool_kernel = random.number(1, 4);
    job.pool_stride = random.number(1, 3);
    job.pool_padding = random.number(0, job.pool_kernel - 1);
    job.pools_partial = random.chance(30);
    job.pool_height = source.height;
    if (is_maximum) return;
    source.chunk_channels = 0;
    job.multiplier = random.number(1, 1 << 20);
    job.flags &= ~KRHN_POST_RESIDUAL;
}

PostSource draw(RandomSource& random) {
    PostSource source;
    PostJob& job = source.job;
    source.height = random.number(1, 7);
    source.job_rows = random.number(1, source.height);
    job.width = random.number(1, 8);
    job.channels = random.number(1, 8);
    job.format_number = random.number(0, 3);
    job.shift = random.one_of({0u, 1u, random.number(2, 40), random.number(20, 35), 62u});
    source.chunk_channels = random.chance(20) ? 0 : random.number(1, job.channels);
    if (source.chunk_channels == 0) job.multiplier = random.one_of({0u, 1u, 0x7FFFFFFFu});
    if (random.chance(50)) job.flags |= KRHN_POST_RELU;
    if (random.chance(40) && (source.chunk_channels || job.multiplier))
        job.flags |= KRHN_POST_RESIDUAL;
    if (random.chance(30)) job.flags |= KRHN_POST_CHUNKED_ROWS;
    if (random.chance(50)) draw_pooling(source, random);
    return source;
}

/// What PostJob::is_valid() refuses of such a map.
bool is_legal(const PostSource& source) {
    const PostJob& job = source.job;
    if (job.format() == Format::s32 && job.has(KRHN_POST_RESIDUAL | KRHN_POST_MAX_POOL))
        return false;
    return !job.has_pooling() ||
           std::min(source.height, job.width) + 2 * job.pool_padding >= job.pool_kernel;
}

}  // namespace

std::vector<VectorCase> post_corners() {
    std::vector<VectorCase> cases;
    add_lines(cases);
    append(cases, cases_of("residual_in_chunks", sum_in_chunks(0)));
    append(cases, cases_of("residual_chunk_outermost", sum_in_chunks(KRHN_POST_CHUNKED_ROWS)));
    add_pools(cases);
    return cases;
}

std::vector<VectorCase> random_post_jobs(RandomSource& random) {
    PostSource source;
    do source = draw(random);
    while (!is_legal(source));
    PostJob& job = source.job;
    const size_t values = size_t{source.height} * job.width * job.channels;
    const int64_t most = int64_t{1} << random.number(8, 31);
    source.sums = random.values<int32_t>(values, -most, most - 1);
    source.bias = random.values<int32_t>(job.channels, -most, most - 1);
    source.multiplier = random.values<int32_t>(job.channels, 0, INT32_MAX);
    job.residual_multiplier = random.number(0, INT32_MAX);
    source.residual_format = random.one_of({Format::u8, Format::s8, Format::s12});
    if (job.has(KRHN_POST_RESIDUAL))
        source.residual = random.values<int16_t>(values, min_of(source.residual_format),
                                                 max_of(source.residual_format));
    return cases_of("post", source);
}

}  // namespace karhunen::vectors
