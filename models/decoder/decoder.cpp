#include "models/decoder/decoder.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace karhunen {

using namespace sc_core;

namespace {

constexpr RegisterDescription description[] = {KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)
                                                   KRHN_DECODER_REGISTERS(KARHUNEN_DESCRIBE)};

/// When the unit is done with a row whose bytes came in parts: each part takes its share of the
/// clocks, and none is worked on before it is there.
class RowWork {
public:
    explicit RowWork(const Clock& clock) : clock_(clock) {}

    void add(uint64_t bytes) { parts_.push_back({sc_time_stamp(), bytes}); }

    /// clocks: of the whole row.
    uint64_t clocks_left(uint64_t clocks) const {
        uint64_t total = 0;
        for (const Part& part : parts_) total += part.bytes;
        if (total == 0) return clocks;
        sc_time done;
        for (const Part& part : parts_) {
            const uint64_t share = clock_.time_of(clocks).value() * part.bytes / total;
            done = std::max(done, part.time) + sc_time::from_value(share);
        }
        const sc_time now = sc_time_stamp();
        return done > now ? clock_.clocks_in(done - now) : 0;
    }

private:
    struct Part {
        sc_time time;
        uint64_t bytes;
    };
    const Clock& clock_;
    std::vector<Part> parts_;
};

}  // namespace

Decoder::Decoder(sc_module_name name, const CodecUnitParameters& parameters,
                 std::unique_ptr<BandCoders> coders)
    : sc_module(name),
      registers("registers", description, parameters.clock_period),
      tables("tables", parameters.table_bytes),
      rows_done_(registers["ROWS_DONE"]),
      clock_(parameters.clock_period),
      parameters_(parameters),
      jobs_(registers, irq, block_id(parameters.id),
            [this] {
                return Job{CodecJob::capture(registers), registers["REGION"],
                           registers["REGION_BYTES"], registers["SKIP_ROWS"]};
            }),
      codecs_(tables),
      coders_(std::move(coders)),
      fifo_(parameters.fifo_bytes),
      activity_(this->name()) {
    stream.bind(fifo_);
    SC_HAS_PROCESS(Decoder);
    SC_THREAD(run);
    set_stack_size(1 << 20);
}

void Decoder::trace(sc_trace_file* file) const {
    activity_.trace(file);
    sc_trace(file, fifo_.fill(), std::string(name()) + ".fifo");
    tables.trace(file);
}

void Decoder::run() {
    for (;;) {
        activity_.set(State::idle);
        const Job job = jobs_.next();
        activity_.set_tag(job.tag);
        const uint32_t causes = causes_of([&] { decode(job); });
        activity_.set(State::busy);
        pipeline_.drain();
        if (causes == 0) {
            jobs_.done();
            continue;
        }
        jobs_.fail(causes);
        fifo_.swallow(true);  // whoever brings the bytes shall not wait for ever
        activity_.set(State::idle);
        jobs_.wait_for_reset();
        fifo_.swallow(false);
    }
}

void Decoder::decode(const Job& job) {
    rows_done_.value = 0;
    job.check();
    activity_.set(State::wait_weights);
    const Codec& codec = codecs_.codec_of(job);
    if (codec.decoded_format() != job.format())
        throw JobError(KRHN_ERROR_PARAMETER, "the codec gives another format");
    activity_.set(State::wait_input);
    if (fifo_.wait_for_band().size() != job.streams)
        throw JobError(KRHN_ERROR_PARAMETER, "the band has another number of substreams");

    const auto decoder = coders_->decoder(codec, job);
    const CodecTiming timing =
        codec.decode_timing(job.row_shape(), job.streams, parameters_.hardware);
    std::vector<int16_t> dropped(
        job.skip_rows == 0 ? 0 : job.row_shape().values() * words_of(job.format()));
    for (uint32_t r = 0; r < job.rows; ++r) {
        if (r < job.skip_rows) {
            decode_row(*decoder, dropped, timing.clocks);
            rows_done_.value = r + 1;
            continue;
        }
        const uint32_t sequence = job.row_sequence + r;
        activity_.set(State::wait_output);
        Row& row = rows->open(job.region, job.region_bytes, sequence, job.width, job.channels,
                              job.format());
        decode_row(*decoder, row.values, timing.clocks);
        pipeline_.complete_after(clock_.time_of(timing.latency), [this, &job, sequence, r] {
            rows->commit(job.region, sequence, job.channels);
            rows_done_.value = r + 1;
        });
    }
    finish(*decoder);
    codecs_.release(job);
}

void Decoder::decode_row(BandDecoder& decoder, std::span<int16_t> values, uint64_t clocks) {
    RowWork work(clock_);
    for (;;) {
        fifo_.feed(decoder);
        if (fifo_.ended()) {
            check_transfer();
            decoder.end();
        }
        const bool complete = decoder.decode_row(values);
        work.add(fifo_.settle(decoder));
        if (complete) break;
        activity_.set(State::wait_input);
        wait(fifo_.arrived());
    }
    stay_busy(activity_, clock_, work.clocks_left(decoder.row_clocks(clocks)));
}

void Decoder::check_transfer() const {
    if (fifo_.failed()) throw JobError(KRHN_ERROR_BUS, "the transfer of the band failed");
}

/// Waits for what may follow the last value: padding, and the DMA's word that the bytes are good.
void Decoder::finish(BandDecoder& decoder) {
    const std::vector<uint32_t>& bytes = fifo_.wait_for_band();
    for (uint32_t s = 0; s < bytes.size(); ++s)
        if (bytes[s] - decoder.consumed(s) > parameters_.fifo_bytes / 2)
            throw CodecError("bytes are left over");
    while (!fifo_.ended()) {
        activity_.set(State::wait_input);
        wait(fifo_.arrived());
    }
    check_transfer();
    fifo_.feed(decoder);
    decoder.end();
    decoder.finish();
    fifo_.finish_band();
}

}  // namespace karhunen
