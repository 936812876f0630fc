#include "models/compute_array/compute_array.h"

#include <stdexcept>
#include <utility>

namespace karhunen {

using namespace sc_core;

namespace {

constexpr RegisterDescription description[] = {KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)
                                                   KRHN_COMPUTE_ARRAY_REGISTERS(KARHUNEN_DESCRIBE)};

// Rows of one matrix product: more gain nothing.
constexpr uint32_t batch_rows = 8;

ArrayJob capture(RegisterBlock& r) {
    ArrayJob job;
    job.tag = r["TAG"];
    job.kind = r["KIND"];
    job.region = r["REGION"];
    job.input_sequence = r["INPUT_SEQUENCE"];
    job.input_height = r["INPUT_HEIGHT"];
    job.input_width = r["INPUT_WIDTH"];
    job.input_channels = r["INPUT_CHANNELS"];
    job.output_row = r["OUTPUT_ROW"];
    job.output_rows = r["OUTPUT_ROWS"];
    job.output_width = r["OUTPUT_WIDTH"];
    job.output_channels = r["OUTPUT_CHANNELS"];
    const auto pair = [&](const char* name, uint32_t& high, uint32_t& low) {
        high = r[name] >> 8 & 0xFF;
        low = r[name] & 0xFF;
    };
    pair("KERNEL", job.kernel_y, job.kernel_x);
    pair("STRIDE", job.stride_y, job.stride_x);
    pair("PADDING", job.padding_top, job.padding_left);
    job.weight_sequence = r["WEIGHT_SEQUENCE"];
    job.weight_chunks = r["WEIGHT_CHUNKS"];
    job.chunk_channels = r["CHUNK_CHANNELS"];
    pair("DILATION", job.dilation_y, job.dilation_x);
    job.groups = r["GROUPS"];
    job.flags = r["FLAGS"];
    if (job.is_pass()) job.kernel_y = job.stride_y = 1, job.padding_top = 0;
    return job;
}

bool is_as_said(const ArrayJob& job, const Row& row) {
    return row.width == job.input_width && row.channels == job.input_channels &&
           row.format != Format::s32;
}

}  // namespace

/// Makes a call that may block, and accounts for the time.
template <typename Call>
void ComputeArray::wait_in(State state, sc_time& total, Call&& call) {
    const sc_time begin = sc_time_stamp();
    activity_.set(state);
    call();
    activity_.set(State::busy);
    total += sc_time_stamp() - begin;
}

ComputeArray::ComputeArray(sc_module_name name, const ArrayTiming& timing, sc_time clock_period,
                           Values values)
    : sc_module(name),
      registers("registers", description, clock_period),
      timing_(timing),
      values_(values),
      clock_(clock_period),
      jobs_(registers, irq, block_id(4), [this] { return capture(registers); }),
      activity_(this->name()) {
    if (timing.reduction_lanes == 0 || timing.output_lanes == 0 ||
        timing.pass_values_per_clock == 0)
        throw std::invalid_argument("compute array: the number of lanes must not be 0");
    SC_HAS_PROCESS(ComputeArray);
    SC_THREAD(run);
    set_stack_size(1 << 20);
}

void ComputeArray::trace(sc_trace_file* file) const {
    activity_.trace(file);
}

void ComputeArray::run() {
    for (;;) {
        activity_.set(State::idle);
        const ArrayJob job = jobs_.next();
        activity_.set_tag(job.tag);
        activity_.set(State::busy);
        record_ = {};
        record_.tag = job.tag;
        record_.begin = sc_time_stamp();
        const uint32_t causes = work(job);
        record_.end = sc_time_stamp();
        records_.push_back(record_);
        if (causes != 0) jobs_.fail(causes);
        if (jobs_.in_error()) {
            activity_.set(State::idle);
            jobs_.wait_for_reset();
        } else {
            jobs_.done();
        }
    }
}

/// Returns the causes of error.
uint32_t ComputeArray::work(const ArrayJob& job) {
    causes_ = 0;
    if (!job.is_valid()) return KRHN_ERROR_PARAMETER;
    if (observer_) observer_->on_job(job);
    const bool is_good = job.is_pass()              ? pass(job)
                         : job.is_chunk_outermost() ? convolve_chunks_first(job)
                                                    : convolve_rows_first(job);
    if (is_good && job.flags & KRHN_ARRAY_RELEASE_ALL)
        activation->release_before(job.region, job.input_sequence + job.input_height);
    return causes_;
}

