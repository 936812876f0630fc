// What `vlc` and `transform` share: values become symbols row by row, symbols are Huffman coded
// into substreams (channel mod streams) that are read and written as little-endian 16-bit words.
// Where a pixel has fewer symbols than channels (components), these take the part of channels.
#pragma once

#include <bit>

#include "models/arithmetic/transform.h"
#include "models/codec/codec.h"
#include "models/codec/huffman.h"

namespace karhunen {

class SymbolCodec : public Codec {
public:
    SymbolCodec(HuffmanCode code, Format stored) : code_(std::move(code)), stored_(stored) {}

    std::unique_ptr<BandEncoder> encoder(const BandShape& shape, uint32_t streams) const override;
    std::unique_ptr<BandDecoder> decoder(const BandShape& shape, uint32_t streams) const override;
    Format stored_format() const override { return stored_; }
    Format decoded_format() const override { return Format::u8; }
    bool lossless() const override { return false; }
    uint64_t worst_case_bytes(const BandShape& shape, uint32_t streams) const override;
    double entropy_bits(std::span<const int16_t> row) const override;
    uint32_t symbol_bits() const override {
        return static_cast<uint32_t>(std::bit_width(code_.symbols() - 1));
    }
    std::vector<int16_t> symbols(std::span<const int16_t> row) const override;

    const HuffmanCode& code() const { return code_; }
    /// What the symbols are made with, where a transform is.
    virtual const TransformParameters* transform() const { return nullptr; }
    /// Values of the stored format to symbols low..high, and symbols to decoded values. Both take
    /// whole vectors of all channels.
    virtual void quantise(std::span<const int16_t> row, int16_t* symbols) const = 0;
    virtual void reconstruct(std::span<const int16_t> symbols, int16_t* row) const = 0;
    /// Throws CodecError unless maps of so many channels fit the parameters.
    virtual void check_channels(uint32_t channels) const = 0;
    /// Symbols of so many values (whole vectors).
    virtual size_t symbols_of(size_t values) const { return values; }

    /// The band, with symbols for values.
    BandShape symbol_shape(const BandShape& band) const {
        return {band.rows, band.width, static_cast<uint32_t>(symbols_of(band.channels))};
    }

private:
    HuffmanCode code_;
    Format stored_;
};

/// How many of `channels` belong to substream `s`.
uint32_t channels_of(uint32_t s, uint32_t channels, uint32_t streams);

/// Clocks of a row at one symbol per clock in each substream.
uint64_t coder_clocks(const BandShape& row, uint32_t streams);
/// Pipeline registers of a coder: table look-up, and packing or unpacking of a word.
inline constexpr uint64_t coder_latency = 2;

/// Throws CodecError for shapes and stream counts that no band can have.
void check_band(const BandShape& shape, uint32_t streams);

}  // namespace karhunen
