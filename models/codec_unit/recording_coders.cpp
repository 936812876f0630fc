// A codec's coders with a log beside them.
#include <utility>

#include "models/codec_unit/band_coders.h"

namespace karhunen {

namespace {

/// Adds the clocks of a row, unless they are those of the codec's timing whatever these are.
template <typename Coder>
void note_clocks(const Coder& coder, std::vector<uint64_t>& row_clocks) {
    const uint64_t clocks = coder.row_clocks(0);
    if (clocks == coder.row_clocks(clocks + 1)) row_clocks.push_back(clocks);
}

/// Refers to its record by number: the log grows while coders live.
class RecordingEncoder : public BandEncoder {
public:
    RecordingEncoder(std::unique_ptr<BandEncoder> encoder, BandLog& log)
        : BandEncoder(log.back().streams),
          encoder_(std::move(encoder)),
          log_(log),
          number_(log.size() - 1) {}

    void encode_row(std::span<const int16_t> row) override {
        encoder_->encode_row(row);
        BandRecord& r = log_[number_];
        r.row_bytes.resize(r.row_bytes.size() + output_.size());
        note_clocks(*encoder_, r.row_clocks);
        take();
    }
    void finish() override {
        encoder_->finish();
        BandRecord& r = log_[number_];
        if (!r.row_clocks.empty()) {  // the last row's may be more now
            r.row_clocks.pop_back();
            note_clocks(*encoder_, r.row_clocks);
        }
        take();
        r.code_bits = code_bits_;
        r.entropy_bits = entropy_bits();
    }
    double entropy_bits() const override { return encoder_->entropy_bits(); }
    uint64_t row_clocks(uint64_t usual) const override { return encoder_->row_clocks(usual); }

private:
    void take() {
        BandRecord& r = log_[number_];
        uint32_t* const of_row = &r.row_bytes[r.row_bytes.size() - output_.size()];
        for (uint32_t s = 0; s < output_.size(); ++s) {
            std::vector<uint8_t>& bytes = encoder_->output(s);
            of_row[s] += static_cast<uint32_t>(bytes.size());
            output_[s].insert(output_[s].end(), bytes.begin(), bytes.end());
            if (!r.bytes.empty()) r.bytes[s].insert(r.bytes[s].end(), bytes.begin(), bytes.end());
            bytes.clear();
        }
        code_bits_ = encoder_->code_bits();
    }

    std::unique_ptr<BandEncoder> encoder_;
    BandLog& log_;
    size_t number_;
};

class RecordingDecoder : public BandDecoder {
public:
    RecordingDecoder(std::unique_ptr<BandDecoder> decoder, BandLog& log)
        : decoder_(std::move(decoder)),
          log_(log),
          number_(log.size() - 1),
          used_(log.back().streams) {}

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        decoder_->feed(stream, bytes);
    }
    void end() override { decoder_->end(); }
    bool decode_row(std::span<int16_t> row) override {
        if (!decoder_->decode_row(row)) return false;
        BandRecord& r = log_[number_];
        for (uint32_t s = 0; s < used_.size(); ++s) {
            const uint64_t used = decoder_->consumed(s);
            r.row_bytes.push_back(static_cast<uint32_t>(used - std::exchange(used_[s], used)));
        }
        note_clocks(*decoder_, r.row_clocks);
        return true;
    }
    uint64_t consumed(uint32_t stream) const override { return decoder_->consumed(stream); }
    void finish() override { decoder_->finish(); }
    uint64_t row_clocks(uint64_t usual) const override { return decoder_->row_clocks(usual); }

private:
    std::unique_ptr<BandDecoder> decoder_;
    BandLog& log_;
    size_t number_;
    std::vector<uint64_t> used_;  ///< of each substream, up to the latest row
};

class RecordingCoders : public BandCoders {
public:
    explicit RecordingCoders(BandLog& log) : log_(log) {}

    std::unique_ptr<BandEncoder> encoder(const Codec& codec, const CodecJob& job) override {
        auto inner = codec.encoder(job.shape(), job.streams);
        begin(job);
        if (needs_bytes(job.codec, job.format_number)) log_.back().bytes.resize(job.streams);
        return std::make_unique<RecordingEncoder>(std::move(inner), log_);
    }
    std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) override {
        auto inner = codec.decoder(job.shape(), job.streams);
        begin(job);
        return std::make_unique<RecordingDecoder>(std::move(inner), log_);
    }

private:
    void begin(const CodecJob& job) {
        BandRecord record;
        record.tag = job.tag;
        record.codec = job.codec;
        record.format = job.format_number;
        record.rows = job.rows;
        record.width = job.width;
        record.channels = job.channels;
        record.streams = job.streams;
        log_.push_back(std::move(record));
    }

    BandLog& log_;
};

}  // namespace

std::unique_ptr<BandCoders> recording_coders(BandLog& log) {
    return std::make_unique<RecordingCoders>(log);
}

}  // namespace karhunen
