#include "platform/vectors/array_vectors.h"

#include <algorithm>

namespace karhunen::vectors {

namespace {

Json job_of(const ArrayJob& job) {
    const auto pair = [](uint32_t high, uint32_t low) { return high << 8 | low; };
    return {{"TAG", job.tag},
            {"KIND", job.kind},
            {"REGION", job.region},
            {"INPUT_SEQUENCE", job.input_sequence},
            {"INPUT_HEIGHT", job.input_height},
            {"INPUT_WIDTH", job.input_width},
            {"INPUT_CHANNELS", job.input_channels},
            {"OUTPUT_ROW", job.output_row},
            {"OUTPUT_ROWS", job.output_rows},
            {"OUTPUT_WIDTH", job.output_width},
            {"OUTPUT_CHANNELS", job.output_channels},
            {"KERNEL", pair(job.kernel_y, job.kernel_x)},
            {"STRIDE", pair(job.stride_y, job.stride_x)},
            {"PADDING", pair(job.padding_top, job.padding_left)},
            {"WEIGHT_SEQUENCE", job.weight_sequence},
            {"WEIGHT_CHUNKS", job.weight_chunks},
            {"CHUNK_CHANNELS", job.chunk_channels},
            {"FLAGS", job.flags},
            {"DILATION", pair(job.dilation_y, job.dilation_x)},
            {"GROUPS", job.groups}};
}

/// Rows from the first to the last one used; zeros for those between windows that were not there.
VectorFile input_file(const ArrayRecord& record, uint32_t first, uint32_t rows) {
    const ArrayJob& job = record.job;
    const size_t values = size_t{job.input_width} * job.input_channels;
    std::vector<int16_t> all(rows * values);
    for (const auto& [y, row] : record.rows)
        std::copy(row.begin(), row.end(),
                  all.begin() + static_cast<ptrdiff_t>((y - first) * values));
    return rows_file("rows", "stimulus", rows, job.input_width, job.input_channels, record.format,
                     all);
}

}  // namespace

void ArrayRecorder::on_job(const ArrayJob& job) {
    recording_ = job.tag == tag_;
    if (!recording_) return;
    records.push_back({});
    records.back().job = job;
}

void ArrayRecorder::on_input(uint32_t y, const Row& row) {
    if (!recording_) return;
    records.back().format = row.format;
    records.back().rows.emplace(y, row.values);
}

void ArrayRecorder::on_weights(uint32_t index, const Chunk& chunk) {
    // Chunks come in order, and again for each row.
    if (recording_ && index == records.back().chunks.size())
        records.back().chunks.push_back(chunk.bytes);
}

void ArrayRecorder::on_sums(const SumRow& sums) {
    if (!recording_) return;
    std::vector<int32_t>& all = records.back().sums;
    all.insert(all.end(), sums.sums.begin(), sums.sums.end());
}

VectorCase array_case(const ArrayRecord& record) {
    const ArrayJob& job = record.job;
    VectorCase vectors{{}, job_of(job), {}, {}};
    const uint32_t first = record.rows.begin()->first;
    vectors.job["kind"] = job.is_pass() ? "pass" : "convolution";
    vectors.job["first_input_row"] = first;
    vectors.files.push_back(input_file(record, first, record.rows.rbegin()->first - first + 1));
    for (size_t c = 0; c < record.chunks.size(); ++c)
        vectors.files.push_back(
            bytes_file("weights" + std::to_string(c), "stimulus", 4, record.chunks[c]));
    vectors.files.push_back(array_file<int32_t>("sums", "expectation", {record.sums.size()},
                                                job.is_pass() ? "row, column, channel"
                                                : job.is_chunk_outermost()
                                                    ? "chunk, row, column, channel of the chunk"
                                                    : "row, chunk, column, channel of the chunk",
                                                record.sums));
    return vectors;
}

}  // namespace karhunen::vectors
