// Coders that know sizes and clocks from a log, and no values.
#include <algorithm>
#include <tuple>
#include <utility>

#include "models/codec_unit/band_coders.h"

namespace karhunen {

namespace {

uint64_t clocks_of(const BandRecord& record, uint32_t row, uint64_t usual) {
    return record.row_clocks.empty() ? usual : record.row_clocks[row];
}

class ReplayingEncoder : public BandEncoder {
public:
    explicit ReplayingEncoder(const BandRecord& record)
        : BandEncoder(record.streams), record_(record), position_(record.streams) {}

    void encode_row(std::span<const int16_t>) override {
        for (uint32_t s = 0; s < record_.streams; ++s) {
            std::vector<uint8_t>& out = output_[s];
            out.assign(record_.row_bytes[size_t{rows_done_} * record_.streams + s], 0);
            if (record_.bytes.empty()) continue;
            std::copy_n(record_.bytes[s].begin() + position_[s], out.size(), out.begin());
            position_[s] += static_cast<ptrdiff_t>(out.size());
        }
        ++rows_done_;
    }
    void finish() override { code_bits_ = record_.code_bits; }
    double entropy_bits() const override { return record_.entropy_bits; }
    uint64_t row_clocks(uint64_t usual) const override {
        return clocks_of(record_, rows_done_ - 1, usual);
    }

private:
    const BandRecord& record_;
    uint32_t rows_done_ = 0;
    std::vector<ptrdiff_t> position_;  ///< in the bytes of each substream
};

/// A row is complete when all of its bytes are there: decoders work on a substream as far as its
/// bytes go, but not beyond the row (BandDecoder::consumed).
class ReplayingDecoder : public BandDecoder {
public:
    explicit ReplayingDecoder(const BandRecord& record)
        : record_(record), fed_(record.streams), needed_(record.streams) {}

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        fed_[stream] += bytes.size();
    }
    void end() override { ended_ = true; }
    bool decode_row(std::span<int16_t>) override {
        if (is_complete_) {
            for (uint32_t s = 0; s < record_.streams; ++s)
                needed_[s] += record_.row_bytes[size_t{rows_begun_} * record_.streams + s];
            ++rows_begun_;
        }
        is_complete_ = std::ranges::equal(fed_, needed_, std::ranges::greater_equal());
        if (!is_complete_ && ended_)
            throw CodecError("the stream ends before its band is complete");
        return is_complete_;
    }
    uint64_t consumed(uint32_t stream) const override {
        return std::min(fed_[stream], needed_[stream]);
    }
    void finish() override {}
    uint64_t row_clocks(uint64_t usual) const override {
        return clocks_of(record_, rows_begun_ - 1, usual);
    }

private:
    const BandRecord& record_;
    std::vector<uint64_t> fed_, needed_;  ///< bytes of each substream, up to the row in work
    uint32_t rows_begun_ = 0;
    bool is_complete_ = true;  ///< the row that was begun last
    bool ended_ = false;
};

/// The codec's own, whose values go nowhere.
class BlindDecoder : public BandDecoder {
public:
    BlindDecoder(std::unique_ptr<BandDecoder> decoder, size_t row_values)
        : decoder_(std::move(decoder)), row_(row_values) {}

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        decoder_->feed(stream, bytes);
    }
    void end() override { decoder_->end(); }
    bool decode_row(std::span<int16_t>) override { return decoder_->decode_row(row_); }
    uint64_t consumed(uint32_t stream) const override { return decoder_->consumed(stream); }
    void finish() override { decoder_->finish(); }
    uint64_t row_clocks(uint64_t usual) const override { return decoder_->row_clocks(usual); }

private:
    std::unique_ptr<BandDecoder> decoder_;
    std::vector<int16_t> row_;
};

class ReplayingCoders : public BandCoders {
public:
    explicit ReplayingCoders(const BandLog& log) : log_(log) {}

    std::unique_ptr<BandEncoder> encoder(const Codec&, const CodecJob& job) override {
        return std::make_unique<ReplayingEncoder>(next(job));
    }
    std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) override {
        const BandRecord& record = next(job);
        if (codec_traits(job.codec).streams_per_coder > 1)
            return std::make_unique<BlindDecoder>(codec.decoder(job.shape(), job.streams),
                                                  size_t{job.width} * job.channels);
        return std::make_unique<ReplayingDecoder>(record);
    }

private:
    const BandRecord& next(const CodecJob& job) {
        const auto is_of = [&](const BandRecord& r) {
            return std::tie(r.tag, r.codec, r.format, r.rows, r.width, r.channels, r.streams) ==
                   std::tie(job.tag, job.codec, job.format_number, job.rows, job.width,
                            job.channels, job.streams);
        };
        if (next_ == log_.size() || !is_of(log_[next_]))
            throw JobError(KRHN_ERROR_PARAMETER, "not the next band of the recording");
        return log_[next_++];
    }

    const BandLog& log_;
    size_t next_ = 0;
};

}  // namespace

std::unique_ptr<BandCoders> replaying_coders(const BandLog& log) {
    return std::make_unique<ReplayingCoders>(log);
}

}  // namespace karhunen
