#include <algorithm>
#include <bit>
#include <memory>

#include "models/codec/ebpc.h"
#include "models/codec/symbol_codec.h"
#include "platform/cosimulation/band_coders_rtl.h"

namespace karhunen::rtl {

namespace {

constexpr uint32_t outputs = 2;  // of a coder: ZNZ and BPC
constexpr uint32_t word_bits = 8;

/// One coder: the model, and the RTL beside it.
struct Coder {
    std::unique_ptr<SequenceEncoder> model = make_ebpc_encoder();
    std::vector<uint8_t> words;               ///< of the band
    std::vector<uint8_t> bytes[outputs];      ///< of the model, of the row
    std::vector<uint64_t> expected[outputs];  ///< the same of the band
    std::unique_ptr<StreamBridge> rtl;
};

class EbpcBandEncoder : public BandEncoder {
public:
    EbpcBandEncoder(const BandSubject& band, Instances& instances, Findings& findings)
        : BandEncoder(band.streams),
          band_(band),
          findings_(findings),
          mode_(band.modes[index_of(Block::ebpc_encoder)]),
          coders_(band.streams / outputs) {
        ++cost().bands;
        for (uint32_t g = 0; g < coders_.size(); ++g)
            if (words_of_row(g) > 0) begin_coder(instances, g);
    }

    void encode_row(std::span<const int16_t> row) override {
        if (row.size() != size_t{band_.shape.width} * band_.shape.channels ||
            rows_done_ == band_.shape.rows)
            throw CodecError("encoder: a row too many or of the wrong length");
        const bool ends = ++rows_done_ == band_.shape.rows;
        const uint64_t before = clocks();
        code_bits_ = 0;
        for (uint32_t g = 0; g < coders_.size(); ++g) {
            code(g, row, ends);
            code_bits_ += coders_[g].model->code_bits();
        }
        row_clocks_ = clocks() - before;
    }
    void finish() override {
        if (rows_done_ != band_.shape.rows) throw CodecError("encoder: the band lacks rows");
    }
    double entropy_bits() const override { return static_cast<double>(code_bits_); }
    uint64_t code_bits_of(uint32_t stream) const override {
        return coders_[stream / outputs].model->code_bits_of(stream % outputs);
    }
    uint64_t row_clocks(uint64_t) const override { return row_clocks_; }

private:
    Cost& cost() { return findings_.cost(Block::ebpc_encoder); }
    uint32_t coders() const { return static_cast<uint32_t>(coders_.size()); }
    size_t words_of_row(uint32_t g) const {
        return size_t{band_.shape.width} * channels_of(g, band_.shape.channels, coders());
    }
    uint64_t clocks() const {
        uint64_t most = 0;
        for (const Coder& coder : coders_) most = std::max(most, coder.model->clocks());
        return most;
    }

    void begin_coder(Instances& instances, uint32_t g) {
        StreamNames names;
        names.instance = "coder " + std::to_string(g);
        names.outputs = {"byte of ZNZ", "byte of BPC"};
        names.word = [](uint64_t word) { return hexadecimal(word, 2); };
        names.locate = [this, g](const Difference& d) { return locate(g, d); };
        coders_[g].rtl = std::make_unique<StreamBridge>(
            Block::ebpc_encoder, band_, findings_, instances.ebpc_encoder(g),
            words_of_row(g) * band_.shape.rows, std::move(names));
    }

    /// The first word of the run or block whose code has the first bit that differs.
    std::optional<BandPosition> locate(uint32_t g, const Difference& d) const {
        uint64_t bit = uint64_t{d.number} * word_bits;
        if (d.found && d.expected)
            bit += static_cast<uint64_t>(
                std::countl_zero(static_cast<uint8_t>(*d.found ^ *d.expected)));
        const std::vector<uint8_t>& words = coders_[g].words;
        const size_t index =
            d.output == 0 ? word_at_znz_bit(words, bit) : word_at_bpc_bit(words, bit);
        if (index == words.size()) return {};
        return position_by_channel(band_.shape, coders(), g, index);
    }

    void code(uint32_t g, std::span<const int16_t> row, bool ends) {
        Coder& coder = coders_[g];
        const size_t first = coder.words.size();
        for (uint32_t c = g; c < band_.shape.channels; c += coders())
            for (uint32_t x = 0; x < band_.shape.width; ++x)
                coder.words.push_back(
                    static_cast<uint8_t>(row[size_t{x} * band_.shape.channels + c]));
        const std::span<const uint8_t> words = std::span(coder.words).subspan(first);
        const uint64_t before = coder.model->clocks();
        timed(cost().model_seconds, [&] {
            coder.model->encode(words, coder.bytes);
            if (ends) coder.model->finish(coder.bytes);
        });
        cost().model_clocks += coder.model->clocks() - before;
        if (coder.rtl) work(coder, words, ends);
        for (uint32_t o = 0; o < outputs; ++o) {
            std::vector<uint8_t>& to = output_[size_t{g} * outputs + o];
            to.insert(to.end(), coder.bytes[o].begin(), coder.bytes[o].end());
            coder.bytes[o].clear();
        }
    }

    void work(Coder& coder, std::span<const uint8_t> words, bool ends) {
        for (uint32_t o = 0; o < outputs; ++o)
            coder.expected[o].insert(coder.expected[o].end(), coder.bytes[o].begin(),
                                     coder.bytes[o].end());
        const std::vector<int16_t> values(words.begin(), words.end());
        coder.rtl->work(values, ends, {coder.expected[0], coder.expected[1]});
        if (mode_ != Mode::rtl) return;
        for (uint32_t o = 0; o < outputs; ++o) {
            const std::span<const uint64_t> found = coder.rtl->take(o);
            coder.bytes[o].assign(found.begin(), found.end());
        }
    }

    BandSubject band_;
    Findings& findings_;
    Mode mode_;
    std::vector<Coder> coders_;
    uint32_t rows_done_ = 0;
    uint64_t row_clocks_ = 0;
};

}  // namespace

std::unique_ptr<BandEncoder> ebpc_band_encoder(const BandSubject& band, Instances& instances,
                                               Findings& findings) {
    return std::make_unique<EbpcBandEncoder>(band, instances, findings);
}

}  // namespace karhunen::rtl
