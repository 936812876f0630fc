#include "sw/compiler/network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <karhunen/loadable.h>

#include "sw/compiler/error.h"

namespace karhunen {

void store_before_pooling(Network& network, uint32_t l) {
    FloatLayer& layer = network.layers[l];
    if (layer.kind != LayerKind::convolution || !layer.pool) return;
    FloatLayer pooling;
    pooling.name = layer.name + ".pool";
    pooling.kind = LayerKind::max_pool;
    pooling.input = l + 1;
    pooling.pool = layer.pool;
    pooling.unpooled = layer.unpooled;
    pooling.output = layer.output;
    pooling.rectified = layer.rectified;
    layer.output = layer.unpooled;
    layer.pool.reset();
    // Readers of this layer's map now read the new layer's; every later map moves up by one.
    const auto moved = [&](uint32_t& map) { map += map > l; };
    for (uint32_t i = l + 1; i < network.layers.size(); ++i) {
        FloatLayer& later = network.layers[i];
        moved(later.input);
        moved(later.convolution.input);
        for (FloatConvolution& c : later.beside) moved(c.input);
        if (later.shortcut) moved(later.shortcut->input);
        if (later.residual) moved(*later.residual);
        for (uint32_t& map : later.sum) moved(map);
    }
    network.layers.insert(network.layers.begin() + l + 1, std::move(pooling));
}

namespace {

FloatLayer shortcut_of(FloatLayer& layer) {
    FloatLayer shortcut;
    shortcut.name = layer.name + ".shortcut";
    shortcut.before_add = true;
    shortcut.convolution = std::move(*layer.shortcut);
    shortcut.output = shortcut.unpooled = shortcut.convolution.output_shape;
    layer.shortcut.reset();
    return shortcut;
}

}  // namespace

void store_before_add(Network& network) {
    std::vector<FloatLayer> layers;
    std::vector<std::vector<uint32_t>> parts{{0}};  // of each old map, as numbered now
    const auto store = [&](FloatLayer layer) {
        uint32_t& input =
            layer.kind == LayerKind::convolution ? layer.convolution.input : layer.input;
        const std::vector<uint32_t>& from = parts[input];
        input = from.back();
        if (from.size() > 1) layer.sum = from;
        layers.push_back(std::move(layer));
        return static_cast<uint32_t>(layers.size());
    };
    for (FloatLayer& layer : network.layers) {
        // Sums are rectified, without a ceiling; what else there is has no such form.
        const bool adds = layer.shortcut || layer.residual;
        if (!layer.beside.empty() || (adds && !(layer.rectified && std::isinf(layer.ceiling))))
            throw CompileError("layer " + layer.name +
                               ": only sums that end in a ReLU, and no concatenations, can be "
                               "stored before the addition");
        std::vector<uint32_t> sum;
        if (layer.shortcut)
            sum.push_back(store(shortcut_of(layer)));
        else if (layer.residual)
            sum = parts[*layer.residual];
        layer.before_add = !sum.empty();
        layer.residual.reset();
        if (layer.before_add && layer.pool)
            throw CompileError("layer " + layer.name +
                               ": a sum that is pooled cannot be stored before the addition");
        sum.push_back(store(std::move(layer)));
        if (sum.size() > KRHN_MAX_OPERATIONS)
            throw CompileError("layer " + layers.back().name + " adds to a sum of " +
                               std::to_string(sum.size() - 1) +
                               " maps stored before their additions; a layer takes up to " +
                               std::to_string(KRHN_MAX_OPERATIONS) + " operands");
        parts.push_back(std::move(sum));
    }
    network.layers = std::move(layers);
}

void set_weight_bits(Network& network, uint32_t bits) {
    const auto set = [bits](FloatConvolution& c) {
        if (c.input != 0 && c.group_channels() > 1) c.weight_bits = bits;
    };
    const auto has_weights = [](const FloatLayer& l) { return l.kind == LayerKind::convolution; };
    const auto last = std::find_if(network.layers.rbegin(), network.layers.rend(), has_weights);
    if (last == network.layers.rend()) return;
    for (FloatLayer& layer : network.layers) {
        if (&layer == &*last) break;
        set(layer.convolution);
        for (FloatConvolution& c : layer.beside) set(c);
        if (layer.shortcut) set(*layer.shortcut);
    }
}

std::vector<uint32_t> last_readers(const Network& network) {
    std::vector<uint32_t> result(network.layers.size() + 1, 0);
    for (uint32_t l = 0; l < network.layers.size(); ++l) {
        const FloatLayer& layer = network.layers[l];
        result[input_of(layer)] = l;
        for (const uint32_t map : layer.sum) result[map] = l;
        for (const FloatConvolution& c : layer.beside) result[c.input] = l;
        if (layer.shortcut) result[layer.shortcut->input] = l;
        if (layer.residual) result[*layer.residual] = l;
    }
    return result;
}

}  // namespace karhunen
