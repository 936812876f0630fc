#include "models/codec/transform_codec.h"

#include <bit>
#include <cstdlib>

#include <karhunen/loadable.h>

#include "models/codec/blob.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

constexpr uint8_t blob_version = 2;

class TransformCodec : public SymbolCodec {
public:
    TransformCodec(TransformParameters p, HuffmanCode code, Format stored)
        : SymbolCodec(std::move(code), stored), transform_(std::move(p)) {}

    void quantise(std::span<const int16_t> row, int16_t* symbols) const override {
        transform_.forward(row.data(), static_cast<uint32_t>(row.size() / channels()), symbols);
    }
    void reconstruct(std::span<const int16_t> symbols, int16_t* row) const override {
        transform_.inverse(symbols.data(), static_cast<uint32_t>(symbols.size() / components()),
                           row);
    }
    void check_channels(uint32_t n) const override {
        if (n != channels())
            throw CodecError("transform: parameters for " + std::to_string(channels()) +
                             " channels, map of " + std::to_string(n));
    }

    size_t symbols_of(size_t values) const override { return values / channels() * components(); }
    double symbols_per_value() const override { return double(components()) / channels(); }

    // A matrix unit takes `vector` clocks for each vector of channels; the slower of unit and
    // coders sets the pace. Behind the last value of a row: one vector in the unit, its adder tree
    // and the stages before and after it, and the coder.
    CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware& hardware) const override {
        const uint64_t vector = vector_clocks(hardware);
        return {std::max(coder_clocks(symbol_shape(row), streams),
                         uint64_t{row.rows} * row.width * vector),
                vector + unit_latency(hardware) + coder_latency};
    }
    // The inverse starts when the coders have delivered a whole vector.
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware& hardware) const override {
        CodecTiming t = encode_timing(row, streams, hardware);
        t.latency += (components() + streams - 1) / streams;
        return t;
    }

private:
    uint32_t channels() const { return transform_.parameters().channels; }
    uint32_t components() const { return transform_.parameters().components; }
    uint64_t vector_clocks(const CodecHardware& hardware) const {
        const uint64_t multipliers = std::max(hardware.transform_multipliers, 1u);
        return (uint64_t{components()} * channels() + multipliers - 1) / multipliers;
    }
    /// Subtract or dequantise, multiply, adder tree, requantise (two stages).
    static uint64_t unit_latency(const CodecHardware& hardware) {
        return 4 + static_cast<uint64_t>(std::bit_width(hardware.transform_multipliers));
    }

    Transform transform_;
};

/// Everything that keeps the arithmetic within its bounds: |y| <= 512 * 128 * 4095 < 2^29, so
/// |y * forward + half| < 2^62; z saturates; |v| <= 512 * 128 * 16383 + 2^30 < 2^31.
void check(const TransformParameters& p) {
    const auto need = [](bool good, const char* what) {
        if (!good) throw CodecError(std::string("transform: ") + what);
    };
    const size_t channels = p.channels, components = p.components;
    need(channels >= 1 && channels <= transform_max_channels, "1 to 512 channels");
    need(components >= 1 && components <= channels, "1 component to as many as channels");
    need(p.matrix.size() == components * channels && p.forward.size() == components &&
             p.inverse.size() == components && p.mean.size() == channels &&
             p.offset.size() == channels,
         "sizes do not fit the number of channels and components");
    need(p.low <= 0 && p.high >= 0 && p.low < p.high && p.high - p.low < 2047, "range of symbols");
    need(p.forward_shift <= 62 && p.inverse_shift <= 62 && p.out_shift <= 62, "shift out of range");
    need(p.out_multiplier >= 0, "multiplier out of range");
    for (size_t k = 0; k < components; ++k)
        need(p.forward[k] >= 0 && p.inverse[k] >= 0, "multiplier out of range");
    for (size_t c = 0; c < channels; ++c) {
        need(p.mean[c] >= min_of(Format::s12) && p.mean[c] <= max_of(Format::s12), "mean");
        need(std::llabs(p.offset[c]) <= transform_max_offset, "offset out of range");
    }
}

}  // namespace

std::vector<uint8_t> transform_blob(const TransformParameters& p, std::span<const uint8_t> model) {
    BlobWriter out;
    out.put(static_cast<uint8_t>(KRHN_CODEC_TRANSFORM));
    out.put(blob_version);
    out.put(static_cast<uint16_t>(p.channels));
    out.put(static_cast<uint16_t>(p.components));
    out.put(static_cast<int16_t>(p.low));
    out.put(static_cast<int16_t>(p.high));
    out.put(static_cast<uint8_t>(p.forward_shift));
    out.put(static_cast<uint8_t>(p.inverse_shift));
    out.put(static_cast<uint8_t>(p.out_shift));
    out.put(uint8_t{0});
    out.put(p.out_multiplier);
    out.put(p.forward);
    out.put(p.inverse);
    out.put(p.offset);
    out.put(p.mean);
    out.put(p.matrix);
    for (const uint8_t byte : model) out.put(byte);
    return out.take();
}

std::unique_ptr<Codec> make_transform_codec(TransformParameters p, std::span<const uint8_t> model,
                                            Format stored) {
    if (stored != Format::s12 && stored != Format::s8)
        throw CodecError("transform codes signed maps of 8 or 12 bits");
    check(p);
    if (model.size() != static_cast<size_t>(p.high - p.low) + 1)
        throw CodecError("transform: number of symbols does not fit their range");
    HuffmanCode code(model, static_cast<int16_t>(p.low));
    return std::make_unique<TransformCodec>(std::move(p), std::move(code), stored);
}

std::unique_ptr<Codec> make_transform_codec(std::span<const uint8_t> blob, Format stored) {
    BlobReader in(blob);
    if (in.get<uint8_t>() != KRHN_CODEC_TRANSFORM || in.get<uint8_t>() != blob_version)
        throw CodecError("not parameters of transform, version 2");
    TransformParameters p;
    p.channels = in.get<uint16_t>();
    p.components = in.get<uint16_t>();
    p.low = in.get<int16_t>();
    p.high = in.get<int16_t>();
    p.forward_shift = in.get<uint8_t>();
    p.inverse_shift = in.get<uint8_t>();
    p.out_shift = in.get<uint8_t>();
    if (in.get<uint8_t>() != 0) throw CodecError("transform: reserved byte is not zero");
    p.out_multiplier = in.get<int32_t>();
    p.forward = in.get<int32_t>(p.components);
    p.inverse = in.get<int32_t>(p.components);
    p.offset = in.get<int32_t>(p.channels);
    p.mean = in.get<int16_t>(p.channels);
    p.matrix = in.get<int8_t>(p.components * p.channels);
    if (p.low >= p.high) throw CodecError("transform: empty range of symbols");
    const auto model = in.bytes(static_cast<size_t>(p.high - p.low) + 1);
    in.expect_end();
    return make_transform_codec(std::move(p), model, stored);
}

}  // namespace karhunen
