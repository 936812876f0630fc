// Zero-value compression, as in the compressing DMA engine (Rhu et al., HPCA 2018). Blocks of 32
// words: a mask of 32 bits, little-endian, whose bit i says that word i is not zero, then those
// words in order. The last block is filled up with zeros.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/codec/sequence_coder.h"

namespace karhunen {

/// A sequence as one stream, and back. zvc_decode throws CodecError unless the stream is what
/// zvc_encode makes of some sequence of `words` words.
std::vector<uint8_t> zvc_encode(std::span<const uint8_t> words);
std::vector<uint8_t> zvc_decode(std::span<const uint8_t> stream, uint64_t words);

/// The same in pieces.
std::unique_ptr<SequenceEncoder> make_zvc_encoder();
std::unique_ptr<SequenceDecoder> make_zvc_decoder();

/// Most bytes that a sequence of so many words can take: all of them other than zero.
constexpr uint64_t zvc_worst_case_bytes(uint64_t words) {
    return (words + 31) / 32 * 4 + words;
}

}  // namespace karhunen
