#include "models/codec/vlc.h"

#include <karhunen/loadable.h>

#include "models/arithmetic/requantise.h"
#include "models/codec/blob.h"
#include "models/codec/symbol_codec.h"

namespace karhunen {
namespace {

constexpr uint8_t blob_version = 1;

class VlcCodec : public SymbolCodec {
public:
    VlcCodec(const VlcParameters& p, Format stored)
        : SymbolCodec(HuffmanCode(p.model, p.low), stored), symbol_of_(4096), value_of_() {
        for (int x = -2048; x < 2048; ++x)
            symbol_of_[static_cast<size_t>(x + 2048)] = static_cast<int16_t>(
                saturate(scale_and_round(int64_t{x} * p.forward, p.forward_shift), p.low, p.high));
        for (int q = p.low; q <= p.high; ++q)
            value_of_.push_back(static_cast<int16_t>(
                saturate(scale_and_round(int64_t{q} * p.inverse, p.inverse_shift), 0, 255)));
    }

    void quantise(std::span<const int16_t> row, int16_t* symbols) const override {
        for (const int16_t x : row)
            *symbols++ = symbol_of_[static_cast<size_t>(saturate(x, -2048, 2047) + 2048)];
    }
    void reconstruct(std::span<const int16_t> symbols, int16_t* row) const override {
        const int16_t* const table = value_of_.data();
        const ptrdiff_t low = code().low();
        for (const int16_t q : symbols) *row++ = table[q - low];
    }
    void check_channels(uint32_t) const override {}

    CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware&) const override {
        return {coder_clocks(row, streams), coder_latency + 2};  // multiply, round
    }
    CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                              const CodecHardware& hardware) const override {
        return encode_timing(row, streams, hardware);
    }

private:
    std::vector<int16_t> symbol_of_;  ///< by x + 2048
    std::vector<int16_t> value_of_;   ///< by symbol - low
};

}  // namespace

std::vector<uint8_t> vlc_blob(const VlcParameters& p) {
    BlobWriter out;
    out.put(static_cast<uint8_t>(KRHN_CODEC_VLC));
    out.put(blob_version);
    out.put(p.forward_shift);
    out.put(p.inverse_shift);
    out.put(p.low);
    out.put(p.high);
    out.put(p.forward);
    out.put(p.inverse);
    out.put(p.model);
    return out.take();
}

std::unique_ptr<Codec> make_vlc_codec(const VlcParameters& p, Format stored) {
    if (stored != Format::s12 && stored != Format::s8)
        throw CodecError("vlc codes signed maps of 8 or 12 bits");
    if (p.low >= p.high || p.model.size() != static_cast<size_t>(p.high - p.low) + 1)
        throw CodecError("vlc: number of symbols does not fit their range");
    if (p.forward < 0 || p.inverse < 0 || p.forward_shift > 62 || p.inverse_shift > 62)
        throw CodecError("vlc: multiplier or shift out of range");
    return std::make_unique<VlcCodec>(p, stored);
}

std::unique_ptr<Codec> make_vlc_codec(std::span<const uint8_t> blob, Format stored) {
    BlobReader in(blob);
    if (in.get<uint8_t>() != KRHN_CODEC_VLC || in.get<uint8_t>() != blob_version)
        throw CodecError("not parameters of vlc, version 1");
    VlcParameters p;
    p.forward_shift = in.get<uint8_t>();
    p.inverse_shift = in.get<uint8_t>();
    p.low = in.get<int16_t>();
    p.high = in.get<int16_t>();
    p.forward = in.get<int32_t>();
    p.inverse = in.get<int32_t>();
    if (p.low >= p.high) throw CodecError("vlc: empty range of symbols");
    p.model = in.get<uint8_t>(static_cast<uint32_t>(p.high - p.low) + 1);
    in.expect_end();
    return make_vlc_codec(p, stored);
}

}  // namespace karhunen
