// Codecs: made, asked, and used on whole bands.
#include <algorithm>

#include <karhunen/dma.h>
#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/transform_codec.h"
#include "models/codec/vlc.h"
#include "models/golden/codec_handle.h"
#include "models/golden/values.h"

using namespace karhunen;
using namespace karhunen::golden;

static_assert(KARHUNEN_U8 == int(KRHN_FORMAT_U8) && KARHUNEN_S8 == int(KRHN_FORMAT_S8) &&
              KARHUNEN_S12 == int(KRHN_FORMAT_S12) && KARHUNEN_S32 == int(KRHN_FORMAT_S32));

namespace karhunen::golden {

uint32_t CodecData::word_bytes() const {
    switch (id) {
        case KRHN_CODEC_RAW:
            return bytes_of(codec->stored_format());
        case KRHN_CODEC_ZVC:
        case KRHN_CODEC_ZRLE:
        case KRHN_CODEC_EBPC:
            return 1;
        default:
            return 2;
    }
}

Band checked_band(uint32_t rows, uint32_t columns, uint32_t channels, uint32_t streams) {
    need(streams >= 1 && streams <= KRHN_MAX_STREAMS, "streams: expected 1 to 12");
    checked_product({rows, columns, channels});
    return {{rows, columns, channels}, streams};
}

namespace {

/// As make_codec(), but takes no format for another, and says when it is the format that is wrong.
std::unique_ptr<Codec> make_exactly(uint32_t id, std::span<const uint8_t> parameters,
                                    Format format) {
    auto codec = make_codec(id, parameters, Format::u8);  // it puts its own in the place of u8
    if (codec->stored_format() != format)
        codec = asking([&] { return make_codec(id, parameters, format); });
    if (codec->stored_format() != format)
        throw Error(KARHUNEN_BAD_ARGUMENT,
                    "format: " + std::string(codec_name(id)) +
                        " with these parameters codes signed maps, from before the ReLU: expected "
                        "KARHUNEN_S12 or KARHUNEN_S8");
    return codec;
}

SharedCodec make_data(uint32_t id, std::vector<uint8_t> parameters, Format format) {
    auto data = std::make_shared<CodecData>();
    data->id = id;
    data->codec = make_exactly(id, parameters, format);
    data->symbols = dynamic_cast<const SymbolCodec*>(data->codec.get());
    if (id == KRHN_CODEC_TRANSFORM) data->transform = read_transform_blob(parameters).parameters;
    data->parameters = std::move(parameters);
    return data;
}

const SymbolCodec& symbols_of(const CodecData& data) {
    need(data.symbols, "only vlc and transform have symbols");
    return *data.symbols;
}

int64_t trait_of(const CodecData& data, karhunen_trait trait) {
    const HuffmanCode* code = data.symbols ? &data.symbols->code() : nullptr;
    switch (trait) {
        case KARHUNEN_STORED_FORMAT:
            return static_cast<int64_t>(data.codec->stored_format());
        case KARHUNEN_DECODED_FORMAT:
            return static_cast<int64_t>(data.codec->decoded_format());
        case KARHUNEN_LOSSLESS:
            return data.codec->lossless();
        case KARHUNEN_WORD_BYTES:
            return data.word_bytes();
        case KARHUNEN_STREAMS_PER_CODER:
            return codec_traits(data.id).streams_per_coder;
        case KARHUNEN_LOWEST_SYMBOL:
            return code ? code->low() : 0;
        case KARHUNEN_HIGHEST_SYMBOL:
            return code ? code->low() + static_cast<int64_t>(code->symbols()) - 1 : 0;
        case KARHUNEN_LONGEST_CODE:
            return code ? code->longest() : 0;
        case KARHUNEN_CHANNELS:
            return code ? data.channels() : 0;
        case KARHUNEN_COMPONENTS:
            return code ? data.components() : 0;
    }
    throw Error(KARHUNEN_BAD_ARGUMENT, "trait: there is none of this number");
}

}  // namespace
}  // namespace karhunen::golden

