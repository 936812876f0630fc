#include "sw/golden/layer.h"

#include <algorithm>
#include <cstring>

#include <karhunen/registers.h>

#include "models/arithmetic/packed_weights.h"
#include "models/arithmetic/pooling.h"
#include "models/arithmetic/requantise.h"

namespace karhunen {

namespace {

// Output pixels taken at once: enough for the convolution's tiles, and the sums stay in the cache.
constexpr uint32_t run_pixels = 448;

Requantisation requantisation(const krhn_operation& op) {
    return {op.shift, static_cast<Format>(op.format), (op.post_flags & KRHN_POST_RELU) != 0,
            static_cast<int32_t>(op.residual_multiplier)};
}

}  // namespace

GoldenLayer::GoldenLayer(const Loadable& loadable, const krhn_layer& layer, bool naive)
    : loadable_(loadable), layer_(layer), naive_(naive) {
    for (uint32_t o = 0; o < layer.operations; ++o) load_chunks(o);
}

void GoldenLayer::load_chunks(uint32_t o) {
    const krhn_operation& op = loadable_.operation(layer_, o);
    if (op.kind != KRHN_ARRAY_CONVOLUTION) return;
    const ConvolutionShape shape = shape_of(o);
    for (uint32_t i = 0; i < op.chunks; ++i) {
        const uint32_t n = loadable_.chunk_channels(op, i);
        const uint8_t* bytes = loadable_.chunk(op, i).data();
        const uint8_t* weights = bytes + size_t{n} * 8;
        WeightChunk chunk{n,
                          std::vector<int32_t>(n),
                          std::vector<int32_t>(n),
                          {},
                          reinterpret_cast<const int8_t*>(weights),
                          nullptr};
        if (KRHN_ARRAY_WEIGHT_BITS(op.array_flags) == 4) {
            chunk.unpacked = unpack_four_bits(weights, size_t{n} * shape.reduction());
            chunk.weights = chunk.unpacked.data();  // moves with it
        }
        std::memcpy(chunk.bias.data(), bytes, size_t{n} * 4);
        std::memcpy(chunk.multiplier.data(), bytes + size_t{n} * 4, size_t{n} * 4);
        if (!naive_)
            chunk.packed =
                std::make_unique<PreparedWeights>(chunk.weights, shape, i * op.chunk_channels, n);
        chunks_[o].push_back(std::move(chunk));
    }
}

ConvolutionShape GoldenLayer::shape_of(uint32_t o) const {
    const krhn_operation& op = loadable_.operation(layer_, o);
    const OperationInput map = loadable_.input(layer_, o);
    const Axes kernel(op.kernel), stride(op.stride), padding(op.padding), dilation(op.dilation);
    return {.width = map.width,
            .channels = map.channels,
            .kernel_y = kernel.y,
            .kernel_x = kernel.x,
            .stride_y = stride.y,
            .stride_x = stride.x,
            .padding_left = padding.x,
            .output_width = op.conv_width,
            .dilation_y = dilation.y,
            .dilation_x = dilation.x,
            .groups = op.groups,
            .output_channels = op.channels};
}

std::vector<int16_t> GoldenLayer::run(std::span<const std::span<const int16_t>> maps) const {
    std::vector<int16_t> to_residual, to_input, result;
    for (uint32_t o = 0; o < layer_.operations; ++o) {
        const krhn_operation& op = loadable_.operation(layer_, o);
        const std::span<const int16_t> input = op.input == KRHN_NONE ? to_input : maps[op.input];
        std::span<const int16_t> residual;
        if (op.post_flags & KRHN_POST_RESIDUAL)  // the decoder's rows are in region 0
            residual = layer_.residual == KRHN_NONE || op.residual_region ? to_residual
                                                                          : maps[layer_.residual];
        std::vector<int16_t> made =
            op.kind == KRHN_ARRAY_PASS ? pass(op, input, residual) : convolve(o, input, residual);
        if (op.post_flags & KRHN_POST_TO_RESIDUAL)
            to_residual = std::move(made);
        else if (op.post_flags & KRHN_POST_TO_INPUT)
            to_input = std::move(made);
        else
            join(op, std::move(made), result);
    }
    return result;
}

/// Puts the channels that an operation makes where they belong in the output map.
void GoldenLayer::join(const krhn_operation& op, std::vector<int16_t> made,
                       std::vector<int16_t>& map) const {
    const uint32_t channels = loadable_.tensors()[layer_.output].channels;
    if (op.channels == channels) {
        map = std::move(made);
        return;
    }
    const uint32_t words = words_of(static_cast<Format>(op.format));
    const size_t from = size_t{op.channels} * words, to = size_t{channels} * words;
    const size_t pixels = made.size() / from;
    map.resize(pixels * to);
    for (size_t p = 0; p < pixels; ++p)
        std::copy_n(&made[p * from], from, &map[p * to + size_t{op.first_channel} * words]);
}

std::vector<int16_t> GoldenLayer::convolve(uint32_t o, std::span<const int16_t> input,
                                           std::span<const int16_t> residual) const {
    const krhn_operation& op = loadable_.operation(layer_, o);
    const OperationInput map = loadable_.input(layer_, o);
    const Axes stride(op.stride), padding(op.padding);
    const ConvolutionShape shape = shape_of(o);
    const Requantisation parameters = requantisation(op);
    const uint32_t words = words_of(parameters.format);
    const size_t pixel = size_t{op.channels} * words, row = op.conv_width * pixel;
    std::vector<int16_t> result(op.conv_height * row);
    const uint32_t run_rows = std::max(1u, run_pixels / op.conv_width);

    Patches patches;
    std::vector<int32_t> sums;
    std::vector<const int16_t*> rows;
    for (uint32_t first = 0; first < op.conv_height; first += run_rows) {
        const uint32_t output_rows = std::min(run_rows, op.conv_height - first);
        rows.assign((output_rows - 1) * stride.y + shape.window_rows(), nullptr);
        for (size_t i = 0; i < rows.size(); ++i) {
            const int64_t y = int64_t{first} * stride.y - padding.y + static_cast<int64_t>(i);
            if (y >= 0 && y < map.height) rows[i] = &input[y * map.width * map.channels];
        }
        if (!naive_) patches.gather(shape, rows, output_rows);
        const uint32_t pixels = output_rows * op.conv_width;
        uint32_t channel = 0;
        for (const WeightChunk& chunk : chunks_[o]) {
            sums.resize(size_t{pixels} * chunk.channels);
            if (naive_)
                convolve_naive(shape, rows, output_rows, chunk.weights, chunk.channels, sums.data(),
                               channel);
            else
                multiply(patches, *chunk.packed, sums.data());
            const size_t at = first * row + size_t{channel} * words;
            requantise_row(parameters, sums.data(), chunk.bias.data(), chunk.multiplier.data(),
                           pixels, chunk.channels, residual.empty() ? nullptr : &residual[at],
                           op.channels, &result[at], static_cast<uint32_t>(pixel));
            channel += chunk.channels;
        }
    }
    return op.post_flags & KRHN_POST_MAX_POOL ? pool(op, result) : result;
}

std::vector<int16_t> GoldenLayer::pass(const krhn_operation& op, std::span<const int16_t> input,
                                       std::span<const int16_t> residual) const {
    if (op.post_flags & KRHN_POST_AVERAGE_POOL) return pool(op, input);
    const Requantisation parameters = requantisation(op);
    const std::vector<int32_t> sums(input.begin(), input.end()), bias(op.channels);
    const std::vector<int32_t> multiplier(op.channels, static_cast<int32_t>(op.multiplier));
    const uint32_t words = words_of(parameters.format);
    std::vector<int16_t> result(input.size() * words);
    requantise_row(parameters, sums.data(), bias.data(), multiplier.data(),
                   op.conv_height * op.conv_width, op.channels,
                   residual.empty() ? nullptr : residual.data(), op.channels, result.data(),
                   op.channels * words);
    return op.post_flags & KRHN_POST_MAX_POOL ? pool(op, result) : result;
}

std::vector<int16_t> GoldenLayer::pool(const krhn_operation& op,
                                       std::span<const int16_t> map) const {
    const PoolShape shape{.kernel = op.pool >> 16 & 0xFF,
                          .stride = op.pool >> 8 & 0xFF,
                          .padding = op.pool & 0xFF,
                          .height = op.conv_height,
                          .width = op.conv_width,
                          .channels = op.channels,
                          .partial = (op.pool & KRHN_POOL_PARTIAL) != 0};
    const uint32_t words =
        op.post_flags & KRHN_POST_MAX_POOL ? 1 : words_of(static_cast<Format>(op.format));
    const size_t output_row = size_t{shape.output_width()} * shape.channels * words;
    std::vector<int16_t> result(shape.output_height() * output_row);
    std::vector<const int16_t*> window(shape.kernel);
    for (uint32_t y = 0; y < shape.output_height(); ++y) {
        for (uint32_t i = 0; i < shape.kernel; ++i) {
            const int64_t row = int64_t{y} * shape.stride - shape.padding + i;
            window[i] =
                row >= 0 && row < shape.height ? &map[row * shape.width * shape.channels] : nullptr;
        }
        int16_t* to = &result[y * output_row];
        if (op.post_flags & KRHN_POST_MAX_POOL)
            max_pool_row(shape, window, to);
        else
            average_pool_row(shape, window, static_cast<int32_t>(op.multiplier), requantisation(op),
                             to);
    }
    return result;
}

}  // namespace karhunen
