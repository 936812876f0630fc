// `zvc`, `zrle` and `ebpc` for bands of maps of 8-bit values, rectified (u8) or signed (s8), as
// they are. Coder g of n takes channels c = g modulo n: row by row, in a row channel by channel,
// all its columns. A coder's streams lie side by side: substream g, but for ebpc 2g (ZNZ) and 2g +
// 1 (BPC).
#pragma once

#include "models/codec/codec.h"

namespace karhunen {

/// Throw CodecError for other formats. The words of each coder, which ebpc's decoder is told,
/// follow from the shape of the band.
std::unique_ptr<Codec> make_zvc_codec(Format format);
std::unique_ptr<Codec> make_zrle_codec(Format format);
std::unique_ptr<Codec> make_ebpc_codec(Format format);

}  // namespace karhunen
