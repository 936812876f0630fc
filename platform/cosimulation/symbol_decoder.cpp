#include <algorithm>
#include <memory>

#include "models/codec/word_input.h"
#include "platform/cosimulation/band_coders_rtl.h"
#include "platform/cosimulation/huffman_ports.h"

namespace karhunen::rtl {

namespace {

constexpr uint32_t symbol_bits = 11;

/// One substream: the model's reader, and the RTL's beside it.
struct Substream {
    WordInput model;
    std::vector<int16_t> words;      ///< fed, but not given to the RTL
    size_t given = 0;                ///< words before these
    std::vector<uint8_t> half;       ///< a byte that waits for the other one of its word
    std::vector<uint64_t> expected;  ///< symbols of the band so far, as the RTL writes them
    std::unique_ptr<StreamBridge> rtl;
};

/// Rows come when the codec's decoder has them; the RTL gets all of their words then.
class SymbolDecoder : public BandDecoder {
public:
    SymbolDecoder(const SymbolCodec& codec, const BandSubject& band,
                  std::unique_ptr<BandDecoder> model, Instances& instances, Findings& findings)
        : codec_(codec),
          band_(band),
          model_(std::move(model)),
          findings_(findings),
          mode_(band.modes[index_of(Block::huffman_decoder)]),
          row_(size_t{band.shape.width} * band.shape.channels),
          substreams_(band.streams) {
        ++findings.cost(Block::huffman_decoder).bands;
        for (uint32_t s = 0; s < band.streams; ++s)
            if (symbols_of_row(s) > 0) begin_coder(instances, s);
    }

    void feed(uint32_t stream, std::span<const uint8_t> bytes) override {
        model_->feed(stream, bytes);
        Substream& s = substreams_[stream];
        s.model.feed(bytes);
        for (const uint8_t byte : bytes) {
            s.half.push_back(byte);
            if (s.half.size() < 2) continue;
            s.words.push_back(static_cast<int16_t>(s.half[0] | s.half[1] << 8));
            s.half.clear();
        }
    }
    void end() override { model_->end(); }
    bool decode_row(std::span<int16_t> row) override {
        if (!model_->decode_row(row)) return false;
        ++rows_done_;
        for (uint32_t s = 0; s < substreams_.size(); ++s)
            if (substreams_[s].rtl) decode(s);
        if (mode_ == Mode::rtl) codec_.reconstruct(row_, row.data());
        return true;
    }
    uint64_t consumed(uint32_t stream) const override { return model_->consumed(stream); }
    void finish() override { model_->finish(); }
    uint64_t row_clocks(uint64_t usual) const override { return model_->row_clocks(usual); }

private:
    size_t symbols_of_row(uint32_t s) const {
        return size_t{band_.shape.width} * channels_of(s, band_.shape.channels, band_.streams);
    }
    int16_t value_of(uint64_t word) const {
        const int low = codec_.code().low();
        return static_cast<int16_t>(
            low + static_cast<int>(place_in_table(static_cast<int32_t>(word) - low, symbol_bits)));
    }

    void begin_coder(Instances& instances, uint32_t s) {
        StreamNames names;
        names.instance = "substream " + std::to_string(s);
        names.outputs = {"symbol"};
        if (codec_.transform()) names.channels = "component";
        names.word = [this](uint64_t word) { return std::to_string(value_of(word)); };
        names.locate = [this, s](const Difference& d) -> std::optional<BandPosition> {
            if (d.number >= symbols_of_row(s) * band_.shape.rows) return {};
            return position_by_pixel(band_.shape, band_.streams, s, d.number);
        };
        substreams_[s].rtl = std::make_unique<StreamBridge>(
            Block::huffman_decoder, band_, findings_, instances.huffman_decoder(s, codec_.code()),
            symbols_of_row(s) * band_.shape.rows, std::move(names));
    }

    void decode(uint32_t s) {
        Substream& stream = substreams_[s];
        const size_t count = symbols_of_row(s);
        std::vector<int16_t> symbols(count + HuffmanCode::slack);
        Cost& cost = findings_.cost(Block::huffman_decoder);
        timed(cost.model_seconds, [&] {
            stream.model.begin();
            codec_.code().decode(stream.model.reader, symbols.data(), count);
            stream.model.end();
        });
        cost.model_clocks += count;
        for (size_t i = 0; i < count; ++i)
            stream.expected.push_back(place_in_table(symbols[i], symbol_bits));
        // Words with codes of these rows alone: what comes behind the band is an error that the
        // model tells, and to the RTL the next band.
        const bool ends = rows_done_ == band_.shape.rows;
        const size_t wanted = (stream.model.consumed(ends) + 1) / 2 - stream.given;
        stream.rtl->work(std::span(stream.words).first(wanted), ends, {stream.expected});
        stream.words.erase(stream.words.begin(),
                           stream.words.begin() + static_cast<ptrdiff_t>(wanted));
        stream.given += wanted;
        if (mode_ == Mode::rtl) place(s);
    }

    /// The row's symbols; the RTL may be ahead of it.
    void place(uint32_t s) {
        const int above = codec_.code().low() + static_cast<int>(codec_.code().symbols());
        auto from = substreams_[s]
                        .rtl
                        ->take_good(symbols_of_row(s),
                                    [&](uint64_t word) { return value_of(word) < above; })
                        .begin();
        for (uint32_t x = 0; x < band_.shape.width; ++x)
            for (uint32_t c = s; c < band_.shape.channels; c += band_.streams)
                row_[size_t{x} * band_.shape.channels + c] = value_of(*from++);
    }

    const SymbolCodec& codec_;
    BandSubject band_;
    std::unique_ptr<BandDecoder> model_;
    Findings& findings_;
    Mode mode_;
    std::vector<int16_t> row_;  ///< of symbols
    std::vector<Substream> substreams_;
    uint32_t rows_done_ = 0;
};

}  // namespace

std::unique_ptr<BandDecoder> symbol_decoder(const SymbolCodec& codec, const BandSubject& band,
                                            std::unique_ptr<BandDecoder> model,
                                            Instances& instances, Findings& findings) {
    return std::make_unique<SymbolDecoder>(codec, band, std::move(model), instances, findings);
}

}  // namespace karhunen::rtl
