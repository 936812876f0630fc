#include "models/resources/huffman_coder.h"

#include "models/resources/bit_packing.h"

namespace karhunen::resources {

Inventory huffman_encoder(const HuffmanCoder& p) {
    const uint32_t length_bits = index_bits(p.code_bits + 1);
    const Inventory stream = memory(uint64_t{1} << p.symbol_bits, p.code_bits + length_bits) +
                             registers(2) + gates(4) + bit_packer(p.code_bits, p.word_bits);
    return stream * p.streams;
}

Inventory huffman_decoder(const HuffmanCoder& p) {
    const double lengths = p.code_bits;
    const Inventory stream =
        bit_unpacker(p.code_bits, p.word_bits) + registers(lengths * p.code_bits) +
        adder(lengths * p.code_bits) +                                          // limits
        registers(lengths * p.symbol_bits) + mux(p.code_bits, p.symbol_bits) +  // offsets
        gates(3 * lengths) + adder(p.symbol_bits) + registers(p.symbol_bits) +
        memory(uint64_t{1} << p.symbol_bits, p.symbol_bits) + registers(p.code_bits);
    return stream * p.streams;
}

}  // namespace karhunen::resources
