// Coders without tables: the path for raw values, zero-value compression, zero run length.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

/// `values` of 8 bits per clock between rows and the streams' words: a rotator of bytes and a
/// register on each side. Alike in both directions.
Inventory raw_path(uint32_t values_per_clock);

/// Per coder a block of 32 values that waits for its mask, and bytes into words; the decoder keeps
/// the mask and takes a byte per set bit.
Inventory zvc_encoder(uint32_t streams);
Inventory zvc_decoder(uint32_t streams);

/// Per coder a counter of zeros and a packer for codes of 5 or 9 bits (models/codec/zrle.h).
Inventory zrle_encoder(uint32_t streams);
Inventory zrle_decoder(uint32_t streams);

}  // namespace karhunen::resources
