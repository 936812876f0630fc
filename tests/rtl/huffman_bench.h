// Streams through huffman_encoder.sv; codes to try.
#pragma once

#include "platform/cosimulation/huffman_ports.h"
#include "tests/rtl/bench.h"

namespace karhunen::rtl {

/// A code of so many symbols, none longer than `longest`: the steeper the counts, the longer.
inline HuffmanCode random_code(uint32_t symbols, uint32_t longest, int16_t low,
                               std::mt19937& random) {
    for (uint32_t steepness = 1 + random() % 24;; --steepness) {
        std::vector<uint64_t> counts(symbols);
        for (uint64_t& n : counts) n = uint64_t{1} << random() % steepness;
        HuffmanCode code(model_bytes(counts), low);
        if (code.longest() <= longest) return code;
    }
}

/// Codes of 1, 2, .. 15 and 15 bits.
inline HuffmanCode all_lengths() {
    std::vector<uint8_t> model;
    for (uint8_t length = 1; length <= 15; ++length) model.push_back(length);
    model.push_back(15);
    return HuffmanCode(model, 0);
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
