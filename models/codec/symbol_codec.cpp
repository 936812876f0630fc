#include "models/codec/symbol_codec.h"

#include <algorithm>

#include <karhunen/dma.h>

#include "models/codec/word_input.h"

namespace karhunen {

void check_band(const BandShape& shape, uint32_t streams) {
    if (streams < 1 || streams > KRHN_MAX_STREAMS)
        throw CodecError("a band has 1 to 12 substreams, not " + std::to_string(streams));
    constexpr uint64_t most = 1 << 24;  // values of a row; far above any buffer
    if (uint64_t{shape.width} * shape.channels > most || shape.rows > most)
        throw CodecError("a band of " + std::to_string(shape.rows) + " rows of " +
                         std::to_string(shape.width) + " x " + std::to_string(shape.channels) +
                         " values is too large");
}

uint64_t coder_clocks(const BandShape& row, uint32_t streams) {
    return uint64_t{row.rows} * row.width * ((row.channels + streams - 1) / streams);
}

uint32_t channels_of(uint32_t s, uint32_t channels, uint32_t streams) {
    return s < channels ? (channels - s - 1) / streams + 1 : 0;
}

namespace {

class SymbolEncoder : public BandEncoder {
public:
    /// symbols: the same band in symbols
    SymbolEncoder(const SymbolCodec& codec, const BandShape& shape, const BandShape& symbols,
                  uint32_t streams)
        : BandEncoder(streams),
          codec_(codec),
          shape_(symbols),
          row_values_(size_t{shape.width} * shape.channels),
          writers_(streams),
          symbols_(size_t{symbols.width} * symbols.channels) {}

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != row_values_ || rows_done_ == shape_.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        ++rows_done_;
        codec_.quantise(row, symbols_.data());
        const auto streams = static_cast<uint32_t>(writers_.size());
        code_bits_ = information_ = 0;
        for (uint32_t s = 0; s < streams; ++s) {
            write(s, streams);
            code_bits_ += writers_[s].code_bits;
            information_ += writers_[s].information;
        }
    }
    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("encoder: the band lacks rows");
        for (size_t s = 0; s < writers_.size(); ++s) HuffmanCode::flush(writers_[s], output_[s]);
    }
    double entropy_bits() const override { return static_cast<double>(information_) / 8; }
    uint64_t code_bits_of(uint32_t stream) const override { return writers_[stream].code_bits; }

private:
    void write(uint32_t s, uint32_t streams) {
        const uint32_t channels = shape_.channels;
        const size_t mine = channels_of(s, channels, streams);
        if (mine * shape_.width == 0) return;
        const HuffmanCode& code = codec_.code();
        if (channels % streams == 0) {
            code.encode(writers_[s], output_[s], symbols_.data() + s, mine * shape_.width, streams);
        } else {
            for (size_t x = 0; x < shape_.width; ++x)
                code.encode(writers_[s], output_[s], symbols_.data() + x * channels + s, mine,
                            streams);
        }
    }

    const SymbolCodec& codec_;
    BandShape shape_;  ///< in symbols
    size_t row_values_;
    std::vector<HuffmanCode::Writer> writers_;
    std::vector<int16_t> symbols_;
    uint32_t rows_done_ = 0;
    uint64_t information_ = 0;
};

class SymbolDecoder : public BandDecoder {
public:
    SymbolDecoder(const SymbolCodec& codec, const BandShape& shape, const BandShape& symbols,
                  uint32_t streams)
        : codec_(codec),
          shape_(symbols),
          row_values_(size_t{shape.width} * shape.channels),
          inputs_(streams) {
        for (uint32_t s = 0; s < streams; ++s)
            inputs_[s].symbols.resize(row_symbols(s) + HuffmanCode::slack);
        symbols_.resize(size_t{symbols.width} * symbols.channels);
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        if (stream >= inputs_.size()) throw CodecError("decoder: no such substream");
        if (ended_ && !bytes.empty()) throw CodecError("decoder: bytes after the end");
        inputs_[stream].words.feed(bytes);
    }
    void end() override { ended_ = true; }

