// Parameters and streams of context are any bytes: a band is decoded or CodecError is thrown; and
// what a band decodes to comes back when it is coded.
//
// Input: rows, width, streams, size of pieces (u8 each), number of blob bytes (u16), blob; for each
// substream but the last, number of bytes (u16), bytes; the rest is the last substream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "models/codec/blob.h"
#include "models/codec/context.h"

using namespace karhunen;

namespace {

using Streams = std::vector<std::vector<uint8_t>>;

std::vector<int16_t> decode(const Codec& codec, const BandShape& shape, const Streams& streams,
                            size_t piece) {
    const auto count = static_cast<uint32_t>(streams.size());
    const auto decoder = codec.decoder(shape, count);
    const size_t row = size_t{shape.width} * shape.channels;
    std::vector<int16_t> values(row * shape.rows);
    std::vector<size_t> fed(count);
    uint32_t rows = 0;
    const auto take = [&] {
        while (rows < shape.rows && decoder->decode_row(std::span(values).subspan(rows * row, row)))
            ++rows;
        for (uint32_t s = 0; s < count; ++s)
            if (decoder->consumed(s) > fed[s]) std::abort();
    };
    for (bool left = true; left;) {
        left = false;
        for (uint32_t s = 0; s < count; ++s) {
            const size_t now = std::min(piece, streams[s].size() - fed[s]);
            decoder->feed(s, std::span(streams[s]).subspan(fed[s], now));
            fed[s] += now;
            left = left || fed[s] < streams[s].size();
        }
        take();
    }
    decoder->end();
    take();
    decoder->finish();
    return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        BlobReader in({data, size});
        BandShape shape{in.get<uint8_t>(), in.get<uint8_t>(), 0};
        const uint32_t count = in.get<uint8_t>();
        const size_t piece = in.get<uint8_t>() + size_t{1};
        const auto blob = in.bytes(in.get<uint16_t>());
        const auto codec = make_context_codec(blob, Format::u8);
        shape.channels = blob[2] + 256u * blob[3];
        if (count < 1 || count > 12 || shape.values() > 1 << 16) return 0;
        Streams streams;
        size_t used = 6 + blob.size();
        for (uint32_t s = 0; s + 1 < count; ++s) {
            const auto bytes = in.bytes(in.get<uint16_t>());
            streams.emplace_back(bytes.begin(), bytes.end());
            used += 2 + bytes.size();
        }
        streams.emplace_back(data + used, data + size);
        const auto values = decode(*codec, shape, streams, piece);
        if (!codec->lossless()) return 0;
        const auto again = encode_band(*codec, shape, count, values);
        if (decode_band(*codec, shape, again) != values) std::abort();
        for (uint32_t s = 0; s < count; ++s)
            if (again[s].size() > codec->worst_case_bytes(shape, count)) std::abort();
    } catch (const CodecError&) {
    }
    return 0;
}
