#include "models/encoder/encoder.h"

#include <utility>

namespace karhunen {

using namespace sc_core;

namespace {

constexpr RegisterDescription description[] = {KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)
                                                   KRHN_ENCODER_REGISTERS(KARHUNEN_DESCRIBE)};
constexpr uint32_t region = 0;  // of the output buffer

}  // namespace

Encoder::Encoder(sc_module_name name, const CodecUnitParameters& parameters,
                 std::unique_ptr<BandCoders> coders)
    : sc_module(name),
      registers("registers", description, parameters.clock_period),
      tables("tables", parameters.table_bytes),
      clock_(parameters.clock_period),
      parameters_(parameters),
      jobs_(registers, irq, block_id(parameters.id),
            [this] { return CodecJob::capture(registers); }),
      codecs_(tables),
      coders_(std::move(coders)),
      queue_(parameters.fifo_bytes),
      activity_(this->name()) {
    stream.bind(queue_);
    SC_HAS_PROCESS(Encoder);
    SC_THREAD(run);
    set_stack_size(1 << 20);
}

void Encoder::trace(sc_trace_file* file) const {
    activity_.trace(file);
    sc_trace(file, queue_.fill(), std::string(name()) + ".fifo");
    tables.trace(file);
}

void Encoder::observe(std::function<void(const EncodedBand&)> observer) {
    observer_ = std::move(observer);
}

void Encoder::run() {
    for (;;) {
        activity_.set(State::idle);
        const CodecJob job = jobs_.next();
        activity_.set_tag(job.tag);
        const uint32_t causes = causes_of([&] { encode(job); });
        activity_.set(State::busy);
        pipeline_.drain();
        if (causes == 0) {
            jobs_.done();
            continue;
        }
        jobs_.fail(causes);
        queue_.abandon(true);  // whoever fetches the bytes shall not wait for ever
        activity_.set(State::idle);
        jobs_.wait_for_reset();
        queue_.abandon(false);
    }
}

void Encoder::wait_for_room(bool (StreamQueue::*has_room)() const) {
    while (!(queue_.*has_room)()) {
        activity_.set(State::wait_output);
        wait(queue_.room());
    }
}

void Encoder::encode(const CodecJob& job) {
    job.check();
    activity_.set(State::wait_weights);
    const Codec& codec = codecs_.codec_of(job);
    if (codec.stored_format() != job.format())
        throw JobError(KRHN_ERROR_PARAMETER, "the codec takes another format");

    const auto encoder = coders_->encoder(codec, job);
    const CodecTiming timing =
        codec.encode_timing(job.row_shape(), job.streams, parameters_.hardware);
    EncodedBand report;
    report.tag = job.tag;
    report.values = job.shape().values();

    wait_for_room(&StreamQueue::takes_band);
    queue_.begin_band(job.streams);
    for (uint32_t r = 0; r < job.rows; ++r) {
        const bool last = r + 1 == job.rows;
        activity_.set(State::wait_input);
        const Row& row = rows->wait_for(region, job.row_sequence + r);
        if (row.width != job.width || row.channels != job.channels || row.format != job.format())
            throw JobError(KRHN_ERROR_PARAMETER, "the buffer holds rows of another shape");
        wait_for_room(&StreamQueue::takes_row);
        encoder->encode_row(row.values);
        if (last) encoder->finish();
        StreamQueue::Streams bytes(job.streams);
        for (uint32_t s = 0; s < job.streams; ++s) {
            bytes[s].swap(encoder->output(s));
            report.stream_bytes += bytes[s].size();
        }
        stay_busy(activity_, clock_, encoder->row_clocks(timing.clocks));
        rows->release_before(region, job.row_sequence + r + 1);
        pipeline_.complete_after(clock_.time_of(timing.latency),
                                 [this, last, bytes = std::move(bytes)] {
                                     queue_.put(bytes);
                                     if (last) queue_.end_band();
                                 });
    }
    report.code_bits = encoder->code_bits();
    report.entropy_bits = encoder->entropy_bits();
    if (observer_) observer_(report);
    codecs_.release(job);
}

}  // namespace karhunen
