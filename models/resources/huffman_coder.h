// Serial Huffman coders (models/codec/huffman.h), one per stream.
#pragma once

#include "models/resources/inventory.h"

namespace karhunen::resources {

struct HuffmanCoder {
    uint32_t symbol_bits = 11;
    uint32_t code_bits = 15;  ///< longest code
    uint32_t word_bits = 16;
    uint32_t streams = 4;
};

/// Per stream a table of code and length in block RAM, and a packer.
Inventory huffman_encoder(const HuffmanCoder& p);

/// Per stream: the code is canonical, so its length is that of the first of `code_bits` comparisons
/// with a limit that holds; from there one addition leads to the symbol's place in a table. An
/// unpacker before it.
Inventory huffman_decoder(const HuffmanCoder& p);

}  // namespace karhunen::resources