extern "C" {

karhunen_status karhunen_codec_create(karhunen_context* context, const char* name,
                                      karhunen_format format, const uint8_t* parameters,
                                      size_t bytes, karhunen_codec** codec) {
    return guarded(context, [&] {
        karhunen_codec*& result = output(codec, "codec");
        const char& text = output(name, "name");
        const auto blob = array(parameters, bytes, "parameters");
        need(is_valid_format(format), "format: there is none of this number");
        const uint32_t id = asking([&] { return codec_number(&text); });
        result = new karhunen_codec(
            make_data(id, {blob.begin(), blob.end()}, static_cast<Format>(format)));
    });
}

karhunen_status karhunen_codec_calibrate(karhunen_context* context, const char* setting,
                                         uint32_t columns, uint32_t channels, double stored_scale,
                                         double decoded_scale, const int32_t* values, size_t count,
                                         karhunen_codec** codec) {
    return guarded(context, [&] {
        karhunen_codec*& result = output(codec, "codec");
        const char& text = output(setting, "setting");
        const size_t row = checked_product({columns, channels});
        need(count > 0 && count <= most_values && count % row == 0, "count: not whole rows");
        const CodecSetting chosen = asking([&] { return parse_setting(&text, {}); });
        const Format format = stored_format_of(chosen);
        const std::vector<int16_t> map = narrowed(array(values, count, "values"), format, "values");
        const CalibrationMaps maps{{map}, channels, stored_scale, decoded_scale, columns};
        auto blob = asking([&] { return calibrate_codec(chosen, maps); });
        result = new karhunen_codec(make_data(chosen.codec, std::move(blob), format));
    });
}

karhunen_status karhunen_codec_from_lengths(karhunen_context* context, const uint8_t* lengths,
                                            size_t count, int32_t low, karhunen_codec** codec) {
    return guarded(context, [&] {
        karhunen_codec*& result = output(codec, "codec");
        const auto given = array(lengths, count, "lengths");
        need(count >= 2 && count <= HuffmanCode::max_symbols, "count: expected 2 to 2047 symbols");
        const int64_t high = low + static_cast<int64_t>(count) - 1;
        need(low >= least_value && high <= most_value, "low: symbols go beyond 12 bits");
        for (const uint8_t length : given)
            need(length >= 1 && length <= HuffmanCode::max_length, "lengths: expected 1 to 15");
        VlcParameters p{static_cast<int16_t>(low), static_cast<int16_t>(high), 1, 1, 0, 0, {}};
        p.model.assign(given.begin(), given.end());
        result = new karhunen_codec(make_data(KRHN_CODEC_VLC, vlc_blob(p), Format::s12));
    });
}

void karhunen_codec_destroy(karhunen_codec* codec) {
    if (is(codec)) delete codec;
}

karhunen_status karhunen_codec_parameters(karhunen_context* context, const karhunen_codec* codec,
                                          uint8_t* blob, size_t capacity, size_t* bytes) {
    return guarded(context, [&] {
        const auto& parameters = checked(codec).data->parameters;
        size_t& size = output(bytes, "bytes");
        array(blob, capacity, "blob");
        size = parameters.size();
        if (blob && capacity < size)
            throw Error(KARHUNEN_BAD_ARGUMENT, "capacity: " + std::to_string(capacity) +
                                                   ", the parameters take " + std::to_string(size) +
                                                   " bytes");
        if (blob) std::copy(parameters.begin(), parameters.end(), blob);
    });
}

karhunen_status karhunen_codec_trait(karhunen_context* context, const karhunen_codec* codec,
                                     karhunen_trait trait, int64_t* value) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        output(value, "value") = trait_of(data, trait);
    });
}

karhunen_status karhunen_codec_worst_case(karhunen_context* context, const karhunen_codec* codec,
                                          uint32_t rows, uint32_t columns, uint32_t channels,
                                          uint32_t streams, uint64_t* bytes) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        uint64_t& most = output(bytes, "bytes");
        const Band band = checked_band(rows, columns, channels, streams);
        most = asking([&] { return data.codec->worst_case_bytes(band.shape, band.streams); });
    });
}

karhunen_status karhunen_codec_code(karhunen_context* context, const karhunen_codec* codec,
                                    int32_t symbol, uint32_t* code, uint32_t* length) {
    return guarded(context, [&] {
        const HuffmanCode& huffman = symbols_of(*checked(codec).data).code();
        uint32_t& bits = output(code, "code");
        uint32_t& count = output(length, "length");
        const int64_t index = int64_t{symbol} - huffman.low();
        need(index >= 0 && index < huffman.symbols(), "symbol: out of range");
        bits = huffman.code(static_cast<uint32_t>(index));
        count = huffman.model(static_cast<uint32_t>(index)).length;
    });
}

karhunen_status karhunen_codec_encode(karhunen_context* context, const karhunen_codec* codec,
                                      uint32_t rows, uint32_t columns, uint32_t channels,
                                      uint32_t streams, const int32_t* values, size_t count,
                                      uint8_t* bytes, size_t capacity, size_t* stream_bytes) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        const Band band = checked_band(rows, columns, channels, streams);
        need(count == band.values(), "count: not rows x columns x channels");
        const auto given = array(values, count, "values");
        array(bytes, capacity, "bytes");
        const auto sizes = array(stream_bytes, streams, "stream_bytes");
        const auto map = narrowed(given, data.codec->stored_format(), "values");
        const auto coded =
            asking([&] { return encode_band(*data.codec, band.shape, streams, map); });
        size_t total = 0;
        for (const auto& stream : coded) total += stream.size();
        need(total <= capacity, "capacity: less than the streams take");
        for (size_t s = 0; s < streams; ++s) {
            bytes = std::copy(coded[s].begin(), coded[s].end(), bytes);
            sizes[s] = coded[s].size();
        }
    });
}

karhunen_status karhunen_codec_decode(karhunen_context* context, const karhunen_codec* codec,
                                      uint32_t rows, uint32_t columns, uint32_t channels,
                                      uint32_t streams, const uint8_t* bytes,
                                      const size_t* stream_bytes, int32_t* values, size_t count) {
    return guarded(context, [&] {
        const CodecData& data = *checked(codec).data;
        const Band band = checked_band(rows, columns, channels, streams);
        need(count == band.values(), "count: not rows x columns x channels");
        const auto result = array(values, count, "values");
        const auto sizes = array(stream_bytes, streams, "stream_bytes");
        asking([&] { data.codec->decoder(band.shape, streams); });  // as far as shapes go
        std::vector<std::vector<uint8_t>> coded;
        for (const size_t size : sizes) {
            need(size <= 16 * most_values, "stream_bytes: over 2^32");
            const auto stream = array(bytes, size, "bytes");
            coded.emplace_back(stream.begin(), stream.end());
            if (size > 0) bytes += size;
        }
        const auto map = decode_band(*data.codec, band.shape, coded);
        widen(map, data.codec->decoded_format(), result.data());
    });
}

}  // extern "C"
