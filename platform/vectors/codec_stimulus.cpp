#include "platform/vectors/codec_stimulus.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/huffman.h"
#include "models/codec/transform_codec.h"
#include "models/codec/vlc.h"
#include "platform/map_file.h"
#include "platform/vectors/codec_vectors.h"

namespace karhunen::vectors {

namespace {

using Values = std::vector<int16_t>;

/// What a band is made of.
struct BandSource {
    uint32_t codec = 0;
    Format format = Format::u8;  ///< that is stored
    BandShape shape;
    std::vector<uint8_t> table;
    Values values;
};

CodecJob job_for(const BandSource& source, Format format, uint32_t coders) {
    CodecJob job;
    job.codec = source.codec;
    job.format_number = static_cast<uint32_t>(format);
    job.rows = source.shape.rows;
    job.width = source.shape.width;
    job.channels = source.shape.channels;
    job.streams = coders * codec_traits(source.codec).streams_per_coder;
    return job;
}

VectorCase case_of(const std::string& name, const BandSource& source, uint32_t coders,
                   bool decoded) {
    const auto codec = make_codec(source.codec, source.table, source.format);
    std::vector<CodedBand> bands;
    const auto units = watched_coders(codec_coders(), 0, bands);
    CodecJob job = job_for(source, codec->stored_format(), coders);
    const auto encoder = units->encoder(*codec, job);
    const size_t row = source.values.size() / job.rows;
    for (uint32_t y = 0; y < job.rows; ++y)
        encoder->encode_row(std::span(source.values).subspan(y * row, row));
    encoder->finish();
    if (decoded) {
        job = job_for(source, codec->decoded_format(), coders);
        const std::vector<std::vector<uint8_t>> streams = bands.back().streams;
        const auto decoder = units->decoder(*codec, job);
        for (uint32_t s = 0; s < job.streams; ++s) decoder->feed(s, streams[s]);
        decoder->end();
        Values values(size_t{job.width} * job.channels * words_of(codec->decoded_format()));
        for (uint32_t y = 0; y < job.rows; ++y) decoder->decode_row(values);
        decoder->finish();
    }
    VectorCase vectors = codec_case(bands.back(), source.table, tile_entry_of(bands.back(), 0));
    vectors.name = name;
    return vectors;
}

/// Two int16_t for each value of s32.
Values as_rows(std::span<const int64_t> values, Format format) {
    Values rows;
    for (const int64_t value : values) {
        rows.push_back(static_cast<int16_t>(value));
        if (format == Format::s32) rows.push_back(static_cast<int16_t>(value >> 16));
    }
    return rows;
}

/// A table fitted to some values of the codec's input; none for a codec without.
std::vector<uint8_t> table_for(uint32_t codec, Format format, double bits, uint32_t channels,
                               const Values& like) {
    if (!codec_traits(codec).has_table) return {};
    CalibrationMaps maps;
    maps.images = {like};
    maps.channels = channels;
    maps.stored_scale = format == Format::s12 ? 1.0 / 8 : 1;
    CodecSetting setting{codec, {}};
    setting.quantiser.bits = bits;
    return calibrate_codec(setting, maps);
}

std::vector<Format> formats_of(uint32_t codec) {
    switch (codec) {
        case KRHN_CODEC_RAW:
            return {Format::u8, Format::s8, Format::s12, Format::s32};
        case KRHN_CODEC_VLC:
        case KRHN_CODEC_TRANSFORM:
            return {Format::s12};
        case KRHN_CODEC_CONTEXT:
            return {Format::s12, Format::u8};
        case KRHN_CODEC_DCT_MASK:
            return {Format::u8};
        default:
            return {Format::u8, Format::s8};
    }
}

/// dct-mask and context take u8 in full, context otherwise what is coarser; see calibrate.h.
double bits_of(uint32_t codec, Format format, RandomSource& random) {
    if (codec == KRHN_CODEC_CONTEXT && format == Format::u8) return 8;
    if (codec == KRHN_CODEC_CONTEXT) return random.number(4, 15) / 2.0;
    if (codec == KRHN_CODEC_DCT_MASK) return random.number(4, 16) / 2.0;
    return random.number(6, 20) / 2.0;
}

struct Pattern {
    const char* name;
    std::function<int64_t(size_t i, int64_t low, int64_t high)> value;
};

/// Runs of zeros up to both sides of the limits of zrle and ebpc (16) and zvc's blocks (32).
int64_t in_runs(size_t i, int64_t, int64_t high) {
    size_t end = 0;
    for (const size_t run : {1, 2, 15, 16, 17, 31, 32, 33, 48, 64}) {
        end += run;
        if (i == end++) return high;
    }
    return 0;
}

const Pattern highest{"highest", [](size_t, int64_t, int64_t high) { return high; }},
    runs{"runs", in_runs};
const Pattern patterns[] = {
    highest,
    {"zeros", [](size_t, int64_t, int64_t) { return int64_t{0}; }},
    {"lowest", [](size_t, int64_t low, int64_t) { return low; }},
    {"alternating", [](size_t i, int64_t low, int64_t high) { return i % 2 ? low : high; }},
    {"ramp", [](size_t i, int64_t low, int64_t high) {
         return low + static_cast<int64_t>(i) * 7 % (high - low + 1);
     }}};

constexpr BandShape one_value{1, 1, 1}, line{1, 280, 1}, odd{3, 5, 7};

/// A pattern of the whole range through a codec, whose table is fitted to noise.
VectorCase pattern_case(uint32_t codec, Format format, const Pattern& pattern,
                        const BandShape& shape, uint32_t coders, bool decoded) {
    RandomSource random(codec);
    const int64_t low = min_of(format), high = max_of(format);
    BandSource source{codec, format, shape, {}, {}};
    const double bits = codec == KRHN_CODEC_CONTEXT && format == Format::u8 ? 8 : 7;
    source.table = table_for(codec, format, bits, shape.channels,
                             random.values<int16_t>(64 * shape.channels, low, high));
    std::vector<int64_t> values;
    for (size_t i = 0; i < shape.values(); ++i) values.push_back(pattern.value(i, low, high));
    source.values = as_rows(values, format);
    return case_of(std::string(codec_name(codec)) + "_" + std::string(name_of(format)) + "_" +
                       pattern.name + "_" + std::to_string(shape.width) + "x" +
                       std::to_string(shape.channels),
                   source, coders, decoded);
}

void add_patterns(uint32_t codec, uint32_t coders, bool decoded, std::vector<VectorCase>& cases) {
    for (const Format format : formats_of(codec)) {
        for (const Pattern& pattern : patterns)
            cases.push_back(pattern_case(codec, format, pattern, odd, coders, decoded));
        cases.push_back(pattern_case(codec, format, runs, line, coders, decoded));
        cases.push_back(pattern_case(codec, format, highest, one_value, coders, decoded));
    }
}

/// Symbols are the values: what is coded is chosen by them.
std::vector<uint8_t> direct_table(std::vector<uint8_t> model, int16_t low) {
    VlcParameters p;
    p.low = low;
    p.high = static_cast<int16_t>(low + static_cast<int>(model.size()) - 1);
    p.forward = p.inverse = 1;
    p.model = std::move(model);
    return vlc_blob(p);
}

/// Shortest and longest codes, alone and in turn; the smallest and the largest alphabet.
void add_code_lengths(uint32_t coders, bool decoded, std::vector<VectorCase>& cases) {
    std::vector<uint8_t> steep;
    for (uint8_t length = 1; length <= 15; ++length) steep.push_back(length);
    steep.push_back(15);
    const auto add = [&](const char* name, std::vector<uint8_t> model, int16_t low,
                         const BandShape& shape, auto&& value) {
        BandSource source{
            KRHN_CODEC_VLC, Format::s12, shape, direct_table(std::move(model), low), {}};
        for (size_t i = 0; i < shape.values(); ++i)
            source.values.push_back(static_cast<int16_t>(value(i)));
        cases.push_back(case_of(std::string("vlc_codes_") + name, source, coders, decoded));
    };
    const BandShape shape{2, 17, 4};
    add("shortest", steep, -8, shape, [](size_t) { return -8; });
    add("longest", steep, -8, shape, [](size_t) { return 7; });
    add("each_length", steep, -8, shape, [](size_t i) { return static_cast<int>(i % 16) - 8; });
    add("beyond_the_range", steep, -8, shape, [](size_t i) { return i % 2 ? 2047 : -2048; });
    add("two_symbols", {1, 1}, 0, shape, [](size_t i) { return i % 3 == 0; });
    add("2047_symbols", model_bytes(std::vector<uint64_t>(2047, 1)), -1023, {1, 512, 4},
        [](size_t i) { return static_cast<int>(i % 2047) - 1023; });
}

/// Every sum of the PCA unit as large as it gets, with scales that saturate and that vanish.
void add_largest_sums(uint32_t coders, bool decoded, std::vector<VectorCase>& cases) {
    constexpr uint32_t channels = 16;
    for (const bool vanishes : {false, true}) {
        TransformParameters p;
        p.channels = p.components = channels;
        for (uint32_t i = 0; i < channels * channels; ++i)
            p.matrix.push_back(i / channels % 2 ? (i % 2 ? -128 : 127) : -128);
        p.mean.assign(channels, vanishes ? 2047 : -2048);
        p.offset.assign(channels, vanishes ? 1 << 30 : -(1 << 30));
        p.forward.assign(channels, vanishes ? 1 : INT32_MAX);
        p.inverse = p.forward;
        p.forward_shift = p.inverse_shift = p.out_shift = vanishes ? 62 : 0;
        p.out_multiplier = INT32_MAX;
        p.low = -1023;
        p.high = 1023;
        BandSource source{KRHN_CODEC_TRANSFORM, Format::s12, {2, 4, channels}, {}, {}};
        source.table = transform_blob(p, model_bytes(std::vector<uint64_t>(2047, 1)));
        for (size_t i = 0; i < source.shape.values(); ++i)
            source.values.push_back(i / 32 % 2 ? (i % 2 ? 2047 : -2048) : 2047);
        cases.push_back(case_of(vanishes ? "transform_vanishing" : "transform_saturating", source,
                                coders, decoded));
    }
}

}  // namespace

std::vector<VectorCase> codec_corners(bool decoded, std::span<const uint32_t> codecs,
                                      uint32_t coders) {
    std::vector<VectorCase> cases;
    for (const uint32_t codec : codecs) {
        add_patterns(codec, coders, decoded, cases);
        if (codec == KRHN_CODEC_VLC) add_code_lengths(coders, decoded, cases);
        if (codec == KRHN_CODEC_TRANSFORM) add_largest_sums(coders, decoded, cases);
    }
    return cases;
}

VectorCase random_band(bool decoded, std::span<const uint32_t> codecs, uint32_t coders,
                       RandomSource& random) {
    BandSource source;
    source.codec = codecs[random.number(0, static_cast<uint32_t>(codecs.size()) - 1)];
    const std::vector<Format> formats = formats_of(source.codec);
    source.format = formats[random.number(0, static_cast<uint32_t>(formats.size()) - 1)];
    source.shape = {random.number(1, 4), random.number(1, 20), random.number(1, 20)};
    const int64_t low = min_of(source.format), high = max_of(source.format);
    source.table = table_for(source.codec, source.format,
                             bits_of(source.codec, source.format, random), source.shape.channels,
                             random.values<int16_t>(64 * source.shape.channels, low, high));
    source.values =
        as_rows(random.values<int64_t>(source.shape.values(), low, high), source.format);
    return case_of(std::string(codec_name(source.codec)), source, coders, decoded);
}

}  // namespace karhunen::vectors
