// One layer on whole maps: from decoded inputs to the values that the encoder takes.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/arithmetic/convolution.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// A layer with its weights brought into the form of the arithmetic. Immutable after construction.
class GoldenLayer {
public:
    GoldenLayer(const Loadable& loadable, const krhn_layer& layer, bool naive);

    /// maps: decoded values per tensor, filled for the tensors that the layer reads.
    /// Result: (row, column, channel) in the output tensor's stored format.
    std::vector<int16_t> run(std::span<const std::span<const int16_t>> maps) const;

private:
    struct WeightChunk {
        uint32_t channels;
        std::vector<int32_t> bias, multiplier;
        std::vector<int8_t> unpacked;             ///< weights, if the file has 4 bits of each
        const int8_t* weights;                    ///< [reduction][channels]
        std::unique_ptr<PreparedWeights> packed;  ///< absent in naive mode
    };
    /// Before pooling: conv_height x conv_width x channels in the operation's format.
    std::vector<int16_t> convolve(uint32_t o, std::span<const int16_t> input,
                                  std::span<const int16_t> residual) const;
    std::vector<int16_t> pass(const krhn_operation& op, std::span<const int16_t> input,
                              std::span<const int16_t> residual) const;
    std::vector<int16_t> pool(const krhn_operation& op, std::span<const int16_t> map) const;
    void join(const krhn_operation& op, std::vector<int16_t> made, std::vector<int16_t>& map) const;
    ConvolutionShape shape_of(uint32_t o) const;
    void load_chunks(uint32_t o);

    const Loadable& loadable_;
    const krhn_layer& layer_;
    bool naive_;
    std::vector<WeightChunk> chunks_[KRHN_MAX_OPERATIONS];
};

}  // namespace karhunen
