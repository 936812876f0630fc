// The one interface of all feature-map codecs. Plain C++, no SystemC.
//
// A codec turns one band of a map (rows x width x channels values, given row by row in (column,
// channel) order) into `streams` substreams of bytes and back. What the hardware freezes at
// calibration (matrices, steps, code tables) is an opaque parameter blob of the codec's own, the
// bytes that are loaded into the encoder's and decoder's table memory and counted as traffic.
//
// Errors: malformed blobs and streams throw CodecError; nothing else is thrown, nothing is read or
// written out of bounds, no input makes a decoder run for ever.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/arithmetic/format.h"

namespace karhunen {

class CodecError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct BandShape {
    uint32_t rows = 0, width = 0, channels = 0;
    uint64_t values() const { return uint64_t{rows} * width * channels; }
};

/// What decides the speed of the units around the coders.
struct CodecHardware {
    uint32_t transform_multipliers = 256;  ///< of each PCA unit
    uint32_t raw_values_per_clock = 32;    ///< width of the path without a coder
};

/// Time of one row in a unit, which works on it as a pipeline: a row takes `clocks` of the unit,
/// its result is complete `latency` clocks after that. Where the clocks depend on the values, these
/// are the fewest on average, and row_clocks() tells those of each row.
struct CodecTiming {
    uint64_t clocks = 0;
    uint64_t latency = 0;
};

/// Encodes one band. Rows go in, bytes come out of `output(s)`; the caller may take the bytes away
/// between calls (clear the vector).
class BandEncoder {
public:
    virtual ~BandEncoder() = default;
    /// width*channels values of the stored format (twice that many int16_t for s32).
    virtual void encode_row(std::span<const int16_t> row) = 0;
    /// After the last row: flush what is left, padded to whole stream words.
    virtual void finish() = 0;
    std::vector<uint8_t>& output(uint32_t stream) { return output_[stream]; }
    /// Bits of code so far, without padding.
    uint64_t code_bits() const { return code_bits_; }
    /// The same of one stream, before its bytes are taken away; a codec that does not tell: its
    /// whole bytes.
    virtual uint64_t code_bits_of(uint32_t stream) const {
        return output_.size() == 1 ? code_bits_ : 8 * uint64_t{output_[stream].size()};
    }
    /// Sum of Codec::entropy_bits over the rows so far, at no cost beside the encoding.
    virtual double entropy_bits() const = 0;
    /// Clocks of the latest row (with finish(), if it is the last), given those of
    /// Codec::encode_timing(), which it takes unless its values have a say.
    virtual uint64_t row_clocks(uint64_t usual) const { return usual; }

protected:
    explicit BandEncoder(uint32_t streams) : output_(streams) {}
    std::vector<std::vector<uint8_t>> output_;
    uint64_t code_bits_ = 0;
};

/// Decodes one band. Bytes go in as they arrive, rows come out when they are complete.
class BandDecoder {
public:
    virtual ~BandDecoder() = default;
    virtual void feed(uint32_t stream, std::span<const uint8_t> bytes) = 0;
    /// No more bytes will come. Rows may still be taken.
    virtual void end() = 0;
    /// Next row (width*channels values of the decoded format). False: more bytes are needed first.
    /// After end(), a row that cannot be completed throws CodecError instead.
    virtual bool decode_row(std::span<int16_t> row) = 0;
    /// Bytes of a stream that decoding has used so far, for the values of a row that is not yet
    /// complete too: the room that a FIFO in front of the decoder has got back. After decode_row
    /// has returned false, fewer than 4 bytes of a stream that lacks some are fed but not used.
    virtual uint64_t consumed(uint32_t stream) const = 0;
    /// After the last row: throws CodecError if bytes are left over or padding is not zero.
    virtual void finish() = 0;
    /// Clocks of the latest row that was complete, as BandEncoder::row_clocks().
    virtual uint64_t row_clocks(uint64_t usual) const { return usual; }
};

/// A codec with its parameters. Immutable: bands may be coded in any order and in parallel.
/// Encoders and decoders refer to the codec, which must outlive them.
class Codec {
public:
    virtual ~Codec() = default;
    virtual std::unique_ptr<BandEncoder> encoder(const BandShape& shape,
                                                 uint32_t streams) const = 0;
    virtual std::unique_ptr<BandDecoder> decoder(const BandShape& shape,
                                                 uint32_t streams) const = 0;
    virtual Format stored_format() const = 0;   ///< what the encoder takes
    virtual Format decoded_format() const = 0;  ///< what the decoder gives back
    /// The decoder gives back what the encoder took, whatever it was.
    virtual bool lossless() const { return true; }
    /// Most bytes that one substream of a band can have, whatever the values.
    virtual uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const = 0;
    virtual CodecTiming encode_timing(const BandShape& row, uint32_t streams,
                                      const CodecHardware& hardware) const = 0;
    virtual CodecTiming decode_timing(const BandShape& row, uint32_t streams,
                                      const CodecHardware& hardware) const = 0;
    /// Ideal code length of the row's symbols under the static table: sum of -log2 p, bits. A codec
    /// without a table is its own model of the values: the bits of its code (as if the row, or in
    /// BandEncoder all rows so far, were all).
    virtual double entropy_bits(std::span<const int16_t> row) const = 0;
    /// Bits that a symbol would take in a code of fixed length.
    virtual uint32_t symbol_bits() const { return 8; }
    /// Below 1 where some of a pixel's symbols are left out.
    virtual double symbols_per_value() const { return 1; }
    /// Symbols of the row, counted from 0, for statistics. Empty for codecs without symbols.
    virtual std::vector<int16_t> symbols(std::span<const int16_t> /*row*/) const { return {}; }
};

/// The codec `id` (krhn_codec) with the parameters in `blob`. Those that work before the ReLU take
/// `format` as the format to be stored, and for u8, the format that they decode to, s12; the others
/// code it as it is. Throws CodecError when there is no such codec or the blob is malformed.
std::unique_ptr<Codec> make_codec(uint32_t id, std::span<const uint8_t> blob, Format format);

/// What others have to know of a codec.
struct CodecTraits {
    bool has_table;              ///< parameters that must be loaded
    bool before_relu;            ///< always takes s12 or s8 before ReLU
    uint32_t streams_per_coder;  ///< substreams of a band for each of its serial coders
};
CodecTraits codec_traits(uint32_t id);  ///< throws CodecError when there is no such codec

std::string_view codec_name(uint32_t id);      ///< "transform"; "?" when unknown
uint32_t codec_number(std::string_view name);  ///< throws CodecError naming the known ones
std::vector<std::string_view> codec_names();

/// Sum of -log2 p over what was counted, with p from the same counts (the "oracle" table), bits.
double oracle_entropy_bits(std::span<const uint64_t> counts);

/// A whole band at once, for tests and tools.
std::vector<std::vector<uint8_t>> encode_band(const Codec& codec, const BandShape& shape,
                                              uint32_t streams, std::span<const int16_t> values);
std::vector<int16_t> decode_band(const Codec& codec, const BandShape& shape,
                                 std::span<const std::vector<uint8_t>> streams);

}  // namespace karhunen
