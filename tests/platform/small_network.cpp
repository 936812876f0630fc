#include "tests/platform/small_network.h"

#include <cmath>
#include <random>

namespace karhunen {

namespace {

constexpr uint32_t side = 32;

FloatConvolution convolution(const Network& network, uint32_t input, uint32_t kernel,
                             uint32_t stride, uint32_t channels, std::mt19937& random) {
    FloatConvolution c;
    c.input = input;
    c.input_shape = network.shape(input);
    c.kernel_y = c.kernel_x = kernel;
    c.stride_y = c.stride_x = stride;
    c.padding_top = c.padding_left = kernel / 2;
    c.output_shape = {(c.input_shape.height - 1) / stride + 1,
                      (c.input_shape.width - 1) / stride + 1, channels};
    std::normal_distribution<float> normal(0, std::sqrt(2.0f / static_cast<float>(c.reduction())));
    for (uint32_t i = 0; i < c.reduction() * channels; ++i) c.weights.push_back(normal(random));
    for (uint32_t i = 0; i < channels; ++i) c.bias.push_back(normal(random));
    return c;
}

FloatLayer layer_of(const std::string& name, FloatConvolution convolution) {
    FloatLayer layer;
    layer.name = name;
    layer.output = layer.unpooled = convolution.output_shape;
    layer.convolution = std::move(convolution);
    return layer;
}

}  // namespace

Network small_network(bool deep) {
    std::mt19937 random(7);
    Network n;
    n.input = {side, side, 3};
    FloatLayer stem = layer_of("stem", convolution(n, 0, 3, 1, 16, random));
    stem.pool = PoolWindow{3, 2, 1};
    stem.output = {side / 2, side / 2, 16};
    n.layers.push_back(stem);
    n.layers.push_back(layer_of("a.mid", convolution(n, 1, 3, 1, 16, random)));
    FloatLayer identity = layer_of("a.out", convolution(n, 2, 3, 1, 16, random));
    identity.residual = 1;
    n.layers.push_back(identity);
    n.layers.push_back(layer_of("b.mid", convolution(n, 3, 3, 2, 32, random)));
    FloatLayer shortcut = layer_of("b.out", convolution(n, 4, 3, 1, 32, random));
    shortcut.shortcut = convolution(n, 3, 1, 2, 32, random);
    n.layers.push_back(shortcut);
    if (deep) {
        n.layers.push_back(layer_of("c.mid", convolution(n, 5, 3, 1, 32, random)));
        FloatLayer out = layer_of("c.out", convolution(n, 6, 3, 1, 32, random));
        out.residual = 5;
        n.layers.push_back(out);
        n.layers.push_back(layer_of("d.mid", convolution(n, 7, 3, 1, 32, random)));
        FloatLayer last = layer_of("d.out", convolution(n, 8, 1, 1, 32, random));
        last.residual = 7;
        n.layers.push_back(last);
    }
    const auto end = static_cast<uint32_t>(n.layers.size());
    FloatLayer average;
    average.name = "average";
    average.kind = LayerKind::average_pool;
    average.input = end;
    average.unpooled = n.shape(end);
    average.output = {1, 1, 32};
    average.pool = PoolWindow{side / 4, 1, 0};
    n.layers.push_back(average);
    FloatLayer logits = layer_of("logits", convolution(n, end + 1, 1, 1, 10, random));
    logits.logits = true;
    n.layers.push_back(logits);
    return n;
}

Picture small_picture(unsigned seed) {
    std::mt19937 random(seed);
    Picture picture{side, side, {}};
    const double fx = 0.1 + 0.01 * (random() % 20), fy = 0.1 + 0.01 * (random() % 20);
    for (uint32_t y = 0; y < side; ++y)
        for (uint32_t x = 0; x < side; ++x)
            for (uint32_t c = 0; c < 3; ++c)
                picture.rgb.push_back(static_cast<uint8_t>(
                    128 + 90 * std::sin(fx * x + c) * std::cos(fy * y) + random() % 20));
    return picture;
}

Loadable small_loadable(const SmallOptions& o) {
    CompileOptions options;
    options.codec = o.codec;
    options.quantiser = o.quantiser;
    options.preset = o.preset;
    options.folded = o.folded;
    options.batch = o.batch;
    options.weight_bits = o.weight_bits;
    const BufferConfiguration& b = o.configuration.buffers;
    options.machine.weight_bytes = b.weight_kib * 1024;
    options.machine.activation_bytes = b.activation_kib * 1024;
    options.machine.output_bytes = b.output_kib * 1024;
    options.machine.residual_bytes = b.residual_kib * 1024;
    options.machine.table_bytes = b.table_kib * 1024;
    options.machine.streams = o.configuration.codec.streams;
    std::vector<Picture> pictures;
    for (unsigned i = 0; i < 4; ++i) pictures.push_back(small_picture(100 + i));
    return Loadable::parse(compile(small_network(o.folded), pictures, options), "small");
}

RunOptions small_run(const Loadable& loadable, const SmallOptions& o) {
    RunOptions options;
    options.configuration = o.configuration;
    options.check = true;
    for (uint32_t i = 0; i < o.batch; ++i)
        options.inputs.push_back(input_values(small_picture(i), loadable.input()));
    return options;
}

}  // namespace karhunen
