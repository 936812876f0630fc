// What passes between the parts of an encoder or decoder: see README.md, "Inside".
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/codec/codec.h"
#include "platform/vectors/vector_case.h"

namespace karhunen::vectors {

/// symbols<s> and huffman_codes of vlc and transform, pca_... of transform, words<g> of ebpc;
/// nothing for other codecs. rows: of the stored format in an encoder, of the decoded one in a
/// decoder.
std::vector<VectorFile> inside_of(const Codec& codec, const BandShape& shape,
                                  std::span<const int16_t> rows,
                                  std::span<const std::vector<uint8_t>> streams, bool decoded,
                                  uint32_t codec_number);

}  // namespace karhunen::vectors
