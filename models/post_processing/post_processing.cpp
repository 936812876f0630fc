#include "models/post_processing/post_processing.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace karhunen {

using namespace sc_core;

namespace {

constexpr RegisterDescription description[] = {
    KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE) KRHN_POST_PROCESSING_REGISTERS(KARHUNEN_DESCRIBE)};

// Results may fill their buffer.
constexpr uint32_t region_bytes = UINT32_MAX;

PostJob capture(RegisterBlock& r) {
    PostJob job;
    job.tag = r["TAG"];
    job.flags = r["FLAGS"];
    job.width = r["WIDTH"];
    job.rows = r["ROWS"];
    job.channels = r["CHANNELS"];
    job.format_number = r["FORMAT"];
    job.shift = r["SHIFT"];
    job.multiplier = r["MULTIPLIER"];
    job.residual_multiplier = r["RESIDUAL_MULTIPLIER"];
    job.residual_sequence = r["RESIDUAL_SEQUENCE"];
    job.output_sequence = r["OUTPUT_SEQUENCE"];
    job.pools_partial = (r["POOL"] & KRHN_POOL_PARTIAL) != 0;
    job.pool_kernel = (r["POOL"] & ~KRHN_POOL_PARTIAL) >> 16;
    job.pool_stride = r["POOL"] >> 8 & 0xFF;
    job.pool_padding = r["POOL"] & 0xFF;
    job.pool_height = r["POOL_HEIGHT"];
    job.pool_row = r["POOL_ROW"];
    job.output_rows = r["OUTPUT_ROWS"];
    job.residual_region = r["RESIDUAL_REGION"];
    job.result_region = r["RESULT_REGION"];
    job.row_channels = r["ROW_CHANNELS"] ? r["ROW_CHANNELS"] : job.channels;
    job.first_channel = r["FIRST_CHANNEL"];
    return job;
}

}  // namespace

PostProcessing::PostProcessing(sc_module_name name, const PostProcessingParameters& parameters)
    : sc_module(name),
      registers("registers", description, parameters.clock_period),
      parameters_(parameters),
      clock_(parameters.clock_period),
      jobs_(registers, irq, block_id(5), [this] { return capture(registers); }),
      core_(parameters.values),
      activity_(this->name()) {
    if (parameters.fifo_rows == 0)
        throw std::invalid_argument("post-processing: the FIFO must hold a row");
    sums.bind(*this);
    SC_HAS_PROCESS(PostProcessing);
    SC_THREAD(run);
    set_stack_size(1 << 20);
}

void PostProcessing::trace(sc_trace_file* file) const {
    activity_.trace(file);
    sc_trace(file, fill_, std::string(name()) + ".fifo");
}

void PostProcessing::push(SumRow row) {
    while (fifo_.size() >= parameters_.fifo_rows && !swallows_) wait(popped_);
    if (swallows_) return;
    fifo_.push_back(std::move(row));
    fill_ = static_cast<uint32_t>(fifo_.size());
    pushed_.notify(SC_ZERO_TIME);
}

SumRow PostProcessing::next_sums() {
    activity_.set(State::wait_input);
    while (fifo_.empty()) wait(pushed_);
    activity_.set(State::busy);
    SumRow row = std::move(fifo_.front());
    fifo_.pop_front();
    fill_ = static_cast<uint32_t>(fifo_.size());
    popped_.notify(SC_ZERO_TIME);
    return row;
}

void PostProcessing::swallow(bool on) {
    swallows_ = on;
    fifo_.clear();
    fill_ = 0;
    popped_.notify(SC_ZERO_TIME);
}

void PostProcessing::run() {
    for (;;) {
        activity_.set(State::idle);
        const PostJob job = jobs_.next();
        activity_.set_tag(job.tag);
        const bool is_good = work(job);
        activity_.set(State::busy);
        pipeline_.drain();
        if (!is_good) jobs_.fail(KRHN_ERROR_PARAMETER);
        if (jobs_.in_error()) {
            swallow(true);
            activity_.set(State::idle);
            jobs_.wait_for_reset();
            swallow(false);
        } else {
            jobs_.done();
        }
    }
}

bool PostProcessing::work(const PostJob& job) {
    if (!core_.start(job)) return false;
    if (observer_) observer_->on_job(job);
    while (!core_.is_done())
        if (!finish_slice(job, next_sums())) return false;
    return true;
}

bool PostProcessing::finish_slice(const PostJob& job, const SumRow& row) {
    SumSlice slice{row.first_channel, row.channels, row.width, row.sums, {}};
    if (row.parameters) slice.parameters = *row.parameters;
    if (!core_.accepts(slice)) return false;

    const int16_t* addend = nullptr;
    const Row* added = nullptr;
    const uint32_t number = job.residual_sequence + core_.row();
    if (job.has(KRHN_POST_RESIDUAL)) {
        activity_.set(State::wait_input);
        const Row& other = residual->wait_for(job.residual_region, number);
        activity_.set(State::busy);
        if (other.width != job.width || other.channels != job.channels ||
            other.format == Format::s32)
            return false;
        added = &other;
        if (parameters_.values == Values::computed)
            addend = other.values.data() + slice.first_channel;
    }
    const bool was_last_use = job.has(KRHN_POST_RESIDUAL) && job.has(KRHN_POST_RELEASE_RESIDUAL) &&
                              core_.completes_row(slice.channels);
    if (observer_) observer_->on_sums(row, added);
    bool is_stored = true;
    core_.push(slice, addend,
               [&](const ResultSlice& result) { is_stored = is_stored && store(job, result); });
    if (was_last_use) residual->release_before(job.residual_region, number + 1);
    return is_stored;
}

RowWriter& PostProcessing::destination(const PostJob& job) {
    if (job.has(KRHN_POST_TO_RESIDUAL)) return *residual_writer.operator->();
    if (job.has(KRHN_POST_TO_INPUT)) return *activation.operator->();
    return *output.operator->();
}

void PostProcessing::place(const PostJob& job, const ResultSlice& result, Row& row) {
    const uint32_t words = words_of(job.format());
    const int16_t* from = result.values.data();
    int16_t* to = row.values.data() + (size_t{job.first_channel} + result.first_channel) * words;
    for (uint32_t x = 0; x < job.output_width(); ++x) {
        to = std::copy_n(from, result.channels * words, to) +
             (job.row_channels - result.channels) * words;
        from += result.channels * words;
    }
}

/// Puts a slice into its row of the buffer behind. False: the row never fits.
bool PostProcessing::store(const PostJob& job, const ResultSlice& result) {
    RowWriter& buffer = destination(job);
    if (observer_) observer_->on_result(result);
    const uint32_t region = job.result_region;
    const uint32_t sequence = job.output_sequence + result.row;
    activity_.set(State::wait_output);
    Row* row = nullptr;
    try {
        row = &buffer.open(region, region_bytes, sequence, job.output_width(), job.row_channels,
                           job.format());
    } catch (const std::length_error&) {
        return false;
    }
    activity_.set(State::busy);
    if (parameters_.values == Values::computed) place(job, result, *row);
    pipeline_.complete_after(
        clock_.time_of(parameters_.latency_clocks),
        [&buffer, region, sequence, n = result.channels] { buffer.commit(region, sequence, n); });
    return true;
}

}  // namespace karhunen
