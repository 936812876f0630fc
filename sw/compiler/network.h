// A network as the machine sees it, still in float: a list of layers, each of which makes one map
// that is stored. Maps and weights lie as (row, column, channel).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace karhunen {

struct MapShape {
    uint32_t height = 0, width = 0, channels = 0;
    uint64_t values() const { return uint64_t{height} * width * channels; }
    bool operator==(const MapShape&) const = default;
};

struct FloatConvolution {
    uint32_t input = 0;  ///< map: 0 is the picture, l + 1 the result of layer l (FloatLayer::sum)
    MapShape input_shape;
    uint32_t kernel_y = 1, kernel_x = 1;
    uint32_t stride_y = 1, stride_x = 1;
    uint32_t padding_top = 0, padding_left = 0;  ///< bottom and right follow from the output
    uint32_t dilation_y = 1, dilation_x = 1;
    uint32_t groups = 1;
    MapShape output_shape;
    /// [kernel_y][kernel_x][input channel of the group][output channel]
    std::vector<float> weights;
    std::vector<float> bias;   ///< [output channel]
    uint32_t weight_bits = 8;  ///< of a weight in the machine, 8 or 4

    uint32_t group_channels() const { return input_shape.channels / groups; }
    uint32_t reduction() const { return kernel_y * kernel_x * group_channels(); }
    uint32_t window_rows() const { return (kernel_y - 1) * dilation_y + 1; }
};

struct PoolWindow {
    uint32_t kernel = 1, stride = 1, padding = 0;  ///< square
    bool partial = false;  ///< windows may end behind the padding if they begin before it
};

enum class LayerKind {
    convolution,   ///< [max_pool](relu(convolution [+ residual]))
    max_pool,      ///< of a stored map
    average_pool,  ///< of a stored map
};

struct FloatLayer {
    std::string name;
    uint32_t node = 0;  ///< of the graph, whose value the stored map is
    LayerKind kind = LayerKind::convolution;
    bool logits = false;
    bool before_add = false;  ///< stored before the ReLU: part of sums
    bool rectified = true;    ///< the map has no negative values; convolutions end in a ReLU
    float ceiling = std::numeric_limits<float>::infinity();  ///< values are clipped there (ReLU6)
    uint32_t input = 0;                                      ///< map that a pooling layer takes
    /// Maps; the layer's input is relu(.. relu(sum[0] + sum[1]) + ..), `input` the last of them.
    /// Empty: `input` alone.
    std::vector<uint32_t> sum;
    FloatConvolution convolution;  ///< of kind convolution; fully connected: kernel = map
    /// More convolutions of the same rows and columns; their channels follow in the map (Concat).
    std::vector<FloatConvolution> beside;
    std::optional<FloatConvolution> shortcut;  ///< its result is added before the ReLU
    std::optional<uint32_t> residual;          ///< map that is added before the ReLU
    std::optional<PoolWindow> pool;
    MapShape unpooled;  ///< what is pooled, or the output
    MapShape output;
};

/// The map that the layer takes, or the last of a sum.
inline uint32_t input_of(const FloatLayer& layer) {
    return layer.kind == LayerKind::convolution ? layer.convolution.input : layer.input;
}

/// Whether the layer's map is rectified.
inline bool has_relu(const FloatLayer& layer) {
    return layer.rectified && !layer.logits && !layer.before_add;
}

/// A layer whose map is coded and counted in the rates.
inline bool is_coded(const FloatLayer& layer) {
    return layer.kind == LayerKind::convolution && !layer.logits;
}

struct Network {
    MapShape input;  ///< of the picture
    /// What the model itself does with a picture: factor * value + offset, per channel. Empty:
    /// nothing.
    std::vector<float> picture_factor, picture_offset;
    /// Pixels that a picture's shorter side is brought to before the crop. 0: 8/7 of the crop, as
    /// is usual for ImageNet.
    uint32_t shorter_side = 0;
    std::vector<FloatLayer> layers;

    const MapShape& shape(uint32_t map) const { return map == 0 ? input : layers[map - 1].output; }
};

/// Gives the fused max-pooling of `layer` a layer of its own, so that the map before it is stored.
/// No effect on other layers.
void store_before_pooling(Network& network, uint32_t layer);

/// Stores every convolution's map before a residual is added; the layers that read the sum make it
/// of its parts. Shortcut convolutions become layers. Throws CompileError naming the layer where a
/// sum has more parts than a layer takes, or is pooled before it is stored.
void store_before_add(Network& network);

/// Gives all convolutions weights of so many bits, but for those of the picture, those of the last
/// layer that has weights, and depthwise ones: few weights, in which rounding does much harm.
void set_weight_bits(Network& network, uint32_t bits);

/// For each map the last layer that reads it.
std::vector<uint32_t> last_readers(const Network& network);

}  // namespace karhunen
