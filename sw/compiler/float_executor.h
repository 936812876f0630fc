// The network in float: what the integers are measured against, and where calibration learns its
// ranges. Same bits on every host (gemm.h). Maps lie as (row, column, channel).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sw/compiler/gemm.h"
#include "sw/compiler/network.h"

namespace karhunen {

using FloatMap = std::vector<float>;

/// Weights of a convolution, a matrix for each group; those of depthwise and fully connected ones
/// are used as they are.
using PackedWeightsOfGroups = std::vector<PackedMatrix>;

/// A convolution's sums with bias. weights: packed().
FloatMap convolve(const FloatConvolution& convolution, const PackedWeightsOfGroups& weights,
                  const FloatMap& input);
PackedWeightsOfGroups packed(const FloatConvolution& convolution);

/// Padding never wins.
FloatMap max_pooled(const FloatMap& map, const MapShape& from, const PoolWindow& window,
                    const MapShape& to);

class FloatExecutor {
public:
    /// Keeps a reference to the network.
    explicit FloatExecutor(const Network& network);

    struct Values {
        FloatMap result;             ///< before the ReLU, after ceiling and pooling
        FloatMap shortcut;           ///< of the shortcut convolution; empty: there is none
        std::vector<FloatMap> sums;  ///< the layer's input, part by part, rectified
    };
    using Observer = std::function<void(uint32_t layer, const Values& values)>;

    /// The logits for one picture (normalise() of image.h). Several threads may run at once.
    FloatMap run(FloatMap picture, const Observer& observe = {}) const;

private:
    struct Matrices {
        PackedWeightsOfGroups convolution, shortcut;
        std::vector<PackedWeightsOfGroups> beside;
    };
    Values run_layer(uint32_t l, const std::vector<FloatMap>& maps) const;
    FloatMap convolved(uint32_t l, const FloatMap& input, const std::vector<FloatMap>& maps) const;

    const Network& network_;
    std::vector<Matrices> matrices_;
    std::vector<uint32_t> last_reader_;  ///< of each map
};

}  // namespace karhunen
