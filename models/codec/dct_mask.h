// `dct-mask`, in the style of DCT-CM: a DCT along the channels and a mask of the zeros.
//
// Values are u8, after ReLU. The channels of a pixel form groups of L = 8 or 16, group g of
// channels gL .. gL + L-1; the last group is completed with zeros. Group g goes to substream g mod
// streams, in (row, column, group) order. What a group sends:
//   1. its mask, a bit for each channel that exists, the first one first: is the value not zero?
//   2. unless the mask is zero, its levels; each is a canonical Huffman code:
//      DCT path:    all L coefficients k = 0, 1, .., by table `first` for k = 0, else `rest`
//      bypass path: the values whose mask bit is set, in order, by table `first`
// Bits go from the lowest bit of 16-bit little-endian words on, a code from its most significant
// bit on, the last word filled with zeros. The codes are complete: any bits decode. How codes are
// numbered, what a byte of a model is and the parameter blob are in README.md.
//
// Arithmetic, in int32 (s = step in 1/256, r = round(2^24 / s), >> arithmetic, DCT as in dct.h):
//   DCT path:    q[k] = (y[k] * r + 2^19) >> 20            y'[k] = (q[k] * s + 8) >> 4
//   bypass path: q = max(1, (x * r + 2^15) >> 16)          x' = (q * s + 128) >> 8
// Either way x' is brought into 1..255 where the mask is set and is 0 elsewhere, so the mask is
// that of the reconstruction, too. Tables hold just the levels that can occur: `first` 0..A
// (bypass: 1..A) and `rest` -B..B. A and B are q as above of the largest possible y[0] and y[k]:
// 11540 and 5770 for L = 8, 16320 and 8160 for L = 16; bypass: of x = 255. Calibration takes L = 8,
// which needs fewer bits on ResNet-18.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/codec/codec.h"

namespace karhunen {

struct DctMaskParameters {
    bool dct = false;                  ///< false: bypass path
    uint32_t length = 8;               ///< L
    uint32_t step = 256;               ///< in 1/256 of a step of the values, 256..16384
    std::vector<uint8_t> first, rest;  ///< models of the levels, see SymbolModel; bypass: no rest
};

/// Levels of the tables.
struct DctMaskLevels {
    int16_t first_low, first_high;
    int16_t rest_high;  ///< rest: -rest_high..rest_high; 0: there is no such table
};
DctMaskLevels dct_mask_levels(const DctMaskParameters& p);

/// Values to levels and back, for whole groups, `count` values; zeros have level 0 in the bypass
/// path. What is masked is left to the caller in the DCT path.
void dct_mask_quantise(const DctMaskParameters& p, const int16_t* x, size_t count, int16_t* q);
void dct_mask_dequantise(const DctMaskParameters& p, int16_t* q, size_t count, int16_t* x);

std::vector<uint8_t> dct_mask_blob(const DctMaskParameters& p);
/// Throws CodecError unless `stored` is u8 and the parameters are sound.
std::unique_ptr<Codec> make_dct_mask_codec(const DctMaskParameters& p, Format stored);
std::unique_ptr<Codec> make_dct_mask_codec(std::span<const uint8_t> blob, Format stored);

}  // namespace karhunen
