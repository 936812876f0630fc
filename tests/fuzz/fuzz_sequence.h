// One fuzz target per decoder of sequences: any bytes are refused with CodecError, or an encoder
// writes the very same bytes for what they decode to.
//
// Input: number of words (u16), size of pieces (u8), length of the first stream (u16; ebpc only),
// streams. The words are asked for, and the bytes given, in pieces.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "models/codec/blob.h"
#include "models/codec/sequence_coder.h"

namespace karhunen {

inline void fuzz_sequence(SequenceEncoder& encoder, SequenceDecoder& decoder, uint32_t streams,
                          std::span<const uint8_t> input) {
    BlobReader in(input);
    std::vector<uint8_t> words(in.get<uint16_t>());
    const size_t piece = in.get<uint8_t>() + size_t{1};
    std::span<const uint8_t> given[2], left[2];
    if (streams == 2) given[0] = in.bytes(in.get<uint16_t>());
    given[streams - 1] = input.last(input.size() - (streams == 2 ? 5 + given[0].size() : 3));
    std::copy(given, given + 2, left);

    size_t done = 0;
    const auto decode = [&] {
        const size_t wanted = std::min(piece, words.size() - done);
        const size_t got = decoder.decode(std::span(words).subspan(done, wanted));
        done += got;
        return got > 0;
    };
    while (!left[0].empty() || !left[1].empty())
        for (uint32_t s = 0; s < streams; ++s) {
            const size_t now = std::min(piece, left[s].size());
            decoder.feed(s, left[s].first(now));
            left[s] = left[s].subspan(now);
            while (done < words.size() && decode()) {
            }
            for (uint32_t i = 0; i < streams; ++i)
                if (decoder.consumed(i) > given[i].size() - left[i].size()) std::abort();
        }
    while (done < words.size() && decode()) {
    }
    if (done < words.size()) return;
    decoder.finish();

    std::vector<uint8_t> again[2];
    encoder.encode(words, again);
    encoder.finish(again);
    for (uint32_t s = 0; s < streams; ++s)
        if (!std::equal(again[s].begin(), again[s].end(), given[s].begin(), given[s].end()))
            std::abort();
    if (encoder.clocks() != decoder.clocks()) std::abort();
}

}  // namespace karhunen