bool ComputeArray::fail(uint32_t causes) {
    causes_ |= causes;
    return false;
}

bool ComputeArray::convolve_rows_first(const ArrayJob& job) {
    Batch batch;
    const uint32_t end = job.output_row + job.output_rows;
    for (uint32_t row = job.output_row; row < end; ++row) {
        if (row >= batch.first + batch.rows && !gather(job, row, batch_rows, batch)) return false;
        for (uint32_t chunk = 0; chunk < job.weight_chunks; ++chunk) {
            const WeightChunk* weights = weight_chunk(job, chunk);
            if (!weights) return false;
            emit(job, row, chunk, *weights, batch);
            if (row + 1 == end) release_weights(job, chunk);
        }
        release_rows(job, row);
    }
    return true;
}

bool ComputeArray::convolve_chunks_first(const ArrayJob& job) {
    std::deque<Batch> batches;  // of the whole map, kept for all chunks
    const uint32_t end = job.output_row + job.output_rows;
    for (uint32_t chunk = 0; chunk < job.weight_chunks; ++chunk) {
        const WeightChunk* weights = weight_chunk(job, chunk);
        if (!weights) return false;
        // After the first chunk the whole map is there: one product does for all of it.
        if (batches.size() > 1) batches.clear();
        auto batch = batches.begin();
        for (uint32_t row = job.output_row; row < end; ++row) {
            if (batch != batches.end() && row >= batch->first + batch->rows) ++batch;
            if (batch == batches.end()) {
                batch = batches.emplace(batch);
                if (!gather(job, row, end - row, *batch)) return false;
            }
            emit(job, row, chunk, *weights, *batch);
            if (chunk + 1 == job.weight_chunks) release_rows(job, row);
        }
        for (Batch& b : batches) b.sums[chunk] = {};
        release_weights(job, chunk);
    }
    return true;
}

bool ComputeArray::pass(const ArrayJob& job) {
    for (uint32_t y = job.output_row; y < job.output_row + job.output_rows; ++y) {
        const Row* input = input_row(job, y);
        if (!input) return false;
        SumRow sums;
        sums.row = y;
        sums.width = job.input_width;
        sums.channels = job.input_channels;
        sums.sums.assign(input->values.begin(), input->values.end());
        compute(timing_.pass_clocks(uint64_t{sums.width} * sums.channels));
        if (observer_) observer_->on_input(y, *input);
        push(std::move(sums));
        release_rows(job, y);
    }
    return true;
}

/// Waits for the input of one output row and takes those after it whose input is there as well.
bool ComputeArray::gather(const ArrayJob& job, uint32_t row, uint32_t most, Batch& batch) {
    for (uint32_t y = job.first_input(row); y < job.end_input(row); ++y)
        if (!input_row(job, y)) return false;
    const uint32_t end = std::min(job.output_row + job.output_rows, row + most);
    batch.first = row;
    batch.rows = 1;
    while (row + batch.rows < end && has_input(job, row + batch.rows)) ++batch.rows;
    batch.sums.assign(job.weight_chunks, {});
    if (values_ == Values::skipped) return true;

    std::vector<const int16_t*> rows((batch.rows - 1) * job.stride_y + job.window_rows(), nullptr);
    const int64_t top = job.window_top(row);
    for (size_t i = 0; i < rows.size(); ++i) {
        const int64_t y = top + static_cast<int64_t>(i);
        if (y < 0 || y >= job.input_height) continue;
        // Rows between the windows of a stride larger than the kernel may be missing.
        const Row* input =
            activation->peek(job.region, job.input_sequence + static_cast<uint32_t>(y));
        if (!input) continue;
        if (!is_as_said(job, *input)) return fail(KRHN_ERROR_PARAMETER);
        rows[i] = input->values.data();
        if (observer_) observer_->on_input(static_cast<uint32_t>(y), *input);
    }
    batch.patches.gather(job.shape(), rows, batch.rows);
    return true;
}

bool ComputeArray::has_input(const ArrayJob& job, uint32_t row) const {
    for (uint32_t y = job.first_input(row); y < job.end_input(row); ++y)
        if (!activation->peek(job.region, job.input_sequence + y)) return false;
    return true;
}

