// Extended bit-plane compression, as the public RTL of Cavigelli et al. does it (JETCAS 2019): two
// streams, each packed from the most significant bit of each byte on and filled up with zeros.
//
// ZNZ: which words are zero: `1` for a word other than zero, `0` and z - 1 in 4 bits for a run of z
// zeros; longer runs are cut at 16.
//
// BPC: the other words in blocks of 8; the last block is filled up with zero words, which are not
// in ZNZ. A block is its first word (8 bits), then bit planes k = 0 (least significant) to 8 (sign)
// of the 9-bit differences d_i = x_i - x_(i-1), words taken as two's complement. DBP_k is bit k of
// d_1..d_7, d_1 leftmost; DBX_k = DBP_k xor DBP_(k-1), DBX_0 = DBP_0. The first rule that fits:
//   run of r zero DBX      r = 1: 01    r >= 2: 001, r - 2 in 3 bits
//   DBX all ones           00000
//   DBP_k = 0              00001
//   two adjacent ones      00010, place of the first in 3 bits (0: leftmost)
//   a single one           00011, its place in 3 bits
//   anything else          1, DBX in 7 bits
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/codec/sequence_coder.h"

namespace karhunen {

struct EbpcStreams {
    std::vector<uint8_t> znz, bpc;
    uint64_t words = 0;  ///< told out of band; as words - 1 in 24 bits by the RTL
};

/// The RTL counts words - 1 in 24 bits.
inline constexpr uint64_t ebpc_max_words = 1 << 24;

/// A sequence as two streams, and back. Both throw CodecError for more than ebpc_max_words words;
/// ebpc_decode does unless the streams are what ebpc_encode makes of some sequence.
EbpcStreams ebpc_encode(std::span<const uint8_t> words);
std::vector<uint8_t> ebpc_decode(const EbpcStreams& streams);

/// The same in pieces: stream 0 is ZNZ, stream 1 BPC. Clocks are those of the RTL, encoder and
/// decoder: the words, or 10 + s a block if that is more; s counts its runs of zero DBX that
/// another DBX follows.
std::unique_ptr<SequenceEncoder> make_ebpc_encoder();
std::unique_ptr<SequenceDecoder> make_ebpc_decoder();

/// Most bytes that either stream of a sequence of so many words can take.
uint64_t ebpc_worst_case_bytes(uint64_t words);

}  // namespace karhunen
