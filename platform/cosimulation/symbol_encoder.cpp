#include <algorithm>
#include <bit>
#include <memory>

#include "platform/cosimulation/band_coders_rtl.h"
#include "platform/cosimulation/pca_ports.h"

namespace karhunen::rtl {

namespace {

constexpr uint32_t word_bits = 16;

/// One substream: the model's coder, and the RTL's beside it.
struct Substream {
    HuffmanCode::Writer writer;
    std::vector<uint8_t> bytes;    ///< of the model, of the row
    std::vector<int16_t> symbols;  ///< of the band
    std::vector<uint64_t> words;   ///< the model's, of the band
    std::unique_ptr<StreamBridge> rtl;
};

class SymbolEncoder : public BandEncoder {
public:
    SymbolEncoder(const SymbolCodec& codec, const BandSubject& band, Instances& instances,
                  Findings& findings)
        : BandEncoder(band.streams),
          codec_(codec),
          band_(band),
          findings_(findings),
          row_(size_t{band.shape.width} * band.shape.channels),
          substreams_(band.streams) {
        if (mode(Block::pca_unit) != Mode::model) begin_transform(instances);
        if (mode(Block::huffman_encoder) == Mode::model) return;
        ++findings.cost(Block::huffman_encoder).bands;
        for (uint32_t s = 0; s < band.streams; ++s) begin_coder(instances, s);
    }

