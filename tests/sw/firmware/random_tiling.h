// Bands, regions and buffers of random layers: just large enough. Base of random_network.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "sw/loadable/writer.h"
#include "tests/sw/firmware/random_network.h"

namespace karhunen {

class RandomTiling {
public:
    RandomTiling(std::mt19937& random, const NetworkChoices& choices)
        : random_(random), choices_(choices) {}

protected:
    struct Pool {
        uint32_t kernel = 1, stride = 1, padding = 0;
        explicit Pool(const krhn_operation& op) {
            if (op.pool)
                kernel = op.pool >> 16, stride = op.pool >> 8 & 255, padding = op.pool & 255;
        }
        uint32_t size(uint32_t n) const { return (n + 2 * padding - kernel) / stride + 1; }
        uint32_t rows_for(uint32_t outputs, uint32_t height) const {
            return std::min(height, (outputs - 1) * stride + kernel - padding);
        }
    };

    uint32_t pick(uint32_t low, uint32_t high) {
        return std::uniform_int_distribution<uint32_t>(low, high)(random_);
    }
    bool chance(uint32_t percent) { return pick(1, 100) <= percent; }

    static bool has_sum(const LayerDraft& layer) {
        return layer.operation[layer.operations - 1].input == KRHN_NONE;
    }

    static uint32_t window(const krhn_operation& op) {
        return ((op.kernel & 255) - 1) * (op.dilation & 255) + 1;
    }

    bool add_bands(const LayerDraft& layer);
    void add_band(const LayerDraft& layer, uint32_t b, uint32_t o);
    /// The least that an operation's input rows need: what is decoded for a band, less what the
    /// band before has released.
    void size_regions(LayerDraft& layer);
    void size_buffers(LayerDraft& layer, bool map_resident);

    std::mt19937& random_;
    NetworkChoices choices_;
    krhn_machine machine_{};
    std::vector<krhn_tensor> tensors_;
    std::vector<krhn_band> bands_;
};

}  // namespace karhunen
