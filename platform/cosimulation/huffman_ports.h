// The tables of huffman_encoder.sv and huffman_decoder.sv, loaded from a code.
#pragma once

#include <array>
#include <vector>

#include "models/codec/huffman.h"
#include "platform/cosimulation/handshake.h"

namespace karhunen::rtl {

/// Symbols of the RTL are the code's values modulo the size of its table.
inline uint32_t place_in_table(int32_t value, uint32_t symbol_bits) {
    return static_cast<uint32_t>(value) & ((1u << symbol_bits) - 1);
}

template <typename Block>
void load_encoder(Bench<Block>& bench, const HuffmanCode& code, uint32_t symbol_bits) {
    bench->load_valid = 1;
    for (uint32_t s = 0; s < code.symbols(); ++s) {
        bench->load_symbol = place_in_table(code.low() + static_cast<int32_t>(s), symbol_bits);
        bench->load_code = code.code(s);
        bench->load_length = code.model(s).length;
        bench.tick();
    }
    bench->load_valid = 0;
}

/// A canonical code as its decoder wants it: symbols by rank; for each length what is above its
/// codes, filled up to the longest, and what makes a rank of a code.
template <typename Block>
void load_decoder(Bench<Block>& bench, const HuffmanCode& code, uint32_t symbol_bits,
                  uint32_t code_bits) {
    std::array<std::vector<uint32_t>, HuffmanCode::max_length + 1> of_length;
    for (uint32_t s = 0; s < code.symbols(); ++s) of_length[code.model(s).length].push_back(s);
    bench->load_valid = 1;
    uint32_t next_code = 0, rank = 0;
    for (uint32_t length = 1; length <= code_bits; ++length) {
        next_code <<= 1;
        bench->load_table = 1;
        bench->load_address = length;
        bench->load_base = (rank - next_code) & ((1u << symbol_bits) - 1);
        next_code += static_cast<uint32_t>(of_length[length].size());
        bench->load_limit = next_code << (code_bits - length);
        bench.tick();
        bench->load_table = 0;
        for (const uint32_t s : of_length[length]) {
            bench->load_address = rank++;
            bench->load_symbol = place_in_table(code.low() + static_cast<int32_t>(s), symbol_bits);
            bench.tick();
        }
    }
    bench->load_valid = 0;
}

}  // namespace karhunen::rtl
