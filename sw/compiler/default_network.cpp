#include "sw/compiler/default_network.h"

#include <algorithm>
#include <cmath>

#include "sw/compiler/float_executor.h"
#include "sw/compiler/parallel.h"

namespace karhunen {

namespace {

/// Random number `index` of stream `stream` (SplitMix64's output function over a counter).
uint64_t bits_of(uint64_t seed, uint64_t stream, uint64_t index) {
    uint64_t z = seed * 0xD1342543DE82EF95ull + stream * 0x2545F4914F6CDD1Dull +
                 (index + 1) * 0x9E3779B97F4A7C15ull;
    for (int round = 0; round < 2; ++round) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        z ^= z >> 31;
    }
    return z;
}

double uniform(uint64_t seed, uint64_t stream, uint64_t index) {
    return static_cast<double>(bits_of(seed, stream, index) >> 11) / (1ull << 53);
}

/// About normal, mean 0, deviation 1: the sum of twelve uniform numbers (Irwin-Hall), which needs
/// no function of the C library, so that all hosts get the same bits.
double normal(uint64_t seed, uint64_t stream, uint64_t index) {
    double sum = -6;
    for (uint64_t i = 0; i < 12; ++i) sum += uniform(seed, stream, 12 * index + i);
    return sum;
}

FloatConvolution made_convolution(uint64_t seed, uint64_t stream, uint32_t input, MapShape in,
                                  uint32_t channels, uint32_t kernel, uint32_t stride) {
    FloatConvolution c;
    c.input = input;
    c.input_shape = in;
    c.kernel_y = c.kernel_x = kernel;
    c.stride_y = c.stride_x = stride;
    c.padding_top = c.padding_left = kernel / 2;
    c.output_shape = {(in.height - 1) / stride + 1, (in.width - 1) / stride + 1, channels};
    c.bias.assign(channels, 0.0f);
    c.weights.resize(std::size_t{c.reduction()} * channels);
    const double deviation = std::sqrt(2.0 / c.reduction());  // He et al., 2015
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        c.weights[i] = static_cast<float>(deviation * normal(seed, stream, i));
    return c;
}

/// ResNet-18, weights only.
class Builder {
public:
    explicit Builder(uint64_t seed) : seed_(seed) {}

    Network run() {
        network_.input = {224, 224, 3};
        FloatLayer& first = add("conv1", 0, 64, 7, 2);
        first.pool = PoolWindow{3, 2, 1};
        first.output = {56, 56, 64};
        for (uint32_t stage = 0; stage < 4; ++stage)
            for (uint32_t b = 0; b < 2; ++b)
                block("layer" + std::to_string(stage + 1) + "." + std::to_string(b), 64u << stage,
                      stage > 0 && b == 0);
        FloatLayer average;
        average.name = "avgpool";
        average.kind = LayerKind::average_pool;
        average.input = last();
        average.unpooled = network_.shape(last());
        average.pool = PoolWindow{average.unpooled.height, 1, 0};
        average.output = {1, 1, average.unpooled.channels};
        network_.layers.push_back(average);
        add("fc", last(), 1000, 1, 1).logits = true;
        return std::move(network_);
    }

private:
    uint32_t last() const { return static_cast<uint32_t>(network_.layers.size()); }

    FloatLayer& add(const std::string& name, uint32_t input, uint32_t channels, uint32_t kernel,
                    uint32_t stride) {
        FloatLayer layer;
        layer.name = name;
        layer.convolution = made_convolution(seed_, stream_++, input, network_.shape(input),
                                             channels, kernel, stride);
        layer.unpooled = layer.output = layer.convolution.output_shape;
        network_.layers.push_back(std::move(layer));
        return network_.layers.back();
    }

    void block(const std::string& name, uint32_t channels, bool shrinks) {
        const uint32_t input = last(), stride = shrinks ? 2 : 1;
        add(name + ".conv1", input, channels, 3, stride);
        FloatLayer& second = add(name + ".conv2", last(), channels, 3, 1);
        if (shrinks)
            second.shortcut = made_convolution(seed_, stream_++, input, network_.shape(input),
                                               channels, 1, stride);
        else
            second.residual = input;
    }

