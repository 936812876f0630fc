// A band of a stored map as its coders see it, from the golden executor.
#pragma once

#include <string>
#include <vector>

#include "sw/golden/executor.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

struct GoldenTile {
    BandShape shape;
    uint32_t first_row = 0, coders = 0;
    /// Symbols (vlc, transform) or words (ebpc) of each coder, in the order in which it takes them.
    std::vector<std::vector<int>> values;
    std::vector<std::vector<unsigned>> code_bits;  ///< of these symbols
    bool by_channel = false;                       ///< order: (row, channel, column)

    /// The number of a value in its coder's stream; row: in the map.
    size_t index(uint32_t channel, uint32_t row, uint32_t column) const;
    uint64_t bits_before(uint32_t coder, size_t index) const;
};

/// All bands of a tensor of the first image.
std::vector<GoldenTile> golden_tiles(const Loadable& loadable, const std::string& tensor,
                                     const std::vector<int16_t>& input);

}  // namespace karhunen
