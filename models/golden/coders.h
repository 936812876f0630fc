// What encoders and decoders of whole bands and single serial coders have in common.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/golden/codec_handle.h"

namespace karhunen::golden {

class Encoding {
public:
    virtual ~Encoding() = default;
    /// Throws Error for values that cannot come next.
    virtual void check(std::span<const int32_t> values) const = 0;
    /// Throws Error unless the last value has come.
    virtual void check_complete() const {}
    virtual void put(std::span<const int32_t> values) = 0;
    virtual void finish() = 0;
    virtual uint32_t streams() const = 0;
    /// Whole words so far; taken away by the caller.
    virtual std::vector<uint8_t>& output(uint32_t stream) = 0;
};

class Decoding {
public:
    enum class Progress { some, lacking, complete };
    virtual ~Decoding() = default;
    virtual uint32_t streams() const = 0;
    virtual void feed(uint32_t stream, std::span<const uint8_t> bytes) = 0;
    /// No more bytes will come: what lacks is then a CodecError.
    virtual void end() = 0;
    /// Replaces `values` by the next ones, if there are some.
    virtual Progress next(std::vector<int32_t>& values) = 0;
    /// After end(): throws CodecError for bytes that are left over.
    virtual void finish() = 0;
};

/// The codec must outlive them. Throw CodecError for shapes that it does not take.
std::unique_ptr<Encoding> encoding_of_band(const CodecData& codec, const Band& band);
std::unique_ptr<Decoding> decoding_of_band(const CodecData& codec, const Band& band);
/// Throw Error for codecs without such coders.
std::unique_ptr<Encoding> serial_encoding(const CodecData& codec);
std::unique_ptr<Decoding> serial_decoding(const CodecData& codec, uint64_t count);

}  // namespace karhunen::golden