    const uint64_t seed_;
    uint64_t stream_ = 0;
    Network network_;
};

/// Scales and shifts each channel of the convolution so that its sums, given for every picture, get
/// mean `bias` and deviation `gain`, drawn per channel as training would leave them spread.
void fit(FloatConvolution& c, std::vector<FloatMap>& sums, uint64_t seed, uint64_t stream) {
    const uint32_t channels = c.output_shape.channels;
    std::vector<double> total(channels), squares(channels), gain(channels), shift(channels);
    for (const FloatMap& map : sums)
        for (std::size_t i = 0; i < map.size(); ++i) {
            total[i % channels] += map[i];
            squares[i % channels] += static_cast<double>(map[i]) * map[i];
        }
    const double count = static_cast<double>(sums.size()) * c.output_shape.values() / channels;
    for (uint32_t n = 0; n < channels; ++n) {
        const double mean = total[n] / count;
        const double variance = std::max(squares[n] / count - mean * mean, 1e-12);
        gain[n] = (0.5 + uniform(seed, stream, 2 * n)) / std::sqrt(variance);
        shift[n] = 0.6 * (uniform(seed, stream, 2 * n + 1) - 0.5) - mean * gain[n];
        c.bias[n] = static_cast<float>(shift[n]);
    }
    for (std::size_t i = 0; i < c.weights.size(); ++i)
        c.weights[i] = static_cast<float>(c.weights[i] * gain[i % channels]);
    for (FloatMap& map : sums)
        for (std::size_t i = 0; i < map.size(); ++i)
            map[i] = static_cast<float>(map[i] * gain[i % channels] + shift[i % channels]);
}

}  // namespace

Network default_network(uint64_t seed, unsigned threads) {
    constexpr uint32_t pictures = 4;
    constexpr uint64_t fitting_streams = 1000;
    Network network = Builder(seed).run();
    const krhn_input input = imagenet_input(network.input.height);
    std::vector<std::vector<FloatMap>> maps(network.layers.size() + 1,
                                            std::vector<FloatMap>(pictures));
    for_each_index(pictures, threads, [&](std::size_t i) {
        maps[0][i] = normalise(generated_picture(seed + i), input);
    });
    const auto fitted = [&](FloatConvolution& c, uint64_t stream) {
        std::vector<FloatMap> sums(pictures);
        const PackedWeightsOfGroups matrix = packed(c);
        for_each_index(pictures, threads,
                       [&](std::size_t i) { sums[i] = convolve(c, matrix, maps[c.input][i]); });
        fit(c, sums, seed, fitting_streams + stream);
        return sums;
    };
    for (uint32_t l = 0; l + 2 < network.layers.size(); ++l) {  // not the pooling and the logits
        FloatLayer& layer = network.layers[l];
        std::vector<FloatMap>& result = maps[l + 1] = fitted(layer.convolution, 2 * l);
        std::vector<FloatMap> other;
        if (layer.shortcut) other = fitted(*layer.shortcut, 2 * l + 1);
        for_each_index(pictures, threads, [&](std::size_t i) {
            const FloatMap* added = layer.shortcut   ? &other[i]
                                    : layer.residual ? &maps[*layer.residual][i]
                                                     : nullptr;
            for (std::size_t v = 0; v < result[i].size(); ++v)
                result[i][v] = std::max(0.0f, result[i][v] + (added ? (*added)[v] : 0.0f));
            if (layer.pool)
                result[i] = max_pooled(result[i], layer.unpooled, *layer.pool, layer.output);
        });
    }
    return network;
}

Picture generated_picture(uint64_t seed, uint32_t size) {
    constexpr uint32_t discs = 12;
    const auto random = [&](uint64_t stream, uint64_t index) {
        return uniform(seed, stream, index);
    };
    Picture picture{size, size, std::vector<uint8_t>(std::size_t{3} * size * size)};
    for (uint32_t y = 0; y < size; ++y)
        for (uint32_t x = 0; x < size; ++x) {
            const double u = (x + 0.5) / size, v = (y + 0.5) / size;
            double colour[3];
            for (int c = 0; c < 3; ++c)  // a gradient as background
                colour[c] = random(0, c) + (random(1, c) - 0.5) * u + (random(2, c) - 0.5) * v;
            for (uint32_t d = 0; d < discs; ++d) {
                const double dx = u - random(3, d), dy = v - random(4, d);
                const double radius = 0.04 + 0.18 * random(5, d);
                const double inside = dx * dx + dy * dy - radius * radius;
                if (inside > 0) continue;
                const double shade = 1 + 0.5 * inside / (radius * radius);
                const double turn = 20 + 60 * random(6, d);
                const double across = turn * (random(7, d) * u + (1 - random(7, d)) * v);
                const bool dark = d % 2 && across - std::floor(across) < 0.5;
                for (int c = 0; c < 3; ++c)
                    colour[c] = shade * (dark ? 0.3 : 1.0) * random(8 + c, d);
            }
            for (int c = 0; c < 3; ++c) {
                const std::size_t at = std::size_t{3} * (std::size_t{y} * size + x) + c;
                const double grain = 0.06 * (random(20, at) - 0.5);
                picture.rgb[at] =
                    static_cast<uint8_t>(std::clamp(255 * (colour[c] + grain) + 0.5, 0.0, 255.0));
            }
        }
    return picture;
}

std::vector<Picture> generated_pictures(uint32_t count, uint32_t size) {
    std::vector<Picture> pictures;
    for (uint32_t i = 0; i < count; ++i) pictures.push_back(generated_picture(1 + i, size));
    return pictures;
}

}  // namespace karhunen