    bool decode_row(std::span<int16_t> row) override {
        if (row.size() != row_values_ || rows_done_ == shape_.rows)
            throw CodecError("decoder: a row too many or of the wrong length");
        bool complete = true;
        for (uint32_t s = 0; s < inputs_.size(); ++s) complete = read(s) && complete;
        if (!complete) {
            if (ended_) throw CodecError("the stream ends before its band is complete");
            return false;
        }
        for (uint32_t s = 0; s < inputs_.size(); ++s) scatter(s);
        codec_.reconstruct(symbols_, row.data());
        ++rows_done_;
        return true;
    }

    uint64_t consumed(uint32_t stream) const override {
        return inputs_[stream].words.consumed(all_read(stream));
    }

    void finish() override {
        if (rows_done_ != shape_.rows) throw CodecError("decoder: rows of the band were not taken");
        for (const Input& in : inputs_) in.words.finish();
    }

private:
    struct Input {
        WordInput words;
        std::vector<int16_t> symbols;  ///< of the row in work
        size_t done = 0;               ///< of them
    };

    size_t row_symbols(uint32_t s) const {
        const auto streams = static_cast<uint32_t>(inputs_.size());
        return size_t{shape_.width} * channels_of(s, shape_.channels, streams);
    }
    bool all_read(uint32_t s) const {
        return rows_done_ == shape_.rows ||
               (rows_done_ + 1 == shape_.rows && inputs_[s].done == row_symbols(s));
    }

    bool read(uint32_t s) {
        Input& in = inputs_[s];
        const size_t wanted = row_symbols(s);
        if (in.done == wanted) return true;
        in.words.begin();
        in.done +=
            codec_.code().decode(in.words.reader, in.symbols.data() + in.done, wanted - in.done);
        in.words.end();
        return in.done == wanted;
    }

    void scatter(uint32_t s) {
        const auto streams = static_cast<uint32_t>(inputs_.size());
        const uint32_t channels = shape_.channels;
        const int16_t* from = inputs_[s].symbols.data();
        if (channels % streams == 0) {
            const size_t count = row_symbols(s);
            int16_t* const to = symbols_.data();
            for (size_t i = 0; i < count; ++i) to[i * streams + s] = from[i];
        } else {
            for (size_t x = 0; x < shape_.width; ++x)
                for (uint32_t c = s; c < channels; c += streams)
                    symbols_[x * channels + c] = *from++;
        }
        inputs_[s].done = 0;
    }

    const SymbolCodec& codec_;
    BandShape shape_;  ///< in symbols
    size_t row_values_;
    std::vector<Input> inputs_;
    std::vector<int16_t> symbols_;
    uint32_t rows_done_ = 0;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<BandEncoder> SymbolCodec::encoder(const BandShape& shape, uint32_t streams) const {
    check_band(shape, streams);
    check_channels(shape.channels);
    return std::make_unique<SymbolEncoder>(*this, shape, symbol_shape(shape), streams);
}

std::unique_ptr<BandDecoder> SymbolCodec::decoder(const BandShape& shape, uint32_t streams) const {
    check_band(shape, streams);
    check_channels(shape.channels);
    return std::make_unique<SymbolDecoder>(*this, shape, symbol_shape(shape), streams);
}

uint64_t SymbolCodec::worst_case_bytes(const BandShape& shape, uint32_t streams) const {
    check_band(shape, streams);
    return (coder_clocks(symbol_shape(shape), streams) * code_.longest() + 15) / 16 * 2;
}

std::vector<int16_t> SymbolCodec::symbols(std::span<const int16_t> row) const {
    std::vector<int16_t> result(symbols_of(row.size()));
    quantise(row, result.data());
    for (int16_t& s : result) s = static_cast<int16_t>(s - code_.low());
    return result;
}

double SymbolCodec::entropy_bits(std::span<const int16_t> row) const {
    uint64_t eighths = 0;
    for (const int16_t s : symbols(row))
        eighths += code_.model(static_cast<uint32_t>(s)).information;
    return static_cast<double>(eighths) / 8;
}

}  // namespace karhunen
