#include "models/resources/ebpc_coder.h"

#include <algorithm>

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

}  // namespace

Inventory ebpc_encoder(const EbpcCoder& p) {
    const double plane = plane_bits(p), word = p.word_bits;
    const uint32_t plane_index = index_bits(p.word_bits + 1);
    Inventory e = registers(word + 1) + counter(index_bits(p.block_words)) + registers(4);
    e += gates(word) + gates(40);  // zero word; the machine that feeds both coders
    e += registers(word) + adder(word + 1) + registers(p.block_words * (word + 1));
    e += counter(index_bits(p.block_words)) + registers(2);
    e += registers(block_bits(p) + 1);
    e += mux(p.word_bits + 1, plane) + mux(p.word_bits, plane);  // plane, and the one above it
    e += gates(1.5 * plane);                                     // DBX
    e += gates(3 * plane + 4 * plane + 20);  // none, all; one, two adjacent; where
    e += counter(plane_index) * 2 + registers(3);
    e += mux(6, plane_code_bits(p));
    e += streamer(p, plane_code_bits(p)) + registers(word + 1);
    e += counter(p.zero_run_bits) + gates(12) + streamer(p, p.zero_run_bits + 1) + registers(word);
    return e;
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
