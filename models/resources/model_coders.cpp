#include "models/resources/model_coders.h"

#include "models/resources/huffman_coder.h"
#include "models/resources/pca_unit.h"

namespace karhunen::resources {

namespace {

constexpr uint32_t value_bits = 8, state_bits = 32, tokens = 21, frequency_bits = 11,
                   contexts = 1024, sum_bits = 18, dct_bits = 16;

/// Prediction and context of a value: the same both ways.
Inventory predictor(const ContextCoder& p) {
    const uint32_t parameter_bits = 4 * 8 + 16 + 8;
    Inventory u = memory((p.channels + p.streams - 1) / p.streams, parameter_bits);
    u += multiplier(value_bits + 1, 8, 4) + adder_tree(4, value_bits + 9, true) + counter(sum_bits);
    u += multiplier(sum_bits, 9) + multiplier(10, 9) + adder(2 * sum_bits);
    u += adder(6 * value_bits) + adder(3 * 8);        // |W - NW| and so on; activity
    u += adder(4 * value_bits) + mux(4, value_bits);  // value to number or back
    u += gates(2 * tokens) + registers(12 * 40);      // tokens; 12 stages of some 40 bits
    return u + memory(contexts, index_bits(p.tables)) +
           memory(p.tables, uint64_t{tokens} * frequency_bits);
}

Inventory line_buffer(const ContextCoder& p) {
    Inventory buffer;
    buffer.memories.push_back(Memory::of_bytes(p.line_bytes, uint64_t{value_bits} * p.streams));
    return buffer;
}

}  // namespace

Inventory context_encoder(const ContextCoder& p) {
    Inventory u = predictor(p) + rescaler(12, value_bits);
    u += memory(2 * p.block_values, 15) + memory(p.block_values, 16);
    u += memory(2048, state_bits) + multiplier(state_bits, state_bits) +  // x / f
         multiplier(frequency_bits, 21);                                  // x mod f
    u += adder(3 * state_bits) + registers(4 * state_bits) + shifter(state_bits, 8) +
         mux(2, state_bits) + mux(tokens, 2 * frequency_bits) + gates(60) +
         counter(2 * index_bits(p.block_values));
    return line_buffer(p) + u * p.streams;
}

Inventory context_decoder(const ContextCoder& p) {
    Inventory u = predictor(p) + rescaler(value_bits, value_bits);
    u += adder(double{tokens - 1} * frequency_bits) + mux(tokens, 2 * frequency_bits);
    u += multiplier(frequency_bits, 21) + adder(2 * state_bits) + registers(4 * state_bits) +
         shifter(state_bits, 8) + mux(2, state_bits) + gates(60) +
         counter(index_bits(p.block_values));
    return line_buffer(p) + u * p.streams;
}

namespace {

/// A value per clock goes into all sums, which are then shifted out.
Inventory dct_lane(const DctMaskCoder& p) {
    const double sums = double{24} * p.length;
    return multiplier(dct_bits, dct_bits, p.length) + adder(sums) + registers(2 * sums) +
           mux(2, sums) + memory(p.length, uint64_t{p.length} * dct_bits) +
           registers(2.0 * p.length) + mux(p.length, 2) + gates(40);  // mask
}

HuffmanCoder two_tables(const DctMaskCoder& p) {
    return {.symbol_bits = p.symbol_bits + 1, .streams = p.streams};
}

}  // namespace

Inventory dct_mask_encoder(const DctMaskCoder& p) {
    return dct_lane(p) * p.streams + quantiser(24, 12, p.streams) + huffman_encoder(two_tables(p));
}

Inventory dct_mask_decoder(const DctMaskCoder& p) {
    return dct_lane(p) * p.streams + quantiser(12, 16, p.streams) + huffman_decoder(two_tables(p));
}

}  // namespace karhunen::resources
