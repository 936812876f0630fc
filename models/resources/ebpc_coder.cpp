#include "models/resources/ebpc_coder.h"

#include <algorithm>

#include "models/resources/bit_packing.h"

namespace karhunen::resources {

namespace {

/// Longest code of a plane: a plane as it is, or five bits and a position.
uint32_t plane_code_bits(const EbpcCoder& p) {
    return std::max(p.block_words, 5 + index_bits(p.block_words - 1));
}

/// A shift register of two words that codes are shifted into: shift_streamer, unpacker.
Inventory streamer(const EbpcCoder& p, uint32_t code_bits) {
    const double bits = 2.0 * p.word_bits;
    return registers(bits) + shifter(bits, code_bits + 1) + counter(index_bits(p.word_bits) + 1) +
           registers(2) + gates(12);
}

double plane_bits(const EbpcCoder& p) {
    return p.block_words - 1;
}
/// Differences have a bit more than words, and so many planes they make.
double planes(const EbpcCoder& p) {
    return p.word_bits + 1;
}
double block_bits(const EbpcCoder& p) {
    return plane_bits(p) * planes(p) + p.word_bits;
}

/// A difference a clock into a shift register.
Inventory difference_block(const EbpcCoder& p) {
    const double word = p.word_bits;
    return gates(2 * word) + adder(word + 1) +  // zero? filled up with zeros
           registers(word + block_bits(p)) + counter(index_bits(p.block_words)) + registers(4) +
           gates(20);
}

/// A copy of the block that moves on by a plane: all of a plane's patterns at once, a code chosen.
Inventory bit_planes(const EbpcCoder& p) {
    const double plane = plane_bits(p);
    const uint32_t code = plane_code_bits(p), index = index_bits(p.word_bits + 2);
    Inventory b = registers(block_bits(p)) + mux(2, block_bits(p));
    b += registers(plane) + gates(1.5 * plane);  // DBX
    b += gates(2 * plane);                       // DBX all, DBP none
    b += gates(3 * plane) + gates(4 * plane);    // leftmost one; alone, with its neighbour
    b += gates(plane * index_bits(p.block_words - 1) / 2);  // its place
    b += counter(index) * 2 + registers(3) + gates(20);
    return b + mux(6, code) + bit_packer(std::max(code, p.word_bits), p.stream_bits);
}

}  // namespace

Inventory ebpc_encoder(const EbpcCoder& p) {
    const Inventory zero_runs = counter(p.zero_run_bits) + adder(p.zero_run_bits) + gates(12) +
                                bit_packer(p.zero_run_bits + 2, p.stream_bits);
    return difference_block(p) + bit_planes(p) + zero_runs;
}

Inventory ebpc_decoder(const EbpcCoder& p) {
    constexpr uint32_t length_bits = 24;
    const double plane = plane_bits(p), word = p.word_bits;
    const uint32_t plane_index = index_bits(p.word_bits + 1);
    Inventory d;
    for (const uint32_t code : {plane_code_bits(p), p.zero_run_bits + 1})
        d += streamer(p, code) + shifter(2 * word, p.word_bits) + gates(2 * word);
    d += registers(plane) + gates(1.5 * plane) + counter(plane_index) + mux(6, plane) + gates(60);
    d += registers(block_bits(p)) + mux(2, block_bits(p)) + registers(2);
    d += registers(block_bits(p)) + mux(2, block_bits(p)) + counter(index_bits(p.block_words));
    d += adder(word + 1) + registers(word);
    d += counter(p.zero_run_bits) + mux(2, word) + registers(word) + gates(40) + registers(6);
    return d + counter(length_bits);
}

}  // namespace karhunen::resources
