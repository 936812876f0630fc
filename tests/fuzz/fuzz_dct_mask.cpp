// dct-mask: parameters and streams are any bytes. A band is decoded, to values in range and the
// same whatever the pieces, or CodecError is thrown; what the bypass path decodes without loss, its
// encoder writes again.
//
// Input: rows, width, channels, streams, size of pieces (u8 each), number of blob bytes (u16),
// blob. The rest is dealt out to the streams, in turn, two bytes each.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "models/codec/blob.h"
#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"

using namespace karhunen;

namespace {

using Streams = std::vector<std::vector<uint8_t>>;

std::vector<int16_t> decode_in_pieces(const Codec& codec, const BandShape& shape,
                                      const Streams& streams, size_t piece) {
    const auto decoder = codec.decoder(shape, static_cast<uint32_t>(streams.size()));
    const size_t row = size_t{shape.width} * shape.channels;
    std::vector<int16_t> values(shape.values());
    uint32_t rows = 0;
    const auto take = [&] {
        while (rows < shape.rows && decoder->decode_row(std::span(values).subspan(rows * row, row)))
            ++rows;
    };
    std::vector<size_t> fed(streams.size());
    for (bool more = true; more;) {
        more = false;
        for (uint32_t s = 0; s < streams.size(); ++s) {
            const size_t now = std::min(piece, streams[s].size() - fed[s]);
            decoder->feed(s, std::span(streams[s]).subspan(fed[s], now));
            fed[s] += now;
            more = more || fed[s] < streams[s].size();
            take();
            if (decoder->consumed(s) > fed[s]) std::abort();
        }
    }
    decoder->end();
    take();
    decoder->finish();
    return values;
}

void decode(const Codec& codec, const BandShape& shape, const Streams& streams, size_t piece) {
    const auto values = decode_in_pieces(codec, shape, streams, piece);
    for (const int16_t v : values)
        if (v < 0 || v > 255) std::abort();
    if (values != decode_band(codec, shape, streams)) std::abort();
    if (codec.lossless() &&
        encode_band(codec, shape, static_cast<uint32_t>(streams.size()), values) != streams)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        BlobReader in({data, size});
        size_t left = size;
        const auto byte = [&] { return --left, in.get<uint8_t>(); };
        const uint32_t rows = byte() % 8, width = byte() % 64;
        const BandShape shape{rows, width, byte()};
        Streams streams(byte() % 12 + 1u);
        const size_t piece = byte() + size_t{1};
        const auto bytes = [&](size_t count) {
            const auto part = in.bytes(count);
            left -= count;
            return part;
        };
        const size_t low = byte(), blob_bytes = low | size_t{byte()} << 8;
        const auto codec = make_dct_mask_codec(bytes(blob_bytes), Format::u8);
        for (size_t s = 0; s < streams.size(); ++s) {
            const auto part = bytes(s + 1 < streams.size() ? 2 * size_t{byte()} : left);
            streams[s].assign(part.begin(), part.end());
        }
        decode(*codec, shape, streams, piece);
    } catch (const CodecError&) {
    }
    return 0;
}
