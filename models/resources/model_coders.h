// Coders that predict or transform in the stream: `context` and `dct-mask`.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

/// models/codec/context.h and rans.h.
struct ContextCoder {
    uint32_t streams = 4;
    uint32_t channels = 512;     ///< most of a map: 56 bits each (weights, bias, class)
    uint32_t line_bytes = 8192;  ///< a row of the map, all channels, which prediction looks back to
    uint32_t tables = 32;        ///< of 21 thresholds each
    uint32_t block_values = 1024;
};

/// Shared line buffer; per stream predictor (four products and one by the reciprocal of the
/// deviation), context map, tables, quantiser; rANS: a division by a reciprocal from a ROM of
/// 2048 x 32 bits, and two blocks that wait to be coded backwards.
Inventory context_encoder(const ContextCoder& p);
/// The decoder needs 20 comparisons, one product of 11 x 21 bits, and no block.
Inventory context_decoder(const ContextCoder& p);

/// models/codec/dct_mask.h and dct.h: groups of `length` channels.
struct DctMaskCoder {
    uint32_t streams = 4;
    uint32_t length = 8;
    uint32_t symbol_bits = 11;
};

/// Per stream `length` multipliers of 16 bits with sums, quantiser, mask, Huffman coder with two
/// tables.
Inventory dct_mask_encoder(const DctMaskCoder& p);
Inventory dct_mask_decoder(const DctMaskCoder& p);

}  // namespace karhunen::resources
