#include "models/codec/dct_mask.h"

#include <algorithm>

#include <karhunen/loadable.h>

#include "models/codec/blob.h"
#include "models/codec/dct.h"
#include "models/codec/dct_mask_stream.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

constexpr uint8_t blob_version = 1;

int32_t reciprocal(uint32_t step) {
    return static_cast<int32_t>(((1u << 24) + step / 2) / step);
}

int32_t coefficient_level(int32_t y, int32_t r) {
    return (y * r + (1 << 19)) >> 20;
}

int32_t value_level(int32_t x, int32_t r) {
    return std::max(1, (x * r + (1 << 15)) >> 16);
}

/// Largest |y[k]| for values 0..255.
int32_t largest_coefficient_of(uint32_t length, uint32_t k) {
    int16_t x[2][16], y[2][16];  // all that make it positive; all others
    for (uint32_t i = 0; i < length; ++i) {
        const bool positive = dct_factor(length, k, i) > 0;
        x[0][i] = positive ? 255 : 0;
        x[1][i] = positive ? 0 : 255;
    }
    for (int sign = 0; sign < 2; ++sign) dct_forward(length, x[sign], 1, y[sign]);
    return std::max<int32_t>(y[0][k], -y[1][k]);
}

void check(const DctMaskParameters& p) {
    if (!is_dct_length(p.length)) throw CodecError("dct-mask: groups have 8 or 16 values");
    if (p.step < 256 || p.step > 16384)
        throw CodecError("dct-mask: the step must be 1 to 64, in 1/256");
}

uint32_t size_of_first(const DctMaskLevels& levels) {
    return static_cast<uint32_t>(levels.first_high - levels.first_low + 1);
}
uint32_t size_of_rest(const DctMaskLevels& levels) {
    return levels.rest_high == 0 ? 0 : static_cast<uint32_t>(2 * levels.rest_high + 1);
}

class DctMaskCodec : public Codec {
public:
    explicit DctMaskCodec(const DctMaskParameters& p) : code_(p) {}

    std::unique_ptr<BandEncoder> encoder(const BandShape& shape, uint32_t streams) const override {
        check_shape(shape, streams);
        return make_dct_mask_encoder(code_, shape, streams);
    }
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override {
        check_shape(shape, streams);
        return make_dct_mask_decoder(code_, shape, streams);
    }
    Format stored_format() const override { return Format::u8; }
    Format decoded_format() const override { return Format::u8; }
    bool lossless() const override { return !p().dct && p().step == 256; }

    uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const override {
        check_shape(shape, streams);
        // Of substream 0, which has no fewer groups than another, be its last one short.
        const uint64_t groups = groups_of(shape), length = p().length;
        uint64_t bits = (groups + streams - 1) / streams * group_bits(length);
        if (groups > 0 && (groups - 1) % streams == 0)
            bits -= group_bits(length) - group_bits(shape.channels - (groups - 1) * length);
        return (uint64_t{shape.rows} * shape.width * bits + 15) / 16 * 2;
    }

    // A lane takes or gives a value per clock; a group takes L clocks whatever is in it. DCT unit:
    // L multipliers and accumulators; it adds up a group while it shifts out the one before.
    CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {clocks(row, streams),
                coder_latency + quantiser_latency + p().length + dct_latency()};
    }
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {clocks(row, streams),
                coder_latency + quantiser_latency + (p().dct ? p().length + dct_latency() : 0)};
    }

    /// The row is taken for one pixel: in the DCT path exact for channels that fill their groups.
    double entropy_bits(std::span<const int16_t> row) const override {
        const auto encoder = this->encoder({1, 1, static_cast<uint32_t>(row.size())}, 1);
        encoder->encode_row(row);
        return encoder->entropy_bits();
    }
    /// Bypass path: levels, 0 where the mask is not set. The coefficients of two tables have none.
    std::vector<int16_t> symbols(std::span<const int16_t> row) const override {
        if (p().dct) return {};
        std::vector<int16_t> levels(row.size());
        dct_mask_quantise(p(), row.data(), row.size(), levels.data());
        return levels;
    }

