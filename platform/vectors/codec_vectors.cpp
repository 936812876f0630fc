#include "platform/vectors/codec_vectors.h"

#include <algorithm>
#include <utility>

#include <karhunen/loadable.h>
#include <zlib.h>

#include "platform/vectors/codec_parts.h"

namespace karhunen::vectors {

namespace {

class WatchedEncoder : public BandEncoder {
public:
    WatchedEncoder(std::unique_ptr<BandEncoder> encoder, const Codec& codec, const CodecJob& job,
                   std::vector<CodedBand>& bands)
        : BandEncoder(job.streams), encoder_(std::move(encoder)), codec_(codec), bands_(bands) {
        band_.job = job;
        band_.streams.resize(job.streams);
    }

    void encode_row(std::span<const int16_t> row) override {
        band_.rows.insert(band_.rows.end(), row.begin(), row.end());
        encoder_->encode_row(row);
        take();
    }
    void finish() override {
        encoder_->finish();
        take();
        band_.inside =
            inside_of(codec_, band_.job.shape(), band_.rows, band_.streams, false, band_.job.codec);
        bands_.push_back(std::move(band_));
    }
    double entropy_bits() const override { return encoder_->entropy_bits(); }
    uint64_t row_clocks(uint64_t usual) const override { return encoder_->row_clocks(usual); }

private:
    void take() {
        for (uint32_t s = 0; s < output_.size(); ++s) {
            std::vector<uint8_t>& bytes = encoder_->output(s);
            for (std::vector<uint8_t>* to : {&output_[s], &band_.streams[s]})
                to->insert(to->end(), bytes.begin(), bytes.end());
            bytes.clear();
        }
        code_bits_ = encoder_->code_bits();
    }

    std::unique_ptr<BandEncoder> encoder_;
    const Codec& codec_;
    std::vector<CodedBand>& bands_;
    CodedBand band_;
};

class WatchedDecoder : public BandDecoder {
public:
    WatchedDecoder(std::unique_ptr<BandDecoder> decoder, const Codec& codec, const CodecJob& job,
                   std::vector<CodedBand>& bands)
        : decoder_(std::move(decoder)), codec_(codec), bands_(bands) {
        band_.job = job;
        band_.decoded = true;
        band_.streams.resize(job.streams);
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        decoder_->feed(stream, bytes);
        band_.streams[stream].insert(band_.streams[stream].end(), bytes.begin(), bytes.end());
    }
    void end() override { decoder_->end(); }
    bool decode_row(std::span<int16_t> row) override {
        if (!decoder_->decode_row(row)) return false;
        band_.rows.insert(band_.rows.end(), row.begin(), row.end());
        return true;
    }
    uint64_t consumed(uint32_t stream) const override { return decoder_->consumed(stream); }
    void finish() override {
        decoder_->finish();
        band_.inside =
            inside_of(codec_, band_.job.shape(), band_.rows, band_.streams, true, band_.job.codec);
        bands_.push_back(std::move(band_));
    }
    uint64_t row_clocks(uint64_t usual) const override { return decoder_->row_clocks(usual); }

private:
    std::unique_ptr<BandDecoder> decoder_;
    const Codec& codec_;
    std::vector<CodedBand>& bands_;
    CodedBand band_;
};

class WatchedCoders : public BandCoders {
public:
    WatchedCoders(std::unique_ptr<BandCoders> coders, uint32_t tag, std::vector<CodedBand>& bands)
        : coders_(std::move(coders)), tag_(tag), bands_(bands) {}

    std::unique_ptr<BandEncoder> encoder(const Codec& codec, const CodecJob& job) override {
        auto encoder = coders_->encoder(codec, job);
        if (job.tag != tag_) return encoder;
        return std::make_unique<WatchedEncoder>(std::move(encoder), codec, job, bands_);
    }
    std::unique_ptr<BandDecoder> decoder(const Codec& codec, const CodecJob& job) override {
        auto decoder = coders_->decoder(codec, job);
        if (job.tag != tag_) return decoder;
        return std::make_unique<WatchedDecoder>(std::move(decoder), codec, job, bands_);
    }

private:
    std::unique_ptr<BandCoders> coders_;
    const uint32_t tag_;
    std::vector<CodedBand>& bands_;
};

/// Huffman codes and rANS go out in 16-bit words.
uint32_t stream_word_bytes(uint32_t codec) {
    return codec == KRHN_CODEC_VLC || codec == KRHN_CODEC_TRANSFORM ||
                   codec == KRHN_CODEC_CONTEXT || codec == KRHN_CODEC_DCT_MASK
               ? 2
               : 1;
}

}  // namespace

std::unique_ptr<BandCoders> watched_coders(std::unique_ptr<BandCoders> coders, uint32_t tag,
                                           std::vector<CodedBand>& bands) {
    return std::make_unique<WatchedCoders>(std::move(coders), tag, bands);
}

Json job_of(const CodecJob& job) {
    return {{"TAG", job.tag},
            {"CODEC", job.codec},
            {"FORMAT", job.format_number},
            {"ROWS", job.rows},
            {"WIDTH", job.width},
            {"CHANNELS", job.channels},
            {"ROW_SEQUENCE", job.row_sequence},
            {"STREAMS", job.streams},
            {"TABLE_SEQUENCE", job.table_sequence},
            {"FLAGS", job.flags}};
}

krhn_tile_entry tile_entry_of(const CodedBand& band, uint32_t offset) {
    krhn_tile_entry entry{};
    entry.offset = offset;
    entry.values = static_cast<uint32_t>(band.job.shape().values());
    entry.n_streams = band.job.streams;
    for (uint32_t s = 0; s < entry.n_streams; ++s) {
        const std::vector<uint8_t>& stream = band.streams[s];
        entry.bytes[s] = static_cast<uint32_t>(stream.size());
        if (!stream.empty())  // zlib takes a null pointer for the start of a new sum
            entry.crc32 = static_cast<uint32_t>(crc32_z(entry.crc32, stream.data(), stream.size()));
    }
    return entry;
}

VectorCase codec_case(const CodedBand& band, std::span<const uint8_t> table,
                      const krhn_tile_entry& entry) {
    const CodecJob& job = band.job;
    VectorCase vectors{{}, job_of(job), {}, {}};
    vectors.job["codec"] = codec_name(job.codec);
    const char* const rows = band.decoded ? "expectation" : "stimulus";
    const char* const streams = band.decoded ? "stimulus" : "expectation";
    vectors.files.push_back(
        rows_file("rows", rows, job.rows, job.width, job.channels, job.format(), band.rows));
    for (uint32_t s = 0; s < job.streams; ++s)
        vectors.files.push_back(bytes_file("stream" + std::to_string(s), streams,
                                           stream_word_bytes(job.codec), band.streams[s]));
    if (!table.empty()) vectors.files.push_back(bytes_file("table", "parameters", 4, table));
    const auto* const words = reinterpret_cast<const uint32_t*>(&entry);
    vectors.files.push_back(array_file<uint32_t>("tile_entry", streams,
                                                 {sizeof entry / sizeof *words},
                                                 "as krhn_tile_entry", {words, sizeof entry / 4}));
    vectors.files.insert(vectors.files.end(), band.inside.begin(), band.inside.end());
    return vectors;
}

}  // namespace karhunen::vectors
