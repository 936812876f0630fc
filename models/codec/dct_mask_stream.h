// Bands of `dct-mask` (dct_mask.h): groups to substreams and back.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"
#include "models/codec/huffman.h"

namespace karhunen {

/// One of the tables of levels, laid out for coders.
class LevelTable {
public:
    LevelTable(const std::vector<uint8_t>& model, int16_t low);

    /// code | length << 16 | information << 24 of a level.
    const uint32_t* of_level() const { return entries_.data() + zero_; }
    /// By the next `window_bits` or 15 bits: symbol | length << 11. Windows of longer codes: 0.
    static constexpr unsigned window_bits = 12;
    const uint16_t* windows() const { return windows_.data(); }
    const uint16_t* all() const { return all_.data(); }
    int16_t low() const { return low_; }
    unsigned longest() const { return longest_; }

private:
    std::vector<uint32_t> entries_;  ///< level 0 has one, empty if it has no code
    ptrdiff_t zero_;                 ///< where level 0 is
    std::vector<uint16_t> windows_, all_;
    int16_t low_;
    unsigned longest_;
};

/// Parameters with their tables. Throws CodecError for codes that are not complete.
struct DctMaskCode {
    explicit DctMaskCode(const DctMaskParameters& p);

    DctMaskParameters parameters;
    LevelTable first;
    std::optional<LevelTable> rest;  ///< DCT path
};

/// How the groups of a row lie: pixel by pixel, `groups` each.
struct DctMaskLayout {
    DctMaskLayout(const BandShape& shape, uint32_t length)
        : width(shape.width),
          channels(shape.channels),
          length(length),
          groups(static_cast<uint32_t>((uint64_t{shape.channels} + length - 1) / length)),
          padded(size_t{width} * groups * length) {}
    /// Bits of the mask.
    uint32_t values_of(uint32_t group) const { return std::min(length, channels - group * length); }
    bool is_full() const { return channels % length == 0; }

    uint32_t width, channels, length, groups;
    size_t padded;  ///< values of a row with those that complete groups
};

/// The code must outlive them.
std::unique_ptr<BandEncoder> make_dct_mask_encoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams);
std::unique_ptr<BandDecoder> make_dct_mask_decoder(const DctMaskCode& code, const BandShape& shape,
                                                   uint32_t streams);

}  // namespace karhunen
