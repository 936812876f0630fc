// Values as they are: 1 byte (u8, s8), 2 (s12) or 4 (s32), little-endian, without padding.
#pragma once

#include "models/codec/codec.h"

namespace karhunen {

std::unique_ptr<Codec> make_raw_codec(Format format);

}  // namespace karhunen
