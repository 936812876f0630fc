// The C API is given any bytes for parameters, streams and values: it answers with a status, and
// what is decoded in pieces is what is decoded at once.
//
// Input: codec, format, rows, columns, channels, streams, bytes of a piece (u8 each), bytes of the
// blob (u16), blob, then the streams: the bytes that are left, dealt out in equal parts.
#include <karhunen/golden.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

namespace {

void require(bool good) {
    if (!good) std::abort();
}

struct Input {
    std::span<const uint8_t> bytes;
    uint32_t take() {
        if (bytes.empty()) return 0;
        const uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        return byte;
    }
};

struct Band {
    uint32_t rows, columns, channels, streams;
    size_t count() const { return size_t{rows} * columns * channels; }
};

std::vector<std::span<const uint8_t>> dealt(std::span<const uint8_t> bytes, uint32_t streams) {
    std::vector<std::span<const uint8_t>> parts;
    for (uint32_t s = 0; s < streams; ++s)
        parts.push_back(bytes.subspan(s * (bytes.size() / streams), bytes.size() / streams));
    return parts;
}

/// Values until an error or the end; the status of the last call.
karhunen_status take(karhunen_decoder* decoder, std::vector<int32_t>& values) {
    for (;;) {
        int32_t value;
        const karhunen_status status = karhunen_decoder_value(nullptr, decoder, &value);
        if (status != KARHUNEN_OK) return status;
        values.push_back(value);
    }
}

karhunen_status decode_in_pieces(karhunen_decoder* decoder,
                                 std::vector<std::span<const uint8_t>> parts, size_t piece,
                                 std::vector<int32_t>& values) {
    karhunen_status status = KARHUNEN_MORE;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t s = 0; s < parts.size(); ++s) {
            const size_t now = std::min(piece, parts[s].size());
            if (now == 0) continue;
            more = true;
            status = karhunen_decoder_put(nullptr, decoder, s, parts[s].data(), now);
            parts[s] = parts[s].subspan(now);
            if (status != KARHUNEN_OK) return status;
        }
        status = take(decoder, values);
        if (status > KARHUNEN_END) return status;
    }
    status = karhunen_decoder_finish(nullptr, decoder);
    return status == KARHUNEN_OK ? take(decoder, values) : status;
}

/// What was decoded is encoded, value by value, if it is in the range of what is encoded.
void encode(karhunen_codec* codec, const Band& b, const std::vector<int32_t>& values) {
    karhunen_encoder* encoder = nullptr;
    if (karhunen_encoder_create(nullptr, codec, b.rows, b.columns, b.channels, b.streams,
                                &encoder) != KARHUNEN_OK)
        return;
    karhunen_status status = KARHUNEN_OK;
    for (const int32_t v : values)
        if (status == KARHUNEN_OK) status = karhunen_encoder_put_value(nullptr, encoder, v);
    if (status == KARHUNEN_OK) require(karhunen_encoder_finish(nullptr, encoder) == KARHUNEN_OK);
    uint32_t word, last;
    for (uint32_t s = 0; s < b.streams; ++s)
        while (karhunen_encoder_word(nullptr, encoder, s, &word, &last) == KARHUNEN_OK) {
        }
    karhunen_encoder_destroy(encoder);
}

void use(karhunen_codec* codec, const Band& b, std::span<const uint8_t> bytes, size_t piece) {
    uint64_t most;
    karhunen_codec_worst_case(nullptr, codec, b.rows, b.columns, b.channels, b.streams, &most);
    karhunen_decoder* decoder = nullptr;
    if (karhunen_decoder_create(nullptr, codec, b.rows, b.columns, b.channels, b.streams,
                                &decoder) != KARHUNEN_OK)
        return;
    const auto parts = dealt(bytes, b.streams);
    std::vector<int32_t> values, at_once(b.count());
    const karhunen_status status = decode_in_pieces(decoder, parts, piece, values);
    karhunen_decoder_destroy(decoder);
    const std::vector<size_t> sizes(b.streams, parts[0].size());
    const karhunen_status whole =
        karhunen_codec_decode(nullptr, codec, b.rows, b.columns, b.channels, b.streams,
                              bytes.data(), sizes.data(), at_once.data(), b.count());
    require((status == KARHUNEN_END) == (whole == KARHUNEN_OK));
    if (whole != KARHUNEN_OK) return;
    require(values == at_once);
    encode(codec, b, values);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const char* const names[] = {"raw",  "vlc",  "transform", "zvc",
                                        "zrle", "ebpc", "dct-mask",  "context"};
    Input in{{data, size}};
    const char* name = names[in.take() % 8];
    const auto format = static_cast<karhunen_format>(in.take());
    const Band band{in.take(), in.take() % 32, in.take() % 64, in.take()};
    const size_t piece = in.take() + size_t{1};
    const size_t wanted = in.take() + 256 * size_t{in.take()};
    const auto blob = in.bytes.first(std::min(wanted, in.bytes.size()));
    karhunen_codec* codec = nullptr;
    if (karhunen_codec_create(nullptr, name, format, blob.data(), blob.size(), &codec) !=
        KARHUNEN_OK)
        return 0;
    use(codec, band, in.bytes.subspan(blob.size()), piece);
    karhunen_codec_destroy(codec);
    return 0;
}
