// Huffman coding, sequences of each lossless code, whole bands of each codec, calibration. Values
// per second, one core.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include <benchmark/benchmark.h>

#include <karhunen/loadable.h>
#ifdef KARHUNEN_HAVE_ZSTD
#include <zstd.h>
#endif

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"
#include "models/codec/ebpc.h"
#include "models/codec/huffman.h"
#include "models/codec/zrle.h"
#include "models/codec/zvc.h"

using namespace karhunen;

namespace {

/// Values -limit..limit with a two-sided exponential distribution.
std::vector<int16_t> peaked(size_t count, double scale, double limit) {
    std::mt19937 random(1);
    std::exponential_distribution<double> magnitude(1 / scale);
    std::vector<int16_t> values(count);
    for (int16_t& v : values) {
        const double m = std::min(magnitude(random), limit);
        v = static_cast<int16_t>(std::lround(random() % 2 ? m : -m));
    }
    return values;
}

HuffmanCode code_of(const std::vector<int16_t>& values) {
    std::vector<uint64_t> counts(331);
    for (const int16_t v : values) ++counts[static_cast<size_t>(v + 165)];
    return HuffmanCode(model_bytes(counts), -165);
}

/// Argument: scale of the distribution; about 2, 4 and 6 bits a value.
void huffman(benchmark::State& state, bool decode) {
    const auto values = peaked(1 << 18, static_cast<double>(state.range(0)) / 10, 165);
    const HuffmanCode code = code_of(values);
    std::vector<uint8_t> bytes;
    std::vector<int16_t> back(values.size() + HuffmanCode::slack);
    const auto encode = [&] {
        bytes.clear();
        HuffmanCode::Writer writer;
        code.encode(writer, bytes, values.data(), values.size(), 1);
        HuffmanCode::flush(writer, bytes);
    };
    encode();
    for (auto _ : state) {
        if (decode) {
            HuffmanCode::Reader reader{0, 0, bytes.data(), bytes.data() + bytes.size()};
            benchmark::DoNotOptimize(code.decode(reader, back.data(), values.size()));
        } else {
            encode();
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(values.size()));
    state.counters["bits"] =
        static_cast<double>(bytes.size()) * 8 / static_cast<double>(values.size());
}
BENCHMARK_CAPTURE(huffman, encode, false)->Arg(8)->Arg(40)->Arg(160);
BENCHMARK_CAPTURE(huffman, decode, true)->Arg(8)->Arg(40)->Arg(160);

/// A rectified map: the given share of values is zero, the others are smooth along a row.
std::vector<uint8_t> rectified(size_t count, unsigned percent_nonzero) {
    std::mt19937 random(2);
    std::vector<uint8_t> words(count);
    int level = 20;
    for (uint8_t& w : words) {
        level = std::clamp(level + static_cast<int>(random() % 21) - 10, 1, 200);
        if (random() % 100 < percent_nonzero) w = static_cast<uint8_t>(level);
    }
    return words;
}

struct SequenceCoder {
    std::unique_ptr<SequenceEncoder> (*encoder)();
    std::unique_ptr<SequenceDecoder> (*decoder)();
};
constexpr SequenceCoder zvc = {make_zvc_encoder, make_zvc_decoder};
constexpr SequenceCoder zrle = {make_zrle_encoder, make_zrle_decoder};
constexpr SequenceCoder ebpc = {make_ebpc_encoder, make_ebpc_decoder};

/// Argument: percentage of values other than zero.
void sequence(benchmark::State& state, SequenceCoder coder, bool decode) {
    const auto words = rectified(1 << 18, static_cast<unsigned>(state.range(0)));
    std::vector<uint8_t> streams[2], back(words.size());
    const auto encode = [&] {
        for (auto& s : streams) s.clear();
        const auto encoder = coder.encoder();
        encoder->encode(words, streams);
        encoder->finish(streams);
    };
    encode();
    for (auto _ : state) {
        if (decode) {
            const auto decoder = coder.decoder();
            for (uint32_t s = 0; s < 2; ++s)
                if (!streams[s].empty()) decoder->feed(s, streams[s]);
            benchmark::DoNotOptimize(decoder->decode(back));
        } else {
            encode();
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(words.size()));
    state.counters["bits"] = static_cast<double>(streams[0].size() + streams[1].size()) * 8 /
                             static_cast<double>(words.size());
}
BENCHMARK_CAPTURE(sequence, zvc_encode, zvc, false)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(sequence, zvc_decode, zvc, true)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(sequence, zrle_encode, zrle, false)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(sequence, zrle_decode, zrle, true)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(sequence, ebpc_encode, ebpc, false)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(sequence, ebpc_decode, ebpc, true)->Arg(20)->Arg(60)->Arg(100);

/// What the same bytes take when they are only moved.
void copy(benchmark::State& state) {
    const auto words = rectified(1 << 18, static_cast<unsigned>(state.range(0)));
    std::vector<uint8_t> to(words.size());
    for (auto _ : state) {
        std::memcpy(to.data(), words.data(), words.size());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(words.size()));
}
BENCHMARK(copy)->Arg(60);

#ifdef KARHUNEN_HAVE_ZSTD
/// And when a general compressor codes them at its fastest usual level.
void zstd(benchmark::State& state, bool decode) {
    const auto words = rectified(1 << 18, static_cast<unsigned>(state.range(0)));
    std::vector<uint8_t> stream(ZSTD_compressBound(words.size())), back(words.size());
    size_t bytes = 0;
    const auto encode = [&] {
        bytes = ZSTD_compress(stream.data(), stream.size(), words.data(), words.size(), 1);
    };
    encode();
    for (auto _ : state) {
        if (decode)
            ZSTD_decompress(back.data(), back.size(), stream.data(), bytes);
        else
            encode();
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(words.size()));
    state.counters["bits"] = static_cast<double>(bytes) * 8 / static_cast<double>(words.size());
}
BENCHMARK_CAPTURE(zstd, encode, false)->Arg(20)->Arg(60)->Arg(100);
BENCHMARK_CAPTURE(zstd, decode, true)->Arg(20)->Arg(60)->Arg(100);
#endif

CalibrationMaps maps_of(const std::vector<int16_t>& map, uint32_t channels) {
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    maps.decoded_scale = 8;
    return maps;
}

std::unique_ptr<Codec> codec_of(uint32_t id, const std::vector<int16_t>& map, uint32_t channels) {
    const CodecSetting setting{id, {}};
    return make_codec(id, calibrate_codec(setting, maps_of(map, channels)),
                      stored_format_of(setting));
}

/// Codes a band again and again, or decodes what it gives.
void code(benchmark::State& state, const Codec& codec, const BandShape& shape, uint32_t count,
          const std::vector<int16_t>& values, bool decode) {
    const auto streams = encode_band(codec, shape, count, values);
    size_t bytes = 0;
    for (const auto& s : streams) bytes += s.size();
    for (auto _ : state) {
        if (decode)
            benchmark::DoNotOptimize(decode_band(codec, shape, streams));
        else
            benchmark::DoNotOptimize(encode_band(codec, shape, count, values));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(values.size()));
    state.counters["bits"] = static_cast<double>(bytes) * 8 / static_cast<double>(values.size());
}

/// Arguments: codec, channels. A band of 28 x 28 pixels.
void band(benchmark::State& state, bool decode) {
    const auto id = static_cast<uint32_t>(state.range(0));
    const BandShape shape{28, 28, static_cast<uint32_t>(state.range(1))};
    auto values = peaked(shape.values(), 200, 2047);
    if (!codec_traits(id).before_relu)
        for (int16_t& v : values) v = static_cast<int16_t>(std::clamp(v / 8, 0, 255));
    const auto codec = codec_of(id, values, shape.channels);
    const uint32_t count = 4 * codec_traits(id).streams_per_coder;
    code(state, *codec, shape, count, values, decode);
    state.SetLabel(std::string(codec_name(id)));
}
BENCHMARK_CAPTURE(band, encode, false)->ArgsProduct({{0, 1, 2, 3, 4, 5, 6, 7}, {64, 256}});
BENCHMARK_CAPTURE(band, decode, true)->ArgsProduct({{0, 1, 2, 3, 4, 5, 6, 7}, {64, 256}});

/// Arguments: DCT path, percentage of values other than zero. A band of 14 rows of 56 x 64 values.
void dct_mask(benchmark::State& state, bool decode) {
    const BandShape shape{14, 56, 64};
    const auto words = rectified(shape.values(), static_cast<unsigned>(state.range(1)));
    const std::vector<int16_t> values(words.begin(), words.end());
    DctMaskParameters p{state.range(0) != 0, 8, 256, {}, {}};
    const DctMaskLevels levels = dct_mask_levels(p);
    std::vector<int16_t> q(values.size());
    dct_mask_quantise(p, values.data(), values.size(), q.data());
    std::vector<uint64_t> first(static_cast<size_t>(levels.first_high - levels.first_low) + 1),
        rest(static_cast<size_t>(2 * levels.rest_high) + 1);
    for (size_t i = 0; i < q.size(); ++i)
        if (p.dct && i % 8 != 0)
            ++rest[static_cast<size_t>(q[i] + levels.rest_high)];
        else if (p.dct || q[i] != 0)
            ++first[static_cast<size_t>(q[i] - levels.first_low)];
    p.first = model_bytes(first);
    if (p.dct) p.rest = model_bytes(rest);
    const auto codec = make_dct_mask_codec(p, Format::u8);
    code(state, *codec, shape, 4, values, decode);
}
BENCHMARK_CAPTURE(dct_mask, encode, false)->ArgsProduct({{0, 1}, {20, 60, 100}});
BENCHMARK_CAPTURE(dct_mask, decode, true)->ArgsProduct({{0, 1}, {20, 60, 100}});

/// Argument: bits of the quantiser. A band of 14 rows of 56 x 64 values, before ReLU and smooth.
void context(benchmark::State& state, bool decode) {
    const BandShape shape{14, 56, 64};
    std::vector<int16_t> values(shape.values());
    std::mt19937 random(3);
    const size_t row = size_t{shape.width} * shape.channels;
    for (size_t i = 0; i < values.size(); ++i) {
        const int left = i % row < shape.channels ? 0 : values[i - shape.channels];
        const int above = i < row ? left : values[i - row];
        const int noise = static_cast<int>(random() % 401 + random() % 401) - 400;
        values[i] = static_cast<int16_t>(std::clamp((left + above) * 15 / 32 + noise, -2048, 2047));
    }
    CalibrationMaps maps = maps_of(values, shape.channels);
    maps.width = shape.width;
    const QuantiserOptions options{static_cast<double>(state.range(0)), 0};
    if (options.bits == 8)
        for (int16_t& v : values) v = static_cast<int16_t>(std::clamp(v / 8, 0, 255));
    const auto codec = make_codec(KRHN_CODEC_CONTEXT, calibrate_context(maps, options),
                                  options.bits < 8 ? Format::s12 : Format::u8);
    code(state, *codec, shape, 4, values, decode);
}
BENCHMARK_CAPTURE(context, encode, false)->Arg(8)->Arg(6);
BENCHMARK_CAPTURE(context, decode, true)->Arg(8)->Arg(6);

/// Argument: channels. 8 images' worth of 14 x 14 pixels.
void calibrate(benchmark::State& state) {
    const auto channels = static_cast<uint32_t>(state.range(0));
    const auto values = peaked(size_t{8 * 14 * 14} * channels, 200, 2047);
    for (auto _ : state)
        benchmark::DoNotOptimize(calibrate_transform(maps_of(values, channels), {}));
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(values.size()));
}
BENCHMARK(calibrate)->Arg(64)->Arg(256)->Arg(512)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
