// Huffman coding, whole bands of each codec, calibration. Values per second, one core.
#include <cmath>
#include <random>

#include <benchmark/benchmark.h>

#include <karhunen/loadable.h>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/codec/huffman.h"

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

CalibrationMaps maps_of(const std::vector<int16_t>& map, uint32_t channels) {
    CalibrationMaps maps;
    maps.images = {map};
    maps.channels = channels;
    maps.decoded_scale = 8;
    return maps;
}

std::unique_ptr<Codec> codec_of(uint32_t id, const std::vector<int16_t>& map, uint32_t channels) {
    switch (id) {
        case KRHN_CODEC_VLC:
            return make_codec(id, calibrate_vlc(maps_of(map, channels), {}), Format::s12);
        case KRHN_CODEC_TRANSFORM:
            return make_codec(id, calibrate_transform(maps_of(map, channels), {}), Format::s12);
    }
    return make_codec(id, {}, Format::u8);
}

/// Arguments: codec, channels. A band of 28 x 28 pixels.
void band(benchmark::State& state, bool decode) {
    const auto id = static_cast<uint32_t>(state.range(0));
    const BandShape shape{28, 28, static_cast<uint32_t>(state.range(1))};
    const auto values = peaked(shape.values(), 200, 2047);
    const auto codec = codec_of(id, values, shape.channels);
    const auto streams = encode_band(*codec, shape, 4, values);
    for (auto _ : state) {
        if (decode)
            benchmark::DoNotOptimize(decode_band(*codec, shape, streams));
        else
            benchmark::DoNotOptimize(encode_band(*codec, shape, 4, values));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(values.size()));
    state.SetLabel(std::string(codec_name(id)));
}
BENCHMARK_CAPTURE(band, encode, false)->ArgsProduct({{0, 1, 2}, {64, 256}});
BENCHMARK_CAPTURE(band, decode, true)->ArgsProduct({{0, 1, 2}, {64, 256}});

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
