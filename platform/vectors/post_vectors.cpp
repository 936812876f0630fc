#include "platform/vectors/post_vectors.h"

#include <algorithm>

namespace karhunen::vectors {

namespace {

Json job_of(const PostJob& job) {
    return {{"TAG", job.tag},
            {"FLAGS", job.flags},
            {"WIDTH", job.width},
            {"ROWS", job.rows},
            {"CHANNELS", job.channels},
            {"FORMAT", job.format_number},
            {"SHIFT", job.shift},
            {"MULTIPLIER", job.multiplier},
            {"RESIDUAL_MULTIPLIER", job.residual_multiplier},
            {"RESIDUAL_SEQUENCE", job.residual_sequence},
            {"OUTPUT_SEQUENCE", job.output_sequence},
            {"POOL", (job.pools_partial ? KRHN_POOL_PARTIAL : 0) | job.pool_kernel << 16 |
                         job.pool_stride << 8 | job.pool_padding},
            {"POOL_HEIGHT", job.pool_height},
            {"POOL_ROW", job.pool_row},
            {"OUTPUT_ROWS", job.output_rows},
            {"RESIDUAL_REGION", job.residual_region},
            {"RESULT_REGION", job.result_region},
            {"ROW_CHANNELS", job.row_channels},
            {"FIRST_CHANNEL", job.first_channel}};
}

}  // namespace

void PostRecorder::on_job(const PostJob& job) {
    recording_ = job.tag == tag_;
    if (!recording_) return;
    records.push_back({});
    PostRecord& record = records.back();
    record.job = job;
    record.results.resize(size_t{job.output_rows} * job.output_width() * job.channels *
                          words_of(job.format()));
}

void PostRecorder::on_sums(const SumRow& sums, const Row* residual) {
    if (!recording_) return;
    PostRecord& record = records.back();
    record.sums.insert(record.sums.end(), sums.sums.begin(), sums.sums.end());
    // Each chunk comes once a row.
    if (sums.parameters && std::find(record.parameters.begin(), record.parameters.end(),
                                     sums.parameters) == record.parameters.end())
        record.parameters.push_back(sums.parameters);
    // A residual row is used by each slice of its row.
    if (!residual || sums.first_channel != 0) return;
    record.residual_format = residual->format;
    record.residual.insert(record.residual.end(), residual->values.begin(), residual->values.end());
}

void PostRecorder::on_result(const ResultSlice& result) {
    if (!recording_) return;
    PostRecord& record = records.back();
    const PostJob& job = record.job;
    const size_t words = words_of(job.format());
    const size_t run = result.channels * words, pixel = job.channels * words;
    for (size_t x = 0; x < job.output_width(); ++x) {
        const size_t to =
            (result.row * job.output_width() + x) * pixel + result.first_channel * words;
        std::copy_n(result.values.begin() + static_cast<ptrdiff_t>(x * run), run,
                    record.results.begin() + static_cast<ptrdiff_t>(to));
    }
}

VectorCase post_case(const PostRecord& record) {
    const PostJob& job = record.job;
    VectorCase vectors{{}, job_of(job), {}, {}};
    vectors.files.push_back(array_file<int32_t>("sums", "stimulus", {record.sums.size()},
                                                job.has(KRHN_POST_CHUNKED_ROWS)
                                                    ? "chunk, row, column, channel of the chunk"
                                                    : "row, chunk, column, channel of the chunk",
                                                record.sums));
    for (size_t c = 0; c < record.parameters.size(); ++c) {
        const std::vector<int32_t>& values = *record.parameters[c];
        vectors.files.push_back(array_file<int32_t>("parameters" + std::to_string(c), "stimulus",
                                                    {2, values.size() / 2},
                                                    "bias and multiplier, channel", values));
    }
    if (!record.residual.empty())
        vectors.files.push_back(rows_file("residual", "stimulus", job.rows, job.width, job.channels,
                                          record.residual_format, record.residual));
    vectors.files.push_back(rows_file("rows", "expectation", job.output_rows, job.output_width(),
                                      job.channels, job.format(), record.results));
    return vectors;
}

}  // namespace karhunen::vectors
