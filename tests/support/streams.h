// Stand-ins for the DMA at the stream ports of a block, with random pauses, and maps to code.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "models/codec/calibrate.h"
#include "models/codec/codec.h"
#include "models/interfaces/stream.h"
#include "tests/support/simulation.h"

namespace karhunen {

using Streams = std::vector<std::vector<uint8_t>>;

/// Random pauses; the same seed gives the same ones. 0 ns: none.
class Pace {
public:
    explicit Pace(uint32_t seed = 0, uint32_t most_ns = 0) : random_(seed), most_ns_(most_ns) {}
    uint32_t below(uint32_t limit) { return random_() % limit; }
    void pause() {
        if (most_ns_ != 0) sc_core::wait(below(most_ns_ + 1), sc_core::SC_NS);
    }

private:
    std::mt19937 random_;
    uint32_t most_ns_;
};

/// Brings a band, or a chunk, in blocks. `error`: breaks off after the first block.
inline void send(StreamSink& sink, const Streams& streams, Pace& pace, uint32_t block_bytes = 512,
                 bool error = false) {
    StreamHeader header;
    for (const auto& s : streams) header.bytes.push_back(static_cast<uint32_t>(s.size()));
    size_t left = std::accumulate(header.bytes.begin(), header.bytes.end(), size_t{0});
    std::vector<size_t> sent(streams.size());
    sink.begin(header);
    while (left != 0) {
        const uint32_t s = sink.reserve(block_bytes);
        pace.pause();
        const size_t bytes = std::min<size_t>(block_bytes, streams[s].size() - sent[s]);
        sink.write(s, std::span(streams[s]).subspan(sent[s], bytes));
        sent[s] += bytes;
        left -= bytes;
        if (error) break;
    }
    sink.end(error);
}

/// Fetches a band in blocks and checks the promises of StreamSource.
inline Streams fetch(StreamSource& source, uint32_t streams, Pace& pace,
                     uint32_t block_bytes = 512) {
    Streams all(streams);
    std::vector<bool> ended(streams);
    for (;;) {
        pace.pause();
        const StreamBlock block = source.read(block_bytes);
        BOOST_TEST((block.stream < streams && !ended[block.stream]));
        BOOST_TEST(block.bytes.size() <= block_bytes);
        ended[block.stream] = block.bytes.size() < block_bytes;
        all[block.stream].insert(all[block.stream].end(), block.bytes.begin(), block.bytes.end());
        if (block.last) return all;
    }
}

/// Values of a band in `format`, mostly small, a few extreme.
inline std::vector<int16_t> random_values(const BandShape& shape, Format format, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<int16_t> values(shape.values() * words_of(format));
    if (format == Format::s32) {
        for (int16_t& v : values) v = static_cast<int16_t>(random());
        return values;
    }
    const auto low = static_cast<int>(min_of(format)), high = static_cast<int>(max_of(format));
    for (int16_t& v : values) {
        const int range = random() % 16 == 0 ? high - low : (high - low) / 16;
        const int middle = format == Format::u8 ? 0 : -range / 2;
        v = static_cast<int16_t>(
            std::clamp(middle + static_cast<int>(random() % (range + 1u)), low, high));
    }
    return values;
}

/// A format that the codec's encoder takes, in turn.
inline Format stored_format(uint32_t codec, uint32_t seed) {
    const CodecTraits traits = codec_traits(codec);
    if (traits.before_relu) return Format::s12;
    if (traits.has_table) return Format::u8;
    const Format formats[] = {Format::u8, Format::s8, Format::s12, Format::s32};
    return formats[seed % (codec == KRHN_CODEC_RAW ? 4 : 2)];
}

/// Codec parameters calibrated on random values of as many channels.
inline std::vector<uint8_t> random_table(uint32_t codec, uint32_t channels) {
    const BandShape shape{8, 8, channels};
    const Format format = stored_format(codec, 0);
    const std::vector<int16_t> values = random_values(shape, format, 99);
    CalibrationMaps maps;
    maps.images.emplace_back(values);
    maps.channels = channels;
    if (format == Format::s12) maps.decoded_scale = 8;
    return calibrate_codec({codec, {}}, maps);
}

}  // namespace karhunen
