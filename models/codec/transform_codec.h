// PCA + quantiser + Huffman (Chmiel et al.). The arithmetic is models/arithmetic/transform.h; the
// Huffman code has one table for all components. All C of them are coded, or the first K alone.
#pragma once

#include "models/arithmetic/transform.h"
#include "models/codec/codec.h"

namespace karhunen {

/// model: high-low+1 bytes, see SymbolModel in huffman.h. Of folded parameters, the first
/// folded_encoder_bytes() are those that an encoder needs, and a blob of their own.
std::vector<uint8_t> transform_blob(const TransformParameters& p, std::span<const uint8_t> model);
size_t folded_encoder_bytes(std::span<const uint8_t> blob);  ///< 0: not folded

/// Of a blob whose layout is sound; what the parameters say is checked by who uses them.
struct TransformBlob {
    TransformParameters parameters;
    std::span<const uint8_t> model;
};
TransformBlob read_transform_blob(std::span<const uint8_t> blob);  ///< throws CodecError
/// Throws CodecError unless the arithmetic stays within its bounds.
void check_transform(const TransformParameters& p);

/// `stored`: s12, or s8 for an encoder with 8-bit input.
std::unique_ptr<Codec> make_transform_codec(TransformParameters p, std::span<const uint8_t> model,
                                            Format stored);
std::unique_ptr<Codec> make_transform_codec(std::span<const uint8_t> blob, Format stored);

inline constexpr uint32_t transform_max_channels = 512;
inline constexpr int64_t transform_max_offset = 1ll << 30;  ///< |offset|

}  // namespace karhunen
