// Zero run length code, packed from the most significant bit of each byte on; the last byte is
// filled up with zeros:
//   word other than zero   1, the word in 8 bits
//   run of z = 1..16 zeros 0, z - 1 in 4 bits
// A longer run is cut at 16 zeros.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/codec/sequence_coder.h"

namespace karhunen {

/// A sequence as one stream, and back. zrle_decode throws CodecError unless the stream is what
/// zrle_encode makes of some sequence of `words` words.
std::vector<uint8_t> zrle_encode(std::span<const uint8_t> words);
std::vector<uint8_t> zrle_decode(std::span<const uint8_t> stream, uint64_t words);

/// The same in pieces.
std::unique_ptr<SequenceEncoder> make_zrle_encoder();
std::unique_ptr<SequenceDecoder> make_zrle_decoder();

/// Most bytes that a sequence of so many words can take: all of them other than zero.
constexpr uint64_t zrle_worst_case_bytes(uint64_t words) {
    return (words * 9 + 7) / 8;
}

}  // namespace karhunen
