// What the lossless codecs `zvc`, `zrle` and `ebpc` have in common: they code one sequence of 8-bit
// words into one stream of bytes, or two. Words and bytes come in pieces of any size.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/codec/codec.h"

namespace karhunen {

class SequenceEncoder {
public:
    virtual ~SequenceEncoder() = default;
    /// Appends to streams[0] (ebpc: to streams[1] too) what is complete.
    virtual void encode(std::span<const uint8_t> words, std::vector<uint8_t>* streams) = 0;
    /// After the last word: appends the rest, filled with zeros to a whole byte.
    virtual void finish(std::vector<uint8_t>* streams) = 0;
    /// Bits of code so far in all streams, without the zeros at the end.
    virtual uint64_t code_bits() const = 0;
    /// The same of one stream.
    virtual uint64_t code_bits_of(uint32_t /*stream*/) const { return code_bits(); }
    /// Clocks of a serial coder for the words so far.
    virtual uint64_t clocks() const = 0;
};

class SequenceDecoder {
public:
    virtual ~SequenceDecoder() = default;
    virtual void feed(uint32_t stream, std::span<const uint8_t> bytes) = 0;
    /// Decodes up to words.size() words and returns how many; fewer: more bytes are needed. Throws
    /// CodecError for what no encoder writes.
    virtual size_t decode(std::span<uint8_t> words) = 0;
    /// Bytes of a stream that decoding has used so far. When decode() lacks bytes of a stream,
    /// fewer than 4 of those fed are not used.
    virtual uint64_t consumed(uint32_t stream) const = 0;
    /// After the last word: throws CodecError if bytes are left over or padding is not zero.
    virtual void finish() = 0;
    virtual uint64_t clocks() const = 0;
};

inline constexpr const char* sequence_too_short = "the stream ends before its last word";

/// A whole sequence in one stream.
inline std::vector<uint8_t> encode_sequence(SequenceEncoder& encoder,
                                            std::span<const uint8_t> words) {
    std::vector<uint8_t> stream;
    encoder.encode(words, &stream);
    encoder.finish(&stream);
    return stream;
}

/// Decodes so many words, of which all bytes were fed, and no more. Throws CodecError.
inline std::vector<uint8_t> decode_sequence(SequenceDecoder& decoder, uint64_t words) {
    std::vector<uint8_t> result(words);
    if (decoder.decode(result) < words) throw CodecError(sequence_too_short);
    decoder.finish();
    return result;
}

}  // namespace karhunen
