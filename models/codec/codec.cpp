#include "models/codec/codec.h"

#include <array>
#include <cmath>

#include "models/codec/raw.h"
#include "models/codec/transform_codec.h"
#include "models/codec/vlc.h"

namespace karhunen {
namespace {

struct Entry {
    uint32_t id;
    std::string_view name;
    std::unique_ptr<Codec> (*make)(std::span<const uint8_t> blob, Format format);
};

std::unique_ptr<Codec> make_raw(std::span<const uint8_t> blob, Format format) {
    if (!blob.empty()) throw CodecError("raw has no parameters");
    return make_raw_codec(format);
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

constexpr std::array<Entry, 3> codecs = {{
    {KRHN_CODEC_RAW, "raw", make_raw},
    {KRHN_CODEC_VLC, "vlc", make_vlc},
    {KRHN_CODEC_TRANSFORM, "transform", make_transform},
}};

}  // namespace

std::unique_ptr<Codec> make_codec(uint32_t id, std::span<const uint8_t> blob, Format format) {
    for (const Entry& e : codecs)
        if (e.id == id) return e.make(blob, format);
    throw CodecError("there is no codec number " + std::to_string(id));
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
