#include "models/codec/transform_codec.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include <karhunen/loadable.h>

#include "models/codec/blob.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

constexpr uint8_t blob_version = 2;
constexpr uint8_t flag_folded = 1, flag_signed = 2;
constexpr size_t flags_at = 13, model_at = 14;  // of a folded blob

class TransformCodec : public SymbolCodec {
public:
    TransformCodec(TransformParameters p, HuffmanCode code, Format stored)
        : SymbolCodec(std::move(code), stored), transform_(std::move(p)) {}

    Format decoded_format() const override {
        return transform_.parameters().rectified ? Format::u8 : Format::s12;
    }
    const TransformParameters* transform() const override { return &transform_.parameters(); }
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override {
        if (transform_.parameters().matrix.empty())
            throw CodecError("transform: parameters of an encoder alone");
        return SymbolCodec::decoder(shape, streams);
    }
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
        if (transform_.parameters().folded) return {coder_clocks(row, streams), coder_latency};
        return unit_timing(row, streams, hardware);
    }
    // The inverse starts when the coders have delivered a whole vector.
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware& hardware) const override {
        CodecTiming t = unit_timing(row, streams, hardware);
        t.latency += (components() + streams - 1) / streams;
        return t;
    }

private:
    CodecTiming unit_timing(const BandShape& row, uint32_t streams,
                            const CodecHardware& hardware) const {
        const uint64_t vector = vector_clocks(hardware);
        return {std::max(coder_clocks(symbol_shape(row), streams),
                         uint64_t{row.rows} * row.width * vector),
                vector + unit_latency(hardware) + coder_latency};
    }
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

}  // namespace

// Everything that keeps the arithmetic within its bounds: |y| <= 512 * 128 * 4095 < 2^29, so
// |y * forward + half| < 2^62; z saturates; |v| <= 512 * 128 * 16383 + 2^30 < 2^31.
void check_transform(const TransformParameters& p) {
    const auto need = [](bool good, const char* what) {
        if (!good) throw CodecError(std::string("transform: ") + what);
    };
    const size_t channels = p.channels, components = p.components;
    need(channels >= 1 && channels <= transform_max_channels, "1 to 512 channels");
    need(components >= 1 && components <= channels, "1 component to as many as channels");
    need(!p.folded || components == channels, "folded, but not all components");
    const size_t unit = p.folded ? 0 : 1;
    const size_t inverse = p.folded && p.matrix.empty() ? 0 : 1;  // or an encoder alone
    need(p.forward.size() == unit * components && p.mean.size() == unit * channels &&
             p.inverse.size() == inverse * components && p.offset.size() == inverse * channels &&
             p.matrix.size() == inverse * components * channels,
         "sizes do not fit the number of channels and components");
    need(p.low <= 0 && p.high >= 0 && p.low < p.high && p.high - p.low < 2047, "range of symbols");
    need(p.forward_shift <= 62 && p.inverse_shift <= 62 && p.out_shift <= 62, "shift out of range");
    need(p.out_multiplier >= 0, "multiplier out of range");
    for (const int32_t m : p.forward) need(m >= 0, "multiplier out of range");
    for (const int32_t m : p.inverse) need(m >= 0, "multiplier out of range");
    for (const int16_t m : p.mean)
        need(m >= min_of(Format::s12) && m <= max_of(Format::s12), "mean");
    for (const int32_t o : p.offset)
        need(std::llabs(o) <= transform_max_offset, "offset out of range");
}

std::vector<uint8_t> transform_blob(const TransformParameters& p, std::span<const uint8_t> model) {
    BlobWriter out;
    const auto put_model = [&] {
        for (const uint8_t byte : model) out.put(byte);
    };
    out.put(static_cast<uint8_t>(KRHN_CODEC_TRANSFORM));
    out.put(blob_version);
    out.put(static_cast<uint16_t>(p.channels));
    out.put(static_cast<uint16_t>(p.components));
    out.put(static_cast<int16_t>(p.low));
    out.put(static_cast<int16_t>(p.high));
    out.put(static_cast<uint8_t>(p.forward_shift));
    out.put(static_cast<uint8_t>(p.inverse_shift));
    out.put(static_cast<uint8_t>(p.out_shift));
    out.put(static_cast<uint8_t>((p.folded ? flag_folded : 0) | (p.rectified ? 0 : flag_signed)));
    if (p.folded) put_model();
    if (p.matrix.empty()) return out.take();
    out.put(p.out_multiplier);
    out.put(p.forward);
    out.put(p.inverse);
    out.put(p.offset);
    out.put(p.mean);
    out.put(p.matrix);
    if (!p.folded) put_model();
    return out.take();
}

size_t folded_encoder_bytes(std::span<const uint8_t> blob) {
    BlobReader in(blob);
    in.bytes(6);
    const int low = in.get<int16_t>(), high = in.get<int16_t>();
    in.bytes(flags_at - 10);
    if (!(in.get<uint8_t>() & flag_folded)) return 0;
    return model_at + static_cast<size_t>(std::max(high - low, 0)) + 1;
}

std::unique_ptr<Codec> make_transform_codec(TransformParameters p, std::span<const uint8_t> model,
                                            Format stored) {
    if (stored != Format::s12 && stored != Format::s8)
        throw CodecError("transform codes signed maps of 8 or 12 bits");
    check_transform(p);
    if (model.size() != static_cast<size_t>(p.high - p.low) + 1)
        throw CodecError("transform: number of symbols does not fit their range");
    HuffmanCode code(model, static_cast<int16_t>(p.low));
    return std::make_unique<TransformCodec>(std::move(p), std::move(code), stored);
}

TransformBlob read_transform_blob(std::span<const uint8_t> blob) {
    BlobReader in(blob);
    if (in.get<uint8_t>() != KRHN_CODEC_TRANSFORM || in.get<uint8_t>() != blob_version)
        throw CodecError("not parameters of transform, version 2");
    TransformBlob result;
    TransformParameters& p = result.parameters;
    p.channels = in.get<uint16_t>();
    p.components = in.get<uint16_t>();
    p.low = in.get<int16_t>();
    p.high = in.get<int16_t>();
    p.forward_shift = in.get<uint8_t>();
    p.inverse_shift = in.get<uint8_t>();
    p.out_shift = in.get<uint8_t>();
    const auto flags = in.get<uint8_t>();
    if (flags & ~(flag_folded | flag_signed)) throw CodecError("transform: unknown flags");
    p.folded = flags & flag_folded;
    p.rectified = !(flags & flag_signed);
    if (p.low >= p.high) throw CodecError("transform: empty range of symbols");
    const auto symbols = static_cast<size_t>(p.high - p.low) + 1;
    if (p.folded) result.model = in.bytes(symbols);
    if (p.folded && in.at_end()) return result;
    p.out_multiplier = in.get<int32_t>();
    if (!p.folded) p.forward = in.get<int32_t>(p.components);
    p.inverse = in.get<int32_t>(p.components);
    p.offset = in.get<int32_t>(p.channels);
    if (!p.folded) p.mean = in.get<int16_t>(p.channels);
    p.matrix = in.get<int8_t>(p.components * p.channels);
    if (!p.folded) result.model = in.bytes(symbols);
    in.expect_end();
    return result;
}

std::unique_ptr<Codec> make_transform_codec(std::span<const uint8_t> blob, Format stored) {
    TransformBlob read = read_transform_blob(blob);
    return make_transform_codec(std::move(read.parameters), read.model, stored);
}

}  // namespace karhunen
