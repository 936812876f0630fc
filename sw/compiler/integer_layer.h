// One quantised layer in the machine's arithmetic, a whole map at a time: what calibration needs to
// see the maps as the machine will make them.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/arithmetic/convolution.h"
#include "sw/compiler/quantise.h"

namespace karhunen {

using IntegerMap = std::vector<int16_t>;  ///< (row, column, channel)

class IntegerLayer {
public:
    /// Keeps references to both.
    IntegerLayer(const FloatLayer& layer, const QuantisedLayer& quantised);

    /// A layer's input, which is a sum of stored maps.
    static IntegerMap summed(const FloatLayer& layer, const QuantisedLayer& quantised,
                             std::span<const IntegerMap> maps);
    /// The map that goes to the encoder. maps: decoded maps, as numbered in network.h. Several
    /// threads may run at once.
    IntegerMap run(std::span<const IntegerMap> maps) const;

private:
    /// Where a convolution's channels go.
    struct Destination {
        IntegerMap* map;
        uint32_t channels, first;  ///< of the map, and of them the convolution's first
        Format format;
        bool relu;
    };
    void convolve(const FloatConvolution& c, const QuantisedConvolution& quantised,
                  const PreparedWeights& weights, const IntegerMap& input,
                  const IntegerMap* residual, const Destination& to) const;
    IntegerMap pooled(const IntegerMap& map) const;

    const FloatLayer& layer_;
    const QuantisedLayer& quantised_;
    std::unique_ptr<PreparedWeights> convolution_, shortcut_;
    std::vector<std::unique_ptr<PreparedWeights>> beside_;
};

}  // namespace karhunen
