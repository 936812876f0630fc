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

    /// The map that goes to the encoder. maps: decoded maps, as numbered in network.h. Several
    /// threads may run at once.
    IntegerMap run(std::span<const IntegerMap> maps) const;

private:
    IntegerMap convolve(const FloatConvolution& shape, const QuantisedConvolution& quantised,
                        const PreparedWeights& weights, const IntegerMap& input, Format format,
                        bool relu, const IntegerMap* residual) const;
    IntegerMap pooled(const IntegerMap& map) const;
    IntegerMap summed(std::span<const IntegerMap> maps) const;

    const FloatLayer& layer_;
    const QuantisedLayer& quantised_;
    std::unique_ptr<PreparedWeights> convolution_, shortcut_;
};

}  // namespace karhunen
