// Parameters and maps for the codec tests, and a bit-by-bit model of the stream format.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "models/arithmetic/transform.h"
#include "models/codec/codec.h"
#include "models/codec/dct_mask.h"
#include "models/codec/vlc.h"

namespace karhunen::samples {

/// Model bytes of a complete code of `symbols` symbols, skewed so that lengths differ.
std::vector<uint8_t> model(uint32_t symbols, std::mt19937& random);
/// components 0: as many as channels
TransformParameters transform(uint32_t channels, int32_t low, int32_t high, std::mt19937& random,
                              uint32_t components = 0);
VlcParameters vlc(int16_t low, int16_t high, std::mt19937& random);
DctMaskParameters dct_mask(bool dct, uint32_t length, uint32_t step, std::mt19937& random);

enum class Values { zero, lowest, highest, random, small };
std::vector<int16_t> map(size_t values, Values kind, std::mt19937& random);
/// Of values 0..255, the given share is not zero.
std::vector<int16_t> rectified(size_t values, unsigned percent_nonzero, std::mt19937& random);

/// The code of each symbol as characters '0' and '1', first bit first, from its lengths alone:
/// counting upwards through all codes in canonical order.
std::vector<std::string> canonical_codes(const std::vector<uint8_t>& model);

/// Substreams of a band of symbols (counted from 0): codes one after the other, the first bit in
/// the lowest place of the first byte, filled up with zeros to 16 bits.
std::vector<std::vector<uint8_t>> packed(const std::vector<std::string>& codes,
                                         const std::vector<uint32_t>& symbols, uint32_t channels,
                                         uint32_t streams);

/// Decodes with the bytes arriving in pieces of 1 to `most` bytes, in turn over the substreams.
std::vector<int16_t> decode_in_pieces(const Codec& codec, const BandShape& shape,
                                      const std::vector<std::vector<uint8_t>>& streams,
                                      uint32_t most, std::mt19937& random);

}  // namespace karhunen::samples