private:
    static constexpr uint64_t quantiser_latency = 2;  // multiply, round
    const DctMaskParameters& p() const { return code_.parameters; }
    uint64_t dct_latency() const { return p().dct ? p().length : 0; }
    uint64_t groups_of(const BandShape& shape) const {
        return (uint64_t{shape.channels} + p().length - 1) / p().length;
    }
    /// Most bits of a group with so many values.
    uint64_t group_bits(uint64_t values) const {
        if (!p().dct) return values * (1 + code_.first.longest());
        return values + code_.first.longest() + (p().length - 1) * code_.rest->longest();
    }
    void check_shape(const BandShape& shape, uint32_t streams) const {
        check_band(shape, streams);
        if (shape.width * groups_of(shape) * p().length > 1 << 24)
            throw CodecError("dct-mask: with its groups completed, a row is too large");
    }
    uint64_t clocks(const BandShape& row, uint32_t streams) const {
        const uint64_t groups = (groups_of(row) + streams - 1) / streams;
        return uint64_t{row.rows} * row.width * groups * p().length;
    }

    DctMaskCode code_;
};

}  // namespace

DctMaskLevels dct_mask_levels(const DctMaskParameters& p) {
    const int32_t r = reciprocal(p.step);
    if (!p.dct) return {1, static_cast<int16_t>(value_level(255, r)), 0};
    const auto level = [&](uint32_t k) {
        return static_cast<int16_t>(coefficient_level(largest_coefficient_of(p.length, k), r));
    };
    DctMaskLevels levels{0, level(0), 0};
    for (uint32_t k = 1; k < p.length; ++k) levels.rest_high = std::max(levels.rest_high, level(k));
    return levels;
}

void dct_mask_quantise(const DctMaskParameters& p, const int16_t* x, size_t count, int16_t* q) {
    const int32_t r = reciprocal(p.step);
    if (!p.dct) {
        for (size_t i = 0; i < count; ++i)
            q[i] = static_cast<int16_t>(x[i] == 0 ? 0 : value_level(x[i], r));
        return;
    }
    dct_forward(p.length, x, count / p.length, q);
    for (size_t i = 0; i < count; ++i) q[i] = static_cast<int16_t>(coefficient_level(q[i], r));
}

void dct_mask_dequantise(const DctMaskParameters& p, int16_t* q, size_t count, int16_t* x) {
    const auto step = static_cast<int32_t>(p.step);
    if (!p.dct) {
        for (size_t i = 0; i < count; ++i)
            x[i] =
                static_cast<int16_t>(q[i] == 0 ? 0 : std::clamp((q[i] * step + 128) >> 8, 1, 255));
        return;
    }
    for (size_t i = 0; i < count; ++i) q[i] = static_cast<int16_t>((q[i] * step + 8) >> 4);
    dct_inverse(p.length, q, count / p.length, x);
    for (size_t i = 0; i < count; ++i) x[i] = std::clamp<int16_t>(x[i], 1, 255);
}

std::vector<uint8_t> dct_mask_blob(const DctMaskParameters& p) {
    BlobWriter out;
    out.put(static_cast<uint8_t>(KRHN_CODEC_DCT_MASK));
    out.put(blob_version);
    out.put(static_cast<uint8_t>(p.dct));
    out.put(static_cast<uint8_t>(p.length));
    out.put(static_cast<uint16_t>(p.step));
    out.put(p.first);
    out.put(p.rest);
    return out.take();
}

std::unique_ptr<Codec> make_dct_mask_codec(const DctMaskParameters& p, Format stored) {
    if (stored != Format::u8) throw CodecError("dct-mask codes rectified maps of 8 bits");
    check(p);
    const DctMaskLevels levels = dct_mask_levels(p);
    if (p.first.size() != size_of_first(levels) || p.rest.size() != size_of_rest(levels))
        throw CodecError("dct-mask: number of symbols does not fit the step");
    return std::make_unique<DctMaskCodec>(p);
}

std::unique_ptr<Codec> make_dct_mask_codec(std::span<const uint8_t> blob, Format stored) {
    BlobReader in(blob);
    if (in.get<uint8_t>() != KRHN_CODEC_DCT_MASK || in.get<uint8_t>() != blob_version)
        throw CodecError("not parameters of dct-mask, version 1");
    DctMaskParameters p;
    const auto path = in.get<uint8_t>();
    if (path > 1) throw CodecError("dct-mask: there is no such path");
    p.dct = path == 1;
    p.length = in.get<uint8_t>();
    p.step = in.get<uint16_t>();
    check(p);
    const DctMaskLevels levels = dct_mask_levels(p);
    p.first = in.get<uint8_t>(size_of_first(levels));
    p.rest = in.get<uint8_t>(size_of_rest(levels));
    in.expect_end();
    return make_dct_mask_codec(p, stored);
}

}  // namespace karhunen
