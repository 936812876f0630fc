#include "platform/cosimulation/positions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "models/codec/bit_planes.h"
#include "models/codec/symbol_codec.h"
#include "models/codec/zero_runs.h"

namespace karhunen::rtl {

namespace {

constexpr uint32_t run_bits = 5;  // of the code of a run in ZNZ

}  // namespace

BandPosition position_by_pixel(const BandShape& shape, uint32_t coders, uint32_t coder,
                               size_t index) {
    const size_t of_pixel = channels_of(coder, shape.channels, coders);
    const size_t pixel = index / of_pixel;
    return {static_cast<uint32_t>(pixel / shape.width), static_cast<uint32_t>(pixel % shape.width),
            static_cast<uint32_t>(coder + coders * (index % of_pixel))};
}

BandPosition position_by_channel(const BandShape& shape, uint32_t coders, uint32_t coder,
                                 size_t index) {
    const size_t lines = channels_of(coder, shape.channels, coders);
    const size_t line = index / shape.width;
    return {static_cast<uint32_t>(line / lines), static_cast<uint32_t>(index % shape.width),
            static_cast<uint32_t>(coder + coders * (line % lines))};
}

size_t symbol_at_bit(const HuffmanCode& code, std::span<const int16_t> symbols, uint64_t bit) {
    uint64_t end = 0;
    for (size_t i = 0; i < symbols.size(); ++i) {
        end += code.model(static_cast<uint32_t>(symbols[i] - code.low())).length;
        if (bit < end) return i;
    }
    return symbols.size();
}

size_t word_at_znz_bit(std::span<const uint8_t> words, uint64_t bit) {
    uint64_t end = 0;
    for (size_t i = 0; i < words.size();) {
        size_t next = i + 1;
        if (words[i] == 0)
            while (next < words.size() && next - i < longest_zero_run && words[next] == 0) ++next;
        end += words[i] == 0 ? run_bits : 1;
        if (bit < end) return i;
        i = next;
    }
    return words.size();
}

size_t word_at_bpc_bit(std::span<const uint8_t> words, uint64_t bit) {
    BitWriter writer;
    std::array<uint8_t, 32> scratch;
    uint64_t stalls = 0;
    std::vector<size_t> block;  // places of its words
    for (size_t i = 0; i <= words.size(); ++i) {
        const bool end = i == words.size();
        if (!end && words[i] != 0) block.push_back(i);
        if (block.empty() || (block.size() < bpc_block && !end)) continue;
        uint64_t bytes = 0;
        for (size_t w = 0; w < block.size(); ++w) bytes |= uint64_t{words[block[w]]} << 8 * w;
        encode_bpc_block(writer, scratch.data(), bytes, stalls);
        if (bit < writer.total()) return block[0];
        block.clear();
    }
    return words.size();
}

}  // namespace karhunen::rtl
