// Thin shells of the verilated blocks.
#include <Vebpc_encoder.h>
#include <Vhuffman_decoder.h>
#include <Vhuffman_encoder.h>
#include <Vpca_unit.h>

#include "platform/cosimulation/huffman_ports.h"
#include "platform/cosimulation/pca_ports.h"
#include "platform/cosimulation/rtl_block.h"

namespace karhunen::rtl {

namespace {

constexpr uint32_t huffman_symbol_bits = 11, huffman_code_bits = HuffmanCode::max_length;
constexpr PcaShape pca_shape{pca_multipliers, pca_channels, 12};
/// Longer than any block works on without a beat; then what is not out waits for more values.
constexpr uint64_t settled_clocks = 256;

/// What blocks have in common; Base is the interface.
template <typename Block, typename Base>
class Shell : public Base {
public:
    explicit Shell(uint32_t seed) : bench_(seed), random_(seed), stalling_(seed != 0) {}

    void begin(size_t values) override {
        if (inside_) bench_.reset();
        for (Sink& s : sinks_) {
            s.streams.clear();
            s.inside = false;
            s.held = {};
        }
        stalls_ = stalling_ ? random_() % 2 ? Stalls::at_random(random_, 50) : Stalls{0, 0, true}
                            : Stalls{};
        prepare(values);
        inside_ = true;
    }
    void work(std::span<const int16_t> values, bool ends,
              std::span<const size_t> awaited) override {
        values_ = values;
        ends_ = ends;
        Block& b = *bench_;
        Source source{b.in_valid, b.in_ready, beats(), [this](size_t i) { put(i); }};
        std::vector<Sink*> sinks;
        for (Sink& s : sinks_) sinks.push_back(&s);
        const auto complete = [&] {
            for (size_t i = 0; i < sinks_.size(); ++i)
                if (words(static_cast<unsigned>(i)).size() < awaited[i]) return false;
            return true;
        };
        bench_.run_until(source, sinks, stalls_, [&](uint64_t quiet) {
            if (ends) return std::ranges::all_of(sinks_, &Sink::done);
            return source.sent == source.beats && (quiet >= settled_clocks || complete());
        });
        if (!ends) return;
        if (source.sent < source.beats)
            throw ProtocolError("the stream ends after " + std::to_string(source.sent) + " of " +
                                std::to_string(source.beats) + " beats");
        bench_.run_for(4, source, sinks);
        inside_ = false;
    }
    const std::vector<uint64_t>& words(unsigned output) const override {
        static const std::vector<uint64_t> none;
        return sinks_[output].streams.empty() ? none : sinks_[output].streams[0];
    }
    uint64_t clocks() const override { return bench_.clocks(); }

protected:
    virtual void prepare(size_t /*values*/) {}
    virtual size_t beats() const { return values_.size(); }
    virtual void put(size_t beat) = 0;
    bool is_last(size_t beat) const { return ends_ && beat + 1 == beats(); }

    Bench<Block> bench_;
    std::span<const int16_t> values_;  ///< that it works on
    std::vector<Sink> sinks_;

private:
    std::mt19937 random_;
    bool stalling_;
    Stalls stalls_;
    bool ends_ = false;
    bool inside_ = false;  ///< a stream
};

class HuffmanEncoder : public Shell<Vhuffman_encoder, HuffmanBlock> {
public:
    explicit HuffmanEncoder(uint32_t seed) : Shell(seed) {
        Vhuffman_encoder& b = *bench_;
        sinks_.push_back(
            {b.out_valid, b.out_ready, [&b] { return uint64_t{b.out_word}; }, b.out_last});
    }
    void load(const HuffmanCode& code) override { load_encoder(bench_, code, huffman_symbol_bits); }

private:
    void put(size_t i) override {
        bench_->in_symbol = place_in_table(values_[i], huffman_symbol_bits);
        bench_->in_last = is_last(i);
    }
};

class HuffmanDecoder : public Shell<Vhuffman_decoder, HuffmanBlock> {
public:
    explicit HuffmanDecoder(uint32_t seed) : Shell(seed) {
        Vhuffman_decoder& b = *bench_;
        sinks_.push_back(
            {b.out_valid, b.out_ready, [&b] { return uint64_t{b.out_symbol}; }, b.out_last});
    }
    void load(const HuffmanCode& code) override {
        load_decoder(bench_, code, huffman_symbol_bits, huffman_code_bits);
    }

private:
    void prepare(size_t values) override {
        bench_->last_symbol = static_cast<uint32_t>(values - 1);
    }
    void put(size_t i) override { bench_->in_word = static_cast<uint16_t>(values_[i]); }
};

class PcaUnit : public Shell<Vpca_unit, PcaBlock> {
public:
    explicit PcaUnit(uint32_t seed) : Shell(seed) {
        Vpca_unit& b = *bench_;
        sinks_.push_back(
            {b.out_valid, b.out_ready, [&b] { return uint64_t{b.out_symbol}; }, b.out_last});
    }
    void load(const TransformParameters& parameters) override {
        channels_ = parameters.channels;
        load_pca_unit(bench_, parameters, pca_shape);
    }

private:
    size_t beats() const override {
        return values_.size() / channels_ * words_of(channels_, pca_shape);
    }
    void put(size_t i) override {
        put_values(*bench_, channels_, pca_shape, values_.data(), i);
        bench_->in_last = is_last(i);
    }
    uint32_t channels_ = 1;
};

class EbpcEncoder : public Shell<Vebpc_encoder, RtlBlock> {
public:
    explicit EbpcEncoder(uint32_t seed) : Shell(seed) {
        Vebpc_encoder& b = *bench_;
        sinks_.push_back(
            {b.znz_valid, b.znz_ready, [&b] { return uint64_t{b.znz_word}; }, b.znz_last});
        sinks_.push_back({b.bpc_valid, b.bpc_ready, [&b] { return uint64_t{b.bpc_word}; },
                          b.bpc_last, &b.bpc_keep});
    }

private:
    void put(size_t i) override {
        bench_->in_word = static_cast<uint8_t>(values_[i]);
        bench_->in_last = is_last(i);
    }
};

}  // namespace

std::unique_ptr<HuffmanBlock> huffman_encoder_block(uint32_t seed) {
    return std::make_unique<HuffmanEncoder>(seed);
}
std::unique_ptr<HuffmanBlock> huffman_decoder_block(uint32_t seed) {
    return std::make_unique<HuffmanDecoder>(seed);
}
std::unique_ptr<PcaBlock> pca_unit_block(uint32_t seed) {
    return std::make_unique<PcaUnit>(seed);
}
std::unique_ptr<RtlBlock> ebpc_encoder_block(uint32_t seed) {
    return std::make_unique<EbpcEncoder>(seed);
}

}  // namespace karhunen::rtl
