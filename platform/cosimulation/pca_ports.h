// The tables and inputs of pca_unit.sv.
#pragma once

#include "models/arithmetic/transform.h"
#include "platform/cosimulation/handshake.h"

namespace karhunen::rtl {

struct PcaShape {
    uint32_t multipliers, channels, input_bits;
};
inline constexpr uint32_t pca_symbol_bits = 12;

/// Of a vector of so many channels.
inline uint32_t words_of(uint32_t channels, const PcaShape& unit) {
    return (channels + unit.multipliers - 1) / unit.multipliers;
}

enum PcaTable : CData { matrix_table, mean_table, scale_table };

template <typename Block>
void load_word(Bench<Block>& bench, PcaTable table, uint32_t address) {
    bench->load_valid = 1;
    bench->load_table = table;
    bench->load_address = address;
    bench.tick();
    bench->load_valid = 0;
}

/// Lanes beyond the channels get weight 0.
template <typename Block>
void load_pca_unit(Bench<Block>& bench, const TransformParameters& p, const PcaShape& unit) {
    const uint32_t words = words_of(p.channels, unit);
    for (uint32_t k = 0; k < p.components; ++k)
        for (uint32_t w = 0; w < words; ++w) {
            for (uint32_t lane = 0; lane < unit.multipliers; ++lane) {
                const uint32_t c = w * unit.multipliers + lane;
                const int weight = c < p.channels ? p.matrix[size_t{k} * p.channels + c] : 0;
                set_bits(bench->load_data, 8 * lane, 8, static_cast<uint64_t>(weight));
            }
            load_word(bench, matrix_table, k * words + w);
        }
    for (uint32_t c = 0; c < p.channels; ++c) {
        const uint32_t lane = c % unit.multipliers;
        set_bits(bench->load_data, unit.input_bits * lane, unit.input_bits,
                 static_cast<uint64_t>(p.mean[c]));
        if (lane + 1 == unit.multipliers || c + 1 == p.channels)
            load_word(bench, mean_table, c / unit.multipliers);
    }
    for (uint32_t k = 0; k < p.components; ++k) {
        set_bits(bench->load_data, 0, 31, static_cast<uint64_t>(p.forward[k]));
        load_word(bench, scale_table, k);
    }
    bench->last_word = words - 1;
    bench->last_component = p.components - 1;
    bench->shift = p.forward_shift;
    set_bits(bench->low, 0, pca_symbol_bits, static_cast<uint64_t>(p.low));
    set_bits(bench->high, 0, pca_symbol_bits, static_cast<uint64_t>(p.high));
}

/// Beat number `beat` of whole vectors, which have words_of() beats each.
template <typename Block>
void put_values(Block& block, uint32_t channels, const PcaShape& unit, const int16_t* vectors,
                size_t beat) {
    const uint32_t words = words_of(channels, unit);
    for (uint32_t lane = 0; lane < unit.multipliers; ++lane) {
        const size_t c = beat % words * unit.multipliers + lane;
        const int value = c < channels ? vectors[beat / words * channels + c] : 0;
        set_bits(block.in_values, lane * unit.input_bits, unit.input_bits,
                 static_cast<uint64_t>(value));
    }
}

}  // namespace karhunen::rtl
