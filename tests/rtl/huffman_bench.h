// huffman_encoder.sv with its table loaded from a code.
#pragma once

#include "models/codec/huffman.h"
#include "tests/rtl/bench.h"

namespace karhunen::rtl {

/// Symbols of the RTL are the code's values modulo the size of its table.
inline uint32_t place_in_table(int32_t value, uint32_t symbol_bits) {
    return static_cast<uint32_t>(value) & ((1u << symbol_bits) - 1);
}

template <typename Block>
void load(Bench<Block>& bench, const HuffmanCode& code, uint32_t symbol_bits) {
    for (uint32_t s = 0; s < code.symbols(); ++s) {
        bench->load_valid = 1;
        bench->load_symbol = place_in_table(code.low() + static_cast<int32_t>(s), symbol_bits);
        bench->load_code = code.code(s);
        bench->load_length = code.model(s).length;
        bench.tick();
    }
    bench->load_valid = 0;
}

struct HuffmanRun {
    std::vector<std::vector<uint64_t>> streams;
    uint64_t clocks = 0;
};

/// Streams one right behind the other.
template <typename Block>
HuffmanRun encode(Bench<Block>& bench, const std::vector<std::vector<int16_t>>& streams,
                  uint32_t symbol_bits, Stalls stalls) {
    Block& b = *bench;
    std::vector<int16_t> symbols;
    std::vector<bool> last;
    for (const std::vector<int16_t>& stream : streams) {
        symbols.insert(symbols.end(), stream.begin(), stream.end());
        last.resize(symbols.size());
        last.back() = true;
    }
    const Source source{b.in_valid, b.in_ready, symbols.size(), [&](size_t i) {
                            b.in_symbol = place_in_table(symbols[i], symbol_bits);
                            b.in_last = last[i];
                        }};
    Sink sink{b.out_valid, b.out_ready, [&] { return uint64_t{b.out_word}; }, b.out_last};
    sink.wanted = streams.size();
    const uint64_t clocks = bench.run(source, {&sink}, stalls);
    return {sink.streams, clocks};
}

}  // namespace karhunen::rtl
