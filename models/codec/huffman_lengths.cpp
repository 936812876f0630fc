#include "models/codec/huffman_lengths.h"

#include <algorithm>
#include <numeric>

namespace karhunen {

// A level is the sorted union of all symbols and of the packages, which are neighbouring pairs of
// the level before. The 2n-2 cheapest items of the last level are the solution: a symbol's length
// is the number of levels at which it is among the items chosen.
std::vector<uint8_t> huffman_lengths(std::span<const uint64_t> weights, unsigned limit) {
    const size_t n = weights.size();
    std::vector<uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    // Of equal weights the later symbol counts as the smaller and gets the longer code.
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        return weights[a] != weights[b] ? weights[a] < weights[b] : a > b;
    });

    std::vector<std::vector<bool>> is_package(limit);
    std::vector<uint64_t> level, next;
    for (unsigned l = 0; l < limit; ++l) {
        next.clear();
        size_t symbol = 0, package = 0;
        const size_t packages = level.size() / 2;
        while (symbol < n || package < packages) {
            const uint64_t pair =
                package < packages ? level[2 * package] + level[2 * package + 1] : UINT64_MAX;
            const bool takes_symbol = symbol < n && weights[order[symbol]] <= pair;
            is_package[l].push_back(!takes_symbol);
            next.push_back(takes_symbol ? weights[order[symbol]] : pair);
            ++(takes_symbol ? symbol : package);
        }
        level.swap(next);
    }

    std::vector<uint8_t> lengths(n, 0);
    size_t chosen = 2 * n - 2;
    for (unsigned l = limit; l-- > 0 && chosen > 0;) {
        const auto packages = static_cast<size_t>(
            std::count(is_package[l].begin(), is_package[l].begin() + chosen, true));
        for (size_t i = 0; i < chosen - packages; ++i) ++lengths[order[i]];
        chosen = 2 * packages;
    }
    return lengths;
}

}  // namespace karhunen
