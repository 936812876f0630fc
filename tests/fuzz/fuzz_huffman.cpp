// Codec tables and streams are any bytes: a band is decoded or CodecError is thrown; and whatever
// the Huffman decoder reads, its encoder writes again.
//
// Input: number of model bytes (u16), model bytes; or 0 and then codec, rows, width, channels,
// streams, size of pieces (u8 each), number of blob bytes (u32), blob. The rest is the stream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include <karhunen/loadable.h>

#include "models/codec/blob.h"
#include "models/codec/codec.h"
#include "models/codec/huffman.h"

using namespace karhunen;

namespace {

void read_and_write(std::span<const uint8_t> model, std::span<const uint8_t> stream) {
    const HuffmanCode code(model, -100);
    std::vector<int16_t> values(stream.size() * 8 + HuffmanCode::slack);
    HuffmanCode::Reader reader{0, 0, stream.data(), stream.data() + stream.size()};
    const size_t count = code.decode(reader, values.data(), stream.size() * 8);
    HuffmanCode::Writer writer;
    std::vector<uint8_t> bytes;
    code.encode(writer, bytes, values.data(), count, 1);
    const uint64_t bits = writer.code_bits;
    HuffmanCode::flush(writer, bytes);
    if (bits + HuffmanCode::max_length <= stream.size() * 8) std::abort();  // it could have gone on
    for (uint64_t i = 0; i < bits; ++i)
        if (((bytes[i / 8] ^ stream[i / 8]) >> i % 8 & 1) != 0) std::abort();
}

void decode(const Codec& codec, const BandShape& shape, uint32_t streams, size_t piece,
            std::span<const uint8_t> bytes) {
    const auto decoder = codec.decoder(shape, streams);
    std::vector<int16_t> row(size_t{shape.width} * shape.channels *
                             words_of(codec.decoded_format()));
    uint32_t rows = 0;
    for (uint32_t s = 0; !bytes.empty(); s = (s + 1) % streams) {
        const size_t now = std::min(piece, bytes.size());
        decoder->feed(s, bytes.first(now));
        bytes = bytes.subspan(now);
        while (rows < shape.rows && decoder->decode_row(row)) ++rows;
    }
    decoder->end();
    while (rows < shape.rows && decoder->decode_row(row)) ++rows;
    decoder->finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    try {
        BlobReader in({data, size});
        const auto rest = [&](size_t used) { return std::span(data, size).subspan(used); };
        if (const auto symbols = in.get<uint16_t>(); symbols != 0) {
            const auto model = in.bytes(symbols);
            read_and_write(model, rest(2 + size_t{symbols}));
            return 0;
        }
        const uint32_t id = in.get<uint8_t>();
        const uint32_t rows = in.get<uint8_t>(), width = in.get<uint8_t>();
        const BandShape shape{rows, width, in.get<uint8_t>()};
        const uint32_t streams = in.get<uint8_t>();
        const size_t piece = in.get<uint8_t>() + size_t{1};
        const auto blob = in.bytes(in.get<uint32_t>());
        const auto codec = make_codec(id, blob, id == KRHN_CODEC_RAW ? Format::s12 : Format::s8);
        decode(*codec, shape, streams, piece, rest(12 + blob.size()));
    } catch (const CodecError&) {
    }
    return 0;
}
