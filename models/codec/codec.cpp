#include "models/codec/codec.h"

#include <array>
#include <cmath>

#include "models/codec/context.h"
#include "models/codec/dct_mask.h"
#include "models/codec/raw.h"
#include "models/codec/sequence_codec.h"
#include "models/codec/transform_codec.h"
#include "models/codec/vlc.h"

namespace karhunen {
namespace {

struct Entry {
    uint32_t id;
    std::string_view name;
    CodecTraits traits;
    std::unique_ptr<Codec> (*make)(std::span<const uint8_t> blob, Format format);
};

template <std::unique_ptr<Codec> (*make)(Format format)>
std::unique_ptr<Codec> make_without_table(std::span<const uint8_t> blob, Format format) {
    if (!blob.empty()) throw CodecError("parameters for a codec that has none");
    return make(format);
}

/// Who only decodes knows the decoded format, u8; it says nothing of what was stored.
Format stored_format(Format format) {
    return format == Format::u8 ? Format::s12 : format;
}

std::unique_ptr<Codec> make_vlc(std::span<const uint8_t> blob, Format format) {
    return make_vlc_codec(blob, stored_format(format));
}

std::unique_ptr<Codec> make_transform(std::span<const uint8_t> blob, Format format) {
    return make_transform_codec(blob, stored_format(format));
}

constexpr CodecTraits plain = {false, false, 1}, trained = {true, true, 1};
constexpr std::array<Entry, 8> codecs = {{
    {KRHN_CODEC_RAW, "raw", plain, make_without_table<make_raw_codec>},
    {KRHN_CODEC_VLC, "vlc", trained, make_vlc},
    {KRHN_CODEC_TRANSFORM, "transform", trained, make_transform},
    {KRHN_CODEC_ZVC, "zvc", plain, make_without_table<make_zvc_codec>},
    {KRHN_CODEC_ZRLE, "zrle", plain, make_without_table<make_zrle_codec>},
    {KRHN_CODEC_EBPC, "ebpc", {false, false, 2}, make_without_table<make_ebpc_codec>},
    {KRHN_CODEC_DCT_MASK, "dct-mask", {true, false, 1}, make_dct_mask_codec},
    {KRHN_CODEC_CONTEXT, "context", {true, false, 1}, make_context_codec},
}};

const Entry& entry_of(uint32_t id) {
    for (const Entry& e : codecs)
        if (e.id == id) return e;
    throw CodecError("there is no codec number " + std::to_string(id));
}

}  // namespace

std::unique_ptr<Codec> make_codec(uint32_t id, std::span<const uint8_t> blob, Format format) {
    return entry_of(id).make(blob, format);
}

CodecTraits codec_traits(uint32_t id) {
    return entry_of(id).traits;
}

std::string_view codec_name(uint32_t id) {
    for (const Entry& e : codecs)
        if (e.id == id) return e.name;
    return "?";
}

uint32_t codec_number(std::string_view name) {
    std::string known;
    for (const Entry& e : codecs) {
        if (e.name == name) return e.id;
        known += (known.empty() ? "" : ", ") + std::string(e.name);
    }
    throw CodecError("unknown codec '" + std::string(name) + "'; known: " + known);
}

std::vector<std::string_view> codec_names() {
    std::vector<std::string_view> names;
    for (const Entry& e : codecs) names.push_back(e.name);
    return names;
}

double oracle_entropy_bits(std::span<const uint64_t> counts) {
    double total = 0, sum = 0;
    for (const uint64_t n : counts) {
        if (n == 0) continue;
        const auto count = static_cast<double>(n);
        total += count;
        sum += count * std::log2(count);
    }
    return total > 0 ? total * std::log2(total) - sum : 0;
}

std::vector<std::vector<uint8_t>> encode_band(const Codec& codec, const BandShape& shape,
                                              uint32_t streams, std::span<const int16_t> values) {
    const auto encoder = codec.encoder(shape, streams);
    const size_t row = size_t{shape.width} * shape.channels * words_of(codec.stored_format());
    if (values.size() != row * shape.rows)
        throw CodecError("the band has another number of values");
    for (uint32_t r = 0; r < shape.rows; ++r) encoder->encode_row(values.subspan(r * row, row));
    encoder->finish();
    std::vector<std::vector<uint8_t>> result;
    for (uint32_t s = 0; s < streams; ++s) result.push_back(std::move(encoder->output(s)));
    return result;
}

std::vector<int16_t> decode_band(const Codec& codec, const BandShape& shape,
                                 std::span<const std::vector<uint8_t>> streams) {
    const auto decoder = codec.decoder(shape, static_cast<uint32_t>(streams.size()));
    for (uint32_t s = 0; s < streams.size(); ++s) decoder->feed(s, streams[s]);
    decoder->end();
    const size_t row = size_t{shape.width} * shape.channels * words_of(codec.decoded_format());
    std::vector<int16_t> values(row * shape.rows);
    for (uint32_t r = 0; r < shape.rows; ++r)
        decoder->decode_row(std::span(values).subspan(r * row, row));
    decoder->finish();
    return values;
}

}  // namespace karhunen
