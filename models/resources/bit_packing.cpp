#include "models/resources/bit_packing.h"

namespace karhunen::resources {

Inventory bit_packer(uint32_t code_bits, uint32_t word_bits) {
    const uint32_t stages = index_bits(word_bits);
    Inventory p;
    // Stage i shifts by 2^i: the code grows by as much.
    for (uint32_t i = 0; i < stages; ++i) p += mux(2, code_bits + (2u << i) - 1);
    const double rest = word_bits - 1.0;
    p += gates(rest);                             // OR
    p += mux(2, rest);                            // what stays: above a full word, or below
    p += registers(rest) + registers(word_bits);  // what waits; the word
    p += counter(stages + 1.0);                   // bits that wait
    return p + registers(4) + gates(16);          // end of the stream, handshake
}

Inventory bit_unpacker(uint32_t code_bits, uint32_t word_bits) {
    const uint32_t stages = index_bits(word_bits);
    Inventory p = shifter(2.0 * word_bits, code_bits + 1);  // what was read leaves
    for (uint32_t i = 0; i < stages; ++i)                   // the next word joins
        p += mux(2, word_bits + (2u << i) - 1);
    p += gates(2.0 * word_bits) + registers(2.0 * word_bits);
    p += counter(stages + 1.0) + adder(stages + 1.0);
    return p + registers(4) + gates(16);
}

}  // namespace karhunen::resources