    void encode_row(std::span<const int16_t> row) override {
        if (codec_.symbols_of(row.size()) != row_.size() || rows_done_ == band_.shape.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        const bool ends = ++rows_done_ == band_.shape.rows;
        transform(row, ends);
        code_bits_ = information_ = 0;
        for (uint32_t s = 0; s < substreams_.size(); ++s) {
            code(s, ends);
            code_bits_ += substreams_[s].writer.code_bits;
            information_ += substreams_[s].writer.information;
        }
    }
    void finish() override {
        if (rows_done_ != band_.shape.rows) throw CodecError("encoder: the band lacks rows");
    }
    double entropy_bits() const override { return static_cast<double>(information_) / 8; }
    uint64_t code_bits_of(uint32_t stream) const override {
        return substreams_[stream].writer.code_bits;
    }

private:
    Mode mode(Block block) const { return band_.modes[index_of(block)]; }

    void begin_transform(Instances& instances) {
        const TransformParameters& p = *codec_.transform();
        ++findings_.cost(Block::pca_unit).bands;
        StreamNames names;
        names.outputs = {"symbol"};
        names.channels = "component";
        names.word = [](uint64_t word) {
            return std::to_string(sign_extended(word, pca_symbol_bits));
        };
        names.locate = [shape = band_.shape](const Difference& d) -> std::optional<BandPosition> {
            if (d.number >= shape.values()) return {};
            return position_by_pixel(shape, 1, 0, d.number);
        };
        transform_ =
            std::make_unique<StreamBridge>(Block::pca_unit, band_, findings_, instances.pca_unit(p),
                                           band_.shape.values(), std::move(names));
    }

    void begin_coder(Instances& instances, uint32_t s) {
        const uint32_t channels = channels_of(s, band_.shape.channels, band_.streams);
        if (channels == 0) return;
        StreamNames names;
        names.instance = "substream " + std::to_string(s);
        if (codec_.transform()) names.channels = "component";
        names.word = [](uint64_t word) { return hexadecimal(word, 4); };
        names.locate = [this, s](const Difference& d) { return locate(s, d); };
        substreams_[s].rtl = std::make_unique<StreamBridge>(
            Block::huffman_encoder, band_, findings_, instances.huffman_encoder(s, codec_.code()),
            size_t{band_.shape.rows} * band_.shape.width * channels, std::move(names));
    }

    /// The symbol whose code has the first bit that differs.
    std::optional<BandPosition> locate(uint32_t s, const Difference& d) const {
        uint64_t bit = uint64_t{d.number} * word_bits;
        if (d.found && d.expected)
            bit += static_cast<uint64_t>(std::countr_zero(*d.found ^ *d.expected));
        const std::vector<int16_t>& symbols = substreams_[s].symbols;
        const size_t index = symbol_at_bit(codec_.code(), symbols, bit);
        if (index == symbols.size()) return {};
        return position_by_pixel(band_.shape, band_.streams, s, index);
    }

    /// row_ becomes the symbols of a row of values.
    void transform(std::span<const int16_t> row, bool ends) {
        Cost& cost = findings_.cost(Block::pca_unit);
        if (mode(Block::pca_unit) != Mode::rtl)
            timed(transform_ ? cost.model_seconds : other_seconds_,
                  [&] { codec_.quantise(row, row_.data()); });
        if (!transform_) return;
        const TransformParameters& p = *codec_.transform();
        const uint64_t vector = uint64_t{p.components} * p.channels;
        cost.model_clocks += band_.shape.width * ((vector + pca_multipliers - 1) / pca_multipliers);
        for (const int16_t s : row_)  // in mode rtl their number counts alone
            symbols_.push_back(static_cast<uint64_t>(s) & ((1u << pca_symbol_bits) - 1));
        transform_->work(row, ends, {symbols_});
        if (mode(Block::pca_unit) != Mode::rtl) return;
        const auto symbol_of = [](uint64_t word) {
            return static_cast<int16_t>(sign_extended(word, pca_symbol_bits));
        };
        std::ranges::transform(transform_->take_good(row_.size(),
                                                     [&](uint64_t word) {
                                                         return symbol_of(word) >= p.low &&
                                                                symbol_of(word) <= p.high;
                                                     }),
                               row_.begin(), symbol_of);
    }

    void code(uint32_t s, bool ends) {
        Substream& stream = substreams_[s];
        const BandShape& shape = band_.shape;
        const size_t first = stream.symbols.size();
        for (uint32_t x = 0; x < shape.width; ++x)
            for (uint32_t c = s; c < shape.channels; c += band_.streams)
                stream.symbols.push_back(row_[size_t{x} * shape.channels + c]);
        const std::span<const int16_t> symbols = std::span(stream.symbols).subspan(first);
        Cost& cost = findings_.cost(Block::huffman_encoder);
        timed(stream.rtl ? cost.model_seconds : other_seconds_, [&] {
            codec_.code().encode(stream.writer, stream.bytes, symbols.data(), symbols.size(), 1);
            if (ends) HuffmanCode::flush(stream.writer, stream.bytes);
        });
        if (stream.rtl) {
            cost.model_clocks += symbols.size();
            for (size_t i = 0; i < stream.bytes.size(); i += 2)
                stream.words.push_back(stream.bytes[i] | uint64_t{stream.bytes[i + 1]} << 8);
            stream.rtl->work(symbols, ends, {stream.words});
            if (mode(Block::huffman_encoder) == Mode::rtl) {
                stream.bytes.clear();
                for (const uint64_t word : stream.rtl->take()) {
                    stream.bytes.push_back(static_cast<uint8_t>(word));
                    stream.bytes.push_back(static_cast<uint8_t>(word >> 8));
                }
            }
        }
        output_[s].insert(output_[s].end(), stream.bytes.begin(), stream.bytes.end());
        stream.bytes.clear();
    }

    const SymbolCodec& codec_;
    BandSubject band_;
    Findings& findings_;
    std::vector<int16_t> row_;       ///< of symbols
    std::vector<uint64_t> symbols_;  ///< of the band, as the PCA unit writes them
    std::unique_ptr<StreamBridge> transform_;
    std::vector<Substream> substreams_;
    uint32_t rows_done_ = 0;
    uint64_t information_ = 0;
    double other_seconds_ = 0;
};

}  // namespace

std::unique_ptr<BandEncoder> symbol_encoder(const SymbolCodec& codec, const BandSubject& band,
                                            Instances& instances, Findings& findings) {
    return std::make_unique<SymbolEncoder>(codec, band, instances, findings);
}

}  // namespace karhunen::rtl
