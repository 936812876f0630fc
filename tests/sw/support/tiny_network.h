// A network of six layers that fits on a page, with everything a loadable can say: max pooling
// fused into the stem, chunks of unequal size, bands, a map-resident layer with a shortcut
// convolution, an identity residual, `vlc` and `transform` maps, average pooling without weights,
// int32 logits.
//
//   0 picture 9x9x3 s8 -> stem 3x3 + max pool -> 1 -> conv 3x3/2 -> 2 -> conv 3x3 + shortcut 1x1/2
//   of 1 -> 3 (transform) -> conv 3x3 + identity of 3 -> 4 (vlc) -> average -> 5 -> fc -> 6 logits
#pragma once

#include <string>
#include <vector>

#include "sw/loadable/writer.h"

namespace karhunen {

/// Weights before they are packed into chunks.
struct TinyConvolution {
    uint32_t output_channels, input_channels, kernel;
    std::vector<int8_t> weights;  ///< [output channel][input channel][row][column], as in ONNX
    std::vector<int32_t> bias, multiplier;
};

/// The parts of the file as plain structs: tests spoil one and see what the reader says.
struct TinyNetwork {
    /// weight_bits: 8, or 4 in all layers but the first.
    explicit TinyNetwork(uint32_t seed = 1, uint32_t batch = 1, uint32_t weight_bits = 8);

    std::vector<uint8_t> file() const;
    LoadableWriter writer() const;
    /// Where section TABLES begins in the file.
    uint32_t tables_offset() const;
    /// A random picture: values of tensor 0.
    std::vector<int16_t> picture(uint32_t seed) const;

    krhn_machine machine{};
    krhn_input input{};
    std::vector<krhn_tensor> tensors;
    std::vector<LayerDraft> layers;
    std::vector<krhn_band> bands;
    std::string strings;
    std::vector<uint8_t> weights, tables;
    uint32_t batch;
    uint64_t memory_bytes = 0;
    std::vector<TinyConvolution> convolutions;  ///< in the order of the operations with weights

private:
    uint32_t add_name(const std::string& name);
    void add_tensor(const std::string& name, uint32_t size, uint32_t channels, uint32_t format,
                    uint32_t codec, uint32_t band_rows);
    krhn_operation convolution(uint32_t input, uint32_t channels, uint32_t kernel, uint32_t stride,
                               uint32_t format, uint32_t post_flags, uint32_t chunk_channels);
    void pack(krhn_operation& op, const TinyConvolution& c);
    LayerDraft& add_layer(const std::string& name, uint32_t output,
                          std::vector<krhn_operation> operations);
    void add_bands(LayerDraft& layer);
    void add_table(uint32_t tensor);
    void place();

    uint32_t seed_, weight_bits_;
};

}  // namespace karhunen
