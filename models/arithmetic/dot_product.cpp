#include "models/arithmetic/dot_product.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "models/arithmetic/lanes.h"

namespace karhunen {

namespace {

constexpr uint32_t block_columns = 16;
constexpr uint32_t panel_columns = panel_blocks * block_columns;
constexpr int vectors_per_block = block_columns / lanes_per_vector;

constexpr int most_rows(int blocks) {
    return std::min(accumulators / (blocks * vectors_per_block), 8);
}

/// One tile: `rows` pixels times `blocks` blocks of columns, all of the reduction in registers.
struct Tile {
    const PatchView* patches;
    const uint32_t* offsets;
    const PackedWeights::Block* weights;
    int32_t* sums;
    uint32_t sums_stride;
    uint32_t columns;  ///< at most blocks * 16
};

template <int rows, int blocks>
void multiply_tile(const Tile& tile) {
    constexpr int vectors = blocks * vectors_per_block;
    Lanes sums[rows][vectors];
    for (auto& row : sums)
        for (Lanes& v : row) v = broadcast(0);

    const PatchView& patches = *tile.patches;
    const uint32_t pairs = (patches.run + 1) / 2;
    const auto* weights = reinterpret_cast<const Lanes*>(tile.weights);
    for (uint32_t ky = 0; ky < patches.kernel_rows; ++ky) {
        const int16_t* values[rows];
        for (int r = 0; r < rows; ++r)
            values[r] = patches.values + tile.offsets[r] + ky * patches.pitch;
        for (uint32_t i = 0; i < pairs; ++i, weights += vectors) {
            Lanes w[vectors];
            for (int v = 0; v < vectors; ++v) w[v] = load(weights + v);
            for (int r = 0; r < rows; ++r) {
                int32_t pair;
                std::memcpy(&pair, values[r] + 2 * i, sizeof pair);
                const Lanes x = broadcast(pair);
                for (int v = 0; v < vectors; ++v)
                    sums[r][v] = add_pair_products(sums[r][v], x, w[v]);
            }
        }
    }

    for (int r = 0; r < rows; ++r) {
        int32_t* to = tile.sums + size_t{tile.sums_stride} * r;
        if (tile.columns == blocks * block_columns) {
            for (int v = 0; v < vectors; ++v) store(to + v * lanes_per_vector, sums[r][v]);
        } else {
            std::memcpy(to, sums[r], tile.columns * sizeof(int32_t));
        }
    }
}

using TileFunction = void (*)(const Tile&);

template <int blocks, int... rows>
constexpr auto functions_of(std::integer_sequence<int, rows...>) {
    std::array<TileFunction, 9> table{};
    ((table[rows + 1] = multiply_tile<rows + 1, blocks>), ...);
    return table;
}

template <int... blocks>
constexpr auto all_functions(std::integer_sequence<int, blocks...>) {
    // The type in full: for one block, deduction would take the inner array for the outer.
    return std::array<std::array<TileFunction, 9>, sizeof...(blocks)>{
        functions_of<blocks + 1>(std::make_integer_sequence<int, most_rows(blocks + 1)>())...};
}

inline void interleave(const int8_t* even, const int8_t* odd, size_t stride, uint32_t wide,
                       PackedWeights::Block& block) {
    for (uint32_t j = 0; j < wide; ++j) {
        block.pairs[j][0] = even[j * stride];
        if (odd) block.pairs[j][1] = odd[j * stride];
    }
}

/// [blocks - 1][rows]
constexpr auto tile_functions = all_functions(std::make_integer_sequence<int, panel_blocks>());

}  // namespace

PackedWeights::PackedWeights(const int8_t* weights, uint32_t reduction, uint32_t columns,
                             size_t row_stride, size_t column_stride)
    : reduction_(reduction), columns_(columns) {
    const uint32_t pairs = (reduction + 1) / 2;
    blocks_.resize(size_t{pairs} * ((columns + block_columns - 1) / block_columns));
    Block* block = blocks_.data();
    for (uint32_t first = 0; first < columns; first += panel_columns) {
        const uint32_t end = std::min(first + panel_columns, columns);
        for (uint32_t pair = 0; pair < pairs; ++pair)
            for (uint32_t j = first; j < end; j += block_columns, ++block) {
                const int8_t* even = weights + 2 * pair * row_stride + j * column_stride;
                const int8_t* odd = 2 * pair + 1 < reduction ? even + row_stride : nullptr;
                const uint32_t wide = std::min(block_columns, end - j);
                if (column_stride == 1 && odd && wide == block_columns)
                    interleave(even, odd, 1, block_columns, *block);  // constants: vectorises
                else
                    interleave(even, odd, column_stride, wide, *block);
            }
    }
}

void dot_products(const PatchView& patches, const PackedWeights& weights, int32_t* sums,
                  uint32_t stride) {
    if (stride == 0) stride = weights.columns();
    assert(patches.kernel_rows * patches.run == weights.reduction());
    const uint32_t pairs = (weights.reduction() + 1) / 2;
    const PackedWeights::Block* panel = weights.data();
    for (uint32_t first = 0; first < weights.columns(); first += panel_columns) {
        const uint32_t columns = std::min(panel_columns, weights.columns() - first);
        const uint32_t blocks = (columns + block_columns - 1) / block_columns;
        // Tiles of nearly equal height: a short last tile would leave the multipliers idle.
        const uint32_t tiles = (patches.pixels + most_rows(blocks) - 1) / most_rows(blocks);
        for (uint32_t t = 0; t < tiles; ++t) {
            const auto begin = static_cast<uint32_t>(uint64_t{patches.pixels} * t / tiles);
            const auto end = static_cast<uint32_t>(uint64_t{patches.pixels} * (t + 1) / tiles);
            const Tile tile{&patches, patches.offsets + begin,
                            panel,    sums + size_t{begin} * stride + first,
                            stride,   columns};
            tile_functions[blocks - 1][end - begin](tile);
        }
        panel += size_t{pairs} * blocks;
    }
}

}  // namespace karhunen