/// Waits for an input row; nullptr when it is not of the shape that the job says.
const Row* ComputeArray::input_row(const ArrayJob& job, uint32_t y) {
    const uint32_t sequence = job.input_sequence + y;
    const Row* row = activation->peek(job.region, sequence);
    if (!row)
        wait_in(State::wait_input, record_.wait_input,
                [&] { row = &activation->wait_for(job.region, sequence); });
    if (is_as_said(job, *row)) return row;
    fail(KRHN_ERROR_PARAMETER);
    return nullptr;
}

/// Waits for a chunk and brings it into the form for products, once per load.
const WeightChunk* ComputeArray::weight_chunk(const ArrayJob& job, uint32_t index) {
    const uint32_t sequence = job.weight_sequence + index;
    const Chunk* chunk = weights->peek(sequence);
    if (!chunk)
        wait_in(State::wait_weights, record_.wait_weights,
                [&] { chunk = &weights->wait_for(sequence); });
    const ConvolutionShape shape = job.shape();
    const uint32_t first = index * job.chunk_channels, n = job.channels_of(index);
    if (values_ == Values::skipped && !chunk->error) return without_weights(n);
    auto known = std::static_pointer_cast<WeightChunk>(chunk->prepared);
    if (observer_ && !chunk->error) observer_->on_weights(index, *chunk);
    if (known && known->bits == job.weight_bits() && known->weights.fit(shape, first, n))
        return known.get();
    if (chunk->error) {
        fail(KRHN_ERROR_BUS);
        return nullptr;
    }
    auto parsed = WeightChunk::parse(chunk->bytes, shape, first, n, job.weight_bits());
    if (!parsed) {
        fail(KRHN_ERROR_PARAMETER);
        return nullptr;
    }
    known = std::make_shared<WeightChunk>(std::move(*parsed));
    chunk->prepared = known;
    return known.get();
}

/// What post-processing looks at: as many parameters as there are channels.
const WeightChunk* ComputeArray::without_weights(uint32_t channels) {
    if (!no_weights_.parameters || no_weights_.parameters->size() != 2 * size_t{channels})
        no_weights_.parameters = std::make_shared<std::vector<int32_t>>(2 * size_t{channels});
    return &no_weights_;
}

/// The time that one row of one chunk takes, and its sums at the end of it.
void ComputeArray::emit(const ArrayJob& job, uint32_t row, uint32_t chunk,
                        const WeightChunk& weights, Batch& batch) {
    const uint32_t n = job.channels_of(chunk);
    SumRow result;
    result.row = row;
    result.first_channel = chunk * job.chunk_channels;
    result.width = job.output_width;
    result.channels = n;
    result.parameters = weights.parameters;
    if (values_ == Values::computed) result.sums = sums_of(job, row, chunk, weights, batch);
    compute(timing_.convolution_clocks(job.output_width, n, job.shape().reduction()));
    push(std::move(result));
}

void ComputeArray::push(SumRow sums) {
    if (observer_) observer_->on_sums(sums);
    wait_in(State::wait_output, record_.wait_output, [&] { post->push(std::move(sums)); });
}

std::vector<int32_t> ComputeArray::sums_of(const ArrayJob& job, uint32_t row, uint32_t chunk,
                                           const WeightChunk& weights, Batch& batch) {
    const size_t values = size_t{job.output_width} * weights.weights.channels();
    std::vector<int32_t>& sums = batch.sums[chunk];
    if (sums.empty()) {
        sums.resize(values * batch.rows);
        multiply(batch.patches, weights.weights, sums.data());
    }
    const auto first = sums.begin() + static_cast<ptrdiff_t>(values * (row - batch.first));
    return {first, first + static_cast<ptrdiff_t>(values)};
}

void ComputeArray::release_rows(const ArrayJob& job, uint32_t row) {
    if (job.flags & KRHN_ARRAY_RELEASE_SLIDING)
        activation->release_before(job.region, job.input_sequence + job.needed_after(row));
}

void ComputeArray::release_weights(const ArrayJob& job, uint32_t chunk) {
    if (job.flags & KRHN_ARRAY_RELEASE_WEIGHTS) weights->release(job.weight_sequence + chunk);
}

void ComputeArray::compute(uint64_t clocks) {
    stay_busy(activity_, clock_, clocks);
    record_.compute += clock_.time_of(clocks);
}

}  // namespace karhunen
